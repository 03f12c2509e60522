import { type Dimension, notKnown } from '../compiled/claim.ts';
import type { KnownFacts } from '../known-facts.ts';
import { list, word } from '../schema.ts';
import { type RiskLevel, riskLevels } from '../sign-in-facts.ts';
import { readList, wordReader } from '../wire.ts';
import type { Condition } from './condition.ts';
import { oneOf } from './lists.ts';

// `hidden` and `unknownFutureValue` are documented words that no sign-in ever has.
const words = [...riskLevels, 'hidden', 'unknownFutureValue'] as const;
const readLevel = wordReader(words);

export const riskSchema = list(word(words));

/** @see Graph: riskLevel */
export function riskReader(
  fact: (facts: KnownFacts) => RiskLevel | undefined,
): (value: unknown) => Condition {
  const levelOf: Dimension = (facts) => fact(facts) ?? notKnown;
  return (value) => {
    const listed = readList(value, readLevel);
    return oneOf<string>(new Set(listed.entries), listed.unreadable, fact, levelOf);
  };
}
