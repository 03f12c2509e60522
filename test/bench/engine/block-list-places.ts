import { BlockList, SocketAddress } from 'node:net';
import type { Places, Point } from './hand-places.ts';
import type { GeneratedLocation } from './places.ts';

/** Ranges in Node's own list, a list a place and one of all trusted places; it searches them in C++. */
export function openBlockLists(locations: readonly GeneratedLocation[]): Places {
  const byId = new Map(locations.map((location) => [location.id, listOf([location])]));
  const trusted = listOf(locations.filter(({ isTrusted }) => isTrusted));
  const addressOf = rememberLast();
  return {
    isIn: (id, point) => byId.get(id)?.check(addressOf(point)) ?? false,
    isTrusted: (point) => trusted.check(addressOf(point)),
  };
}

const familyOf = { 4: 'ipv4', 6: 'ipv6' } as const;

function listOf(locations: readonly GeneratedLocation[]): BlockList {
  const list = new BlockList();
  for (const { ipRanges } of locations)
    for (const { cidrAddress } of ipRanges) {
      const [address = '', bits] = cidrAddress.split('/');
      list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
    }
  return list;
}

/** One address a decision, however many places it is looked for in. */
function rememberLast(): (point: Point) => SocketAddress {
  let last: { readonly point: Point; readonly address: SocketAddress } | undefined;
  return (point) => {
    if (last?.point !== point) {
      const address = new SocketAddress({ address: point.text, family: familyOf[point.family] });
      last = { point, address };
    }
    return last.address;
  };
}
