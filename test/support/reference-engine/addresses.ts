// §11.6: addresses and ranges.
import { isObject } from './reading.ts';

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const mapped = 0xffffn << 32n;
const lowest32 = 0xffffffffn;

function ipv4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    // No leading zeros.
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    value = value * 256n + BigInt(octet);
  }
  return value;
}

/** The groups of one side of `::`; an IPv4 tail counts as two. */
function groupsOf(text: string, mayEndInIpv4: boolean): readonly bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const tail = ipv4(part);
      if (!mayEndInIpv4 || index !== parts.length - 1 || tail === undefined) return undefined;
      groups.push(tail >> 16n, tail & 0xffffn);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      groups.push(BigInt(`0x${part}`));
    }
  }
  return groups;
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [before = '', after] = halves;
  const head = groupsOf(before, after === undefined);
  const tail = after === undefined ? [] : groupsOf(after, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return groups.reduce((value, group) => value * 65536n + group, 0n);
}

/** As written: an IPv4-mapped address is still IPv6. */
function asWritten(text: string): Address | undefined {
  const four = ipv4(text);
  if (four !== undefined) return { family: 4, value: four };
  const six = ipv6(text);
  return six === undefined ? undefined : { family: 6, value: six };
}

/** §4: IPv4-mapped IPv6 is compared as IPv4. */
export function addressOf(value: unknown): Address | undefined {
  if (typeof value !== 'string') return undefined;
  const address = asWritten(value);
  if (address === undefined || address.family === 4) return address;
  if (address.value >> 32n === 0xffffn) return { family: 4, value: address.value & lowest32 };
  return address;
}

function cidr(text: unknown): Range | undefined {
  if (typeof text !== 'string') return undefined;
  const [written = '', length, rest] = text.split('/');
  if (length === undefined || rest !== undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const address = asWritten(written);
  if (address === undefined) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = Number(length);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  // Host bits are ignored.
  const first = (address.value / size) * size;
  const last = first + size - 1n;
  // An IPv6 range of prefix ≥ 96 inside ::ffff:0:0/96 is an IPv4 range.
  if (address.family === 6 && prefix >= 96 && first >> 32n === 0xffffn)
    return { family: 4, first: first - mapped, last: last - mapped };
  return { family: address.family, first, last };
}

function pair(lower: unknown, upper: unknown): Range | undefined {
  const first = addressOf(lower);
  const last = addressOf(upper);
  if (first === undefined || last === undefined || first.family !== last.family) return undefined;
  // A lower end above the upper is unknown.
  if (first.value > last.value) return undefined;
  return { family: first.family, first: first.value, last: last.value };
}

/** A CIDR or a lower/upper pair; nothing where it cannot be read. */
export function rangeOf(value: unknown): Range | undefined {
  if (!isObject(value)) return undefined;
  if (value['cidrAddress'] !== undefined && value['cidrAddress'] !== null)
    return cidr(value['cidrAddress']);
  return pair(value['lowerAddress'], value['upperAddress']);
}

export function inRange(address: Address, range: Range): boolean {
  return (
    address.family === range.family && range.first <= address.value && address.value <= range.last
  );
}
