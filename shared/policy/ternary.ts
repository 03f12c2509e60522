/** What a condition says about a sign-in. `unknown` is a third truth value, not an error. */
export type Ternary = 'match' | 'noMatch' | 'unknown';

/** Kleene AND: one `noMatch` decides, whatever cannot be known beside it. */
export function both(a: Ternary, b: Ternary): Ternary {
  if (a === 'noMatch' || b === 'noMatch') return 'noMatch';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'match';
}

/** Kleene OR: one `match` decides. */
export function either(a: Ternary, b: Ternary): Ternary {
  if (a === 'match' || b === 'match') return 'match';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'noMatch';
}

/** Kleene NOT. */
export function negate(a: Ternary): Ternary {
  if (a === 'unknown') return a;
  return a === 'match' ? 'noMatch' : 'match';
}

/** A two-valued answer as a ternary. */
export function known(value: boolean): Ternary {
  return value ? 'match' : 'noMatch';
}
