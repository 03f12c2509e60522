import { type Dimension, notKnown } from '../compiled/claim.ts';
import { flags } from '../schema.ts';
import { readFlags, wordReader } from '../wire.ts';
import type { ConditionDefinition } from './condition.ts';
import { oneOf } from './lists.ts';

// `none` is no level a policy can list.
const levelOf: Dimension = (facts) => facts.insiderRiskLevel ?? notKnown;
const words = ['minor', 'moderate', 'elevated'] as const;
const readLevel = wordReader(words);

/** @see Graph: conditionalAccessConditionSet.insiderRiskLevels */
export const insiderRiskLevels: ConditionDefinition<'insiderRiskLevels'> = {
  name: 'insiderRiskLevels',
  reason: 'insiderRisk',
  facts: ['insiderRiskLevel'],
  schema: flags(words),
  read(value) {
    const listed = readFlags(value, readLevel);
    return oneOf<string>(
      new Set(listed.entries),
      listed.unreadable,
      (f) => f.insiderRiskLevel,
      levelOf,
    );
  },
};
