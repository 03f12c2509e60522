import type { KnownFacts } from '../known-facts.ts';

/** What a sign-in may hold in a dimension: an id, a word, or a number counted from 0, as of a place. */
export type Value = string | number;

/**
 * One thing sign-ins are told apart by, such as the user, the groups or the application. Reads what a
 * sign-in holds of it: nothing, one value or several. A fact that is not known is the value `notKnown`.
 */
export type Dimension = (facts: KnownFacts) => Value | readonly Value[] | undefined;

/** No id and no word: nothing a policy could list. */
export const notKnown = '?';

/** Held by every sign-in. */
export const everySignIn: Dimension = () => '';

/** A sign-in that holds the value gives this answer, unless another claim of the list matches. */
export interface Claim {
  readonly dimension: Dimension;
  readonly value: Value;
  readonly says: 'match' | 'unknown';
}

/** What holding one of these values of a dimension means: a match. */
export function claims(dimension: Dimension, values: Iterable<Value>): readonly Claim[] {
  return Array.from(values, (value) => ({ dimension, value, says: 'match' }));
}

/** What not knowing the fact means: that the answer is not known either. */
export function unknownWithout(dimension: Dimension): Claim {
  return { dimension, value: notKnown, says: 'unknown' };
}
