import { type Address, lastOf, maskOf, nextOf, type Prefix } from '../addresses.ts';
import type { PrefixList } from './prefix-list.ts';

/**
 * Which owners' prefixes an address lies in. Two prefixes are disjoint or one lies in the other, so
 * they are a forest: the addresses are cut where the innermost prefix changes, a binary search finds
 * the piece, and the owners stand along the way from its innermost prefix outwards. Space and time
 * follow the number of prefixes, however many of them overlap.
 */
interface Forest {
  /** How many pieces begin before each value of an address's first 16 bits. */
  readonly before: Uint32Array;
  /** The first address of each piece, as words one after the other. */
  readonly starts: Uint32Array;
  /** Where the innermost prefix of each piece is written down; -1 is none. */
  readonly innermost: Int32Array;
  /** Each prefix: where the next one outwards is written down, how many owners it has, and the owners. */
  readonly nodes: Int32Array;
}

/** The pieces and prefixes of a forest while it grows, from the lowest address upwards. */
class Growth {
  readonly starts: number[] = [];
  readonly innermost: number[] = [];
  readonly nodes: number[] = [];
  readonly #open: Prefix[] = [];
  readonly #openNodes: number[] = [];

  #begin(words: readonly number[], node: number): void {
    const last = this.innermost.length - 1;
    const at = last * words.length;
    if (last >= 0 && words.every((word, i) => this.starts[at + i] === word)) {
      this.innermost[last] = node;
      return;
    }
    for (const word of words) this.starts.push(word);
    this.innermost.push(node);
  }

  /** Closes the innermost open prefix: behind it, the one around it goes on. */
  #close(): void {
    const closed = this.#open.pop();
    this.#openNodes.pop();
    const next = closed && nextOf(lastOf(closed));
    if (next) this.#begin(next, this.#openNodes.at(-1) ?? -1);
  }

  /** Adds the next prefix in order. */
  add(prefix: Prefix, owner: number): void {
    let innermost = this.#open.at(-1);
    while (innermost !== undefined && !holds(innermost, prefix)) {
      this.#close();
      innermost = this.#open.at(-1);
    }
    const around = this.#openNodes.at(-1) ?? -1;
    if (innermost?.length === prefix.length) {
      // The same prefix once more, and the last that was written down: one more owner.
      this.nodes[around + 1] = (this.nodes[around + 1] ?? 0) + 1;
      this.nodes.push(owner);
      return;
    }
    const node = this.nodes.length;
    this.nodes.push(around, 1, owner);
    this.#begin(prefix.words, node);
    this.#open.push(prefix);
    this.#openNodes.push(node);
  }

  end(): void {
    while (this.#open.length > 0) this.#close();
  }
}

/** Whether `inner`, which does not begin before `outer`, lies in it. */
function holds(outer: Prefix, inner: Prefix): boolean {
  const { words, length } = outer;
  for (let i = 0; i < words.length; i += 1)
    if ((inner.words[i] ?? 0) - (words[i] ?? 0) > 0xffff_ffff - maskOf(length, i)) return false;
  return true;
}

function grow(list: PrefixList): Forest {
  const growth = new Growth();
  list.inOrder((prefix, owner) => growth.add(prefix, owner));
  growth.end();
  const starts = Uint32Array.from(growth.starts);
  return {
    before: countBefore(starts, growth.innermost.length),
    starts,
    innermost: Int32Array.from(growth.innermost),
    nodes: Int32Array.from(growth.nodes),
  };
}

const buckets = 65_536;

function countBefore(starts: Uint32Array, pieces: number): Uint32Array {
  const before = new Uint32Array(pieces === 0 ? 0 : buckets + 1);
  const width = starts.length / pieces;
  for (let piece = 0; piece < pieces; piece += 1) {
    const bucket = (starts[piece * width] as number) >>> 16;
    before[bucket + 1] = piece + 1;
  }
  // A bucket in which nothing begins has as many before it as the one in front of it.
  for (let bucket = 1; bucket < before.length; bucket += 1)
    before[bucket] = Math.max(before[bucket] as number, before[bucket - 1] as number);
  return before;
}

/** The last piece that does not begin behind the address; -1 when all do. */
function pieceAt({ before, starts }: Forest, words: readonly number[]): number {
  const width = words.length;
  const first = words[0] ?? 0;
  let low = before[first >>> 16] ?? 0;
  let high = before[(first >>> 16) + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * width;
    let difference = (starts[at] ?? 0) - first;
    for (let i = 1; difference === 0 && i < width; i += 1)
      difference = (starts[at + i] ?? 0) - (words[i] ?? 0);
    if (difference > 0) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/** Prefixes and their owners, looked up by address. The families never meet: each has its own. */
export class PrefixTable {
  readonly #v4: Forest;
  readonly #v6: Forest;

  constructor(v4: PrefixList, v6: PrefixList) {
    this.#v4 = grow(v4);
    this.#v6 = grow(v6);
  }

  /** The owners of all prefixes that hold the address; one with several such prefixes comes up several times. */
  ownersOf(address: Address): number[] {
    const forest = address.family === 4 ? this.#v4 : this.#v6;
    const { nodes } = forest;
    const found: number[] = [];
    let node = forest.innermost[pieceAt(forest, address.words)] ?? -1;
    while (node >= 0) {
      const owners = node + 2;
      const end = owners + (nodes[node + 1] as number);
      for (let at = owners; at < end; at += 1) found.push(nodes[at] as number);
      node = nodes[node] as number;
    }
    return found;
  }
}
