/** An IP address; an IPv4-mapped IPv6 address is an IPv4 address. */
export type Address =
  | { readonly family: 4; readonly value: number }
  | { readonly family: 6; readonly value: bigint };

/** Inclusive ends of one family. */
export type AddressRange =
  | { readonly family: 4; readonly first: number; readonly last: number }
  | { readonly family: 6; readonly first: bigint; readonly last: bigint };

const mappedPrefix = 0xffffn;

function parseIpv4(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    // A leading zero means octal to some readers and decimal to others.
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    value = value * 256 + Number(octet);
  }
  return value;
}

/** The 16-bit groups of one side of `::`; a dotted quad may end the text. */
function parseGroups(text: string, quadAllowed: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const quad = quadAllowed && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (quad === undefined) return undefined;
    groups.push(Math.floor(quad / 65_536), quad % 65_536);
  }
  return groups;
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = '', right] = halves;
  const head = parseGroups(left, right === undefined);
  const tail = right === undefined ? [] : parseGroups(right, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail].reduce(
    (value, group) => value * 65_536n + BigInt(group),
    0n,
  );
}

/** Undefined for anything that is not a plain address: a port, a zone id, brackets, spaces, leading zeros. */
export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.length > 45) return undefined;
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseIpv6(text);
  if (value === undefined) return undefined;
  return value >> 32n === mappedPrefix
    ? { family: 4, value: Number(value & 0xffff_ffffn) }
    : { family: 6, value };
}

/** The range a CIDR text names; host bits are ignored. Undefined when it cannot be read. */
export function parseCidr(text: unknown): AddressRange | undefined {
  const parts = typeof text === 'string' ? /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) : null;
  const base = parts?.[1] ?? '';
  const prefix = Number(parts?.[2]);
  const address = parseAddress(base);
  if (parts === null || address === undefined) return undefined;
  const written = base.includes(':') ? 128 : 32;
  if (prefix > written) return undefined;
  if (address.family === 4 && written === 32) return ipv4Block(address.value, prefix);
  if (address.family === 4 && prefix >= 96) return ipv4Block(address.value, prefix - 96);
  const value =
    address.family === 6 ? address.value : (mappedPrefix << 32n) | BigInt(address.value);
  const hostBits = BigInt(128 - prefix);
  const first = (value >> hostBits) << hostBits;
  return { family: 6, first, last: first + (1n << hostBits) - 1n };
}

function ipv4Block(value: number, prefix: number): AddressRange {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(value / size) * size;
  return { family: 4, first, last: first + size - 1 };
}

/** The range between two addresses of one family; undefined when it cannot be read or runs backwards. */
export function parseSpan(lower: unknown, upper: unknown): AddressRange | undefined {
  const [from, to] = [parseAddress(lower), parseAddress(upper)];
  if (from?.family === 4 && to?.family === 4 && from.value <= to.value)
    return { family: 4, first: from.value, last: to.value };
  if (from?.family === 6 && to?.family === 6 && from.value <= to.value)
    return { family: 6, first: from.value, last: to.value };
  return undefined;
}
