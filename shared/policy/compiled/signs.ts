import type { Ternary } from '../ternary.ts';

/**
 * What is known of one policy's lists, four bits a clause: whether an entry of the include list
 * matches, whether one is unknown, and the same of the exclude list.
 */
export type Signs = number;

export const signBits = 4;
/** The place of each sign among the bits of its clause. */
export const sign = { included: 0, maybeIncluded: 1, excluded: 2, maybeExcluded: 3 } as const;

function ternary(matches: number, unknown: number): Ternary {
  if (matches !== 0) return 'match';
  return unknown !== 0 ? 'unknown' : 'noMatch';
}

/** The signs of one clause as the answers of its two lists. */
export function readSigns(
  signs: Signs,
  clause: number,
): { readonly included: Ternary; readonly excluded: Ternary } {
  const own = signs >>> (clause * signBits);
  return { included: ternary(own & 1, own & 2), excluded: ternary(own & 4, own & 8) };
}
