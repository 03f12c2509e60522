import ipaddr from 'ipaddr.js';
import type { GeneratedLocation } from './places.ts';

/** An address as a number of its family (32 bits fit a number, 128 do not), and as it was written. */
export type Point = { readonly text: string } & (
  | { readonly family: 4; readonly value: number }
  | { readonly family: 6; readonly value: bigint }
);

type Range<V> = { readonly first: V; readonly last: V };
type Place = {
  readonly trusted: boolean;
  readonly v4: readonly Range<number>[];
  readonly v6: readonly Range<bigint>[];
};
export type Places = {
  isIn(id: string, point: Point): boolean;
  isTrusted(point: Point): boolean;
};

export function readPoint(text: string): Point {
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv4
    ? { text, family: 4, value: numberOf(address.octets) }
    : { text, family: 6, value: bigOf(address.parts) };
}

/** Ranges parsed once and looked through one by one, place by place. */
export function openPlaces(locations: readonly GeneratedLocation[]): Places {
  const byId = new Map(locations.map((location) => [location.id, placeOf(location)]));
  const trusted = [...byId.values()].filter((place) => place.trusted);
  return {
    isIn: (id, point) => holds(byId.get(id), point),
    isTrusted: (point) => trusted.some((place) => holds(place, point)),
  };
}

function placeOf({ isTrusted, ipRanges }: GeneratedLocation): Place {
  const v4: Range<number>[] = [];
  const v6: Range<bigint>[] = [];
  for (const { cidrAddress } of ipRanges) {
    const [address, bits] = ipaddr.parseCIDR(cidrAddress);
    if (address instanceof ipaddr.IPv4) {
      const size = 2 ** (32 - bits);
      const first = Math.floor(numberOf(address.octets) / size) * size;
      v4.push({ first, last: first + size - 1 });
    } else {
      const size = 1n << BigInt(128 - bits);
      const first = (bigOf(address.parts) / size) * size;
      v6.push({ first, last: first + size - 1n });
    }
  }
  return { trusted: isTrusted, v4, v6 };
}

function holds(place: Place | undefined, point: Point): boolean {
  if (!place) return false;
  return point.family === 4
    ? place.v4.some(({ first, last }) => point.value >= first && point.value <= last)
    : place.v6.some(({ first, last }) => point.value >= first && point.value <= last);
}

const numberOf = (octets: readonly number[]): number =>
  octets.reduce((value, octet) => value * 256 + octet, 0);

const bigOf = (parts: readonly number[]): bigint =>
  parts.reduce((value, part) => value * 65_536n + BigInt(part), 0n);
