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
  return pools.locations.map((id, index) => ({
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    id,
    displayName: `Place ${index}`,
    isTrusted: index % 4 === 0,
    ipRanges: Array.from({ length: index % 10 === 0 ? 2000 : 34 }, () => ({
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
