/** An IP address as 32-bit words, most significant first; an IPv4-mapped IPv6 address is an IPv4 one. */
export interface Address {
  readonly family: 4 | 6;
  /** One word, or four. */
  readonly words: readonly number[];
}

/** All addresses that begin with the same bits. */
export interface Prefix extends Address {
  /** How many bits; those of `words` behind them are zero. */
  readonly length: number;
}

const longestText = 45;
const mapped = 0xffff;
const dot = 46;
const colon = 58;

/** The value of a digit in the given base; -1 for anything else. */
function digitAt(text: string, at: number, base: 10 | 16): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  if (base === 10) return -1;
  if (code >= 97 && code <= 102) return code - 87;
  return code >= 65 && code <= 70 ? code - 55 : -1;
}

/** A dotted quad that fills the text from `from` on. */
function parseIpv4(text: string, from: number): number | undefined {
  let value = 0;
  let at = from;
  for (let octets = 1; octets <= 4; octets += 1) {
    const start = at;
    let octet = 0;
    for (let digit = digitAt(text, at, 10); digit >= 0; digit = digitAt(text, at, 10)) {
      octet = octet * 10 + digit;
      at += 1;
    }
    const length = at - start;
    // A leading zero means octal to some readers and decimal to others.
    if (length === 0 || length > 3 || octet > 255) return undefined;
    if (length > 1 && text.charCodeAt(start) === 48) return undefined;
    value = value * 256 + octet;
    if (octets === 4) return at === text.length ? value : undefined;
    if (text.charCodeAt(at) !== dot) return undefined;
    at += 1;
  }
  return undefined;
}

/** The 16-bit groups as they are written, and before which of them `::` stands. */
function readGroups(text: string): { groups: number[]; gap: number } | undefined {
  const groups: number[] = [];
  let gap = text.startsWith('::') ? 0 : -1;
  let at = gap === 0 ? 2 : 0;
  while (at < text.length) {
    const start = at;
    let group = 0;
    for (let digit = digitAt(text, at, 16); digit >= 0; digit = digitAt(text, at, 16)) {
      group = group * 16 + digit;
      at += 1;
    }
    if (text.charCodeAt(at) === dot) {
      const quad = parseIpv4(text, start);
      if (quad === undefined) return undefined;
      groups.push(Math.floor(quad / 65_536), quad % 65_536);
      break;
    }
    if (at === start || at - start > 4) return undefined;
    groups.push(group);
    if (at === text.length) break;
    if (text.charCodeAt(at) !== colon) return undefined;
    at += 1;
    if (text.charCodeAt(at) === colon) {
      if (gap >= 0) return undefined;
      gap = groups.length;
      at += 1;
    } else if (at === text.length) return undefined;
  }
  return { groups, gap };
}

function parseIpv6(text: string): number[] | undefined {
  const read = readGroups(text);
  if (read === undefined) return undefined;
  const { groups, gap } = read;
  const missing = 8 - groups.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return undefined;
  const group = (index: number): number => {
    if (gap < 0 || index < gap) return groups[index] ?? 0;
    return index < gap + missing ? 0 : (groups[index - missing] ?? 0);
  };
  return [0, 2, 4, 6].map((index) => group(index) * 65_536 + group(index + 1));
}

/** Undefined for anything that is not a plain address: a port, a zone id, brackets, spaces, leading zeros. */
export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.length > longestText) return undefined;
  if (!text.includes(':')) {
    const value = parseIpv4(text, 0);
    return value === undefined ? undefined : { family: 4, words: [value] };
  }
  const words = parseIpv6(text);
  if (words === undefined) return undefined;
  return words[0] === 0 && words[1] === 0 && words[2] === mapped
    ? { family: 4, words: [words[3] ?? 0] }
    : { family: 6, words };
}

/** The bits of word `index` that the first `length` bits of an address cover. */
export function maskOf(length: number, index: number): number {
  const bits = length - 32 * index;
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
}

/** The prefix an address lies in; its own last bits do not matter. */
function prefixOf({ family, words }: Address, length: number): Prefix {
  return { family, length, words: words.map((w, i) => (w & maskOf(length, i)) >>> 0) };
}

function readLength(text: string): number | undefined {
  return /^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : undefined;
}

/** The prefix a CIDR text names; host bits are ignored. Undefined when it cannot be read. */
export function parseCidr(text: unknown): Prefix | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const length = readLength(text.slice(slash + 1));
  if (address === undefined || length === undefined) return undefined;
  const written = text.includes(':') ? 128 : 32;
  if (length > written) return undefined;
  if (address.family === 6 || written === 32) return prefixOf(address, length);
  if (length >= 96) return prefixOf(address, length - 96);
  return prefixOf({ family: 6, words: [0, 0, mapped, ...address.words] }, length);
}

/** Negative, zero or positive, as the first comes before, is, or comes after the second. */
function compareWords(a: readonly number[], b: readonly number[]): number {
  for (const [index, word] of a.entries()) {
    const difference = word - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The last address of a prefix. */
export function lastOf({ words, length }: Prefix): readonly number[] {
  return words.map((word, index) => (word | ~maskOf(length, index)) >>> 0);
}

/** The next address; undefined behind the last of all. */
export function nextOf(words: readonly number[]): readonly number[] | undefined {
  const next = [...words];
  for (let index = next.length - 1; index >= 0; index -= 1) {
    const word = next[index] ?? 0;
    next[index] = word === 0xffff_ffff ? 0 : word + 1;
    if (word !== 0xffff_ffff) return next;
  }
  return undefined;
}

/** The widest prefix that begins with this address and does not reach beyond `last`. */
function widestFrom(first: Address, last: readonly number[]): Prefix {
  let widest = prefixOf(first, first.words.length * 32);
  while (widest.length > 0) {
    const wider = prefixOf(first, widest.length - 1);
    const fits =
      compareWords(wider.words, first.words) === 0 && compareWords(lastOf(wider), last) <= 0;
    if (!fits) break;
    widest = wider;
  }
  return widest;
}

/** What lies between two addresses of one family; undefined when it cannot be read or runs backwards. */
export function parseSpan(lower: unknown, upper: unknown): readonly Prefix[] | undefined {
  const [from, to] = [parseAddress(lower), parseAddress(upper)];
  if (from === undefined || from.family !== to?.family) return undefined;
  if (compareWords(from.words, to.words) > 0) return undefined;
  const prefixes: Prefix[] = [];
  let words: readonly number[] | undefined = from.words;
  while (words !== undefined && compareWords(words, to.words) <= 0) {
    const prefix = widestFrom({ family: from.family, words }, to.words);
    prefixes.push(prefix);
    words = nextOf(lastOf(prefix));
  }
  return prefixes;
}
