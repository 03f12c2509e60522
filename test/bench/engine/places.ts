import type { Chance } from './random.ts';
import { pools } from './workload.ts';

/** 195 named locations, 20 of them with 2,000 ranges; 15 % of all ranges are IPv6. */
export type GeneratedLocation = {
  readonly id: string;
  readonly displayName: string;
  readonly isTrusted: boolean;
  readonly ipRanges: readonly { readonly cidrAddress: string }[];
};

export function generateLocations(chance: Chance): readonly GeneratedLocation[] {
  return locationsOf(chance, pools.locations, (index) => (index % 10 === 0 ? 2000 : 34));
}

/** Up to as many as the contract allows: 1,000 locations of 2,000 ranges each. */
export function generateManyLocations(chance: Chance, count: number): readonly GeneratedLocation[] {
  const more = Array.from(
    { length: count },
    (_, index) => `ffff0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  );
  return locationsOf(chance, more, () => 2000);
}

function locationsOf(
  chance: Chance,
  ids: readonly string[],
  ranges: (index: number) => number,
): readonly GeneratedLocation[] {
  return ids.map((id, index) => ({
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    id,
    displayName: `Place ${index}`,
    isTrusted: index % 4 === 0,
    ipRanges: Array.from({ length: ranges(index) }, () => ({
      cidrAddress: chance.happens(0.15)
        ? `${address6(chance)}/${40 + chance.below(25)}`
        : `${address4(chance)}/${18 + chance.below(13)}`,
    })),
  }));
}

export function addressOf(chance: Chance): string {
  return chance.happens(0.15) ? address6(chance) : address4(chance);
}

// small enough a world that addresses and ranges meet
const address4 = (chance: Chance): string =>
  `10.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`;

const address6 = (chance: Chance): string =>
  `2001:db8:${chance.below(4096).toString(16)}:${chance.below(65_536).toString(16)}::1`;
