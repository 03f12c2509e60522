import type { Ternary } from '../ternary.ts';

/**
 * What is known of one policy's lists, two bits a list: whether an entry matches, and whether one is
 * unknown. Each clause has its include list and then its exclude list.
 */
export type Signs = number;

export const signBits = 2;

function ternary(signs: Signs, list: number): Ternary {
  const own = signs >>> (list * signBits);
  if ((own & 1) !== 0) return 'match';
  return (own & 2) !== 0 ? 'unknown' : 'noMatch';
}

/** What the two lists of one clause say. */
export function readSigns(
  signs: Signs,
  clause: number,
): { readonly included: Ternary; readonly excluded: Ternary } {
  return { included: ternary(signs, clause * 2), excluded: ternary(signs, clause * 2 + 1) };
}
