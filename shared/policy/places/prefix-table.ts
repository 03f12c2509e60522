import { type Address, lastOf, maskOf, nextOf, type Prefix } from '../addresses.ts';
import type { PrefixList } from './prefix-list.ts';

/**
 * Which owners' prefixes an address lies in. Two prefixes are disjoint or one lies in the other, so
 * they are a forest: the addresses are cut where the innermost prefix changes, a binary search among
 * landmarks and then between two of them finds the piece, and the owners stand along the way from its
 * innermost prefix outwards. Space and time follow the number of prefixes, however many overlap.
 */
interface Forest {
  /** Words of an address: one, or four. */
  readonly width: number;
  /** Each piece: its first address as words, then where its innermost prefix is written down, plus one; 0 is none. */
  readonly pieces: Uint32Array;
  /** The first address of every so many pieces: few enough to stay near while millions lie far away. */
  readonly landmarks: Uint32Array;
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
  const { width } = list;
  const { starts, innermost } = growth;
  const stride = width + 1;
  const pieces = new Uint32Array(innermost.length * stride);
  const landmarks = new Uint32Array(Math.ceil(innermost.length / apart) * width);
  for (const [piece, node] of innermost.entries()) {
    for (let i = 0; i < width; i += 1) {
      const word = starts[piece * width + i] as number;
      pieces[piece * stride + i] = word;
      if (piece % apart === 0) landmarks[(piece / apart) * width + i] = word;
    }
    pieces[piece * stride + width] = node + 1;
  }
  return { width, pieces, landmarks, nodes: Int32Array.from(growth.nodes) };
}

/** Pieces from one landmark to the next. */
const apart = 32;

/** How many of the addresses from `low` on do not lie behind the one asked for; `high` bounds the search. */
function countUpTo(
  addresses: Uint32Array,
  stride: number,
  words: readonly number[],
  range: { readonly low: number; readonly high: number },
): number {
  const first = words[0] ?? 0;
  let { low, high } = range;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * stride;
    let difference = (addresses[at] ?? 0) - first;
    for (let i = 1; difference === 0 && i < words.length; i += 1)
      difference = (addresses[at + i] ?? 0) - (words[i] ?? 0);
    if (difference > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where the innermost prefix of an address is written down; -1 is none. */
function innermostAt({ width, pieces, landmarks }: Forest, words: readonly number[]): number {
  const all = pieces.length / (width + 1);
  const passed = countUpTo(landmarks, width, words, { low: 0, high: landmarks.length / width });
  if (passed === 0) return -1;
  const high = Math.min(passed * apart, all);
  const range = { low: (passed - 1) * apart + 1, high };
  const piece = countUpTo(pieces, width + 1, words, range) - 1;
  return (pieces[piece * (width + 1) + width] as number) - 1;
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
    let node = innermostAt(forest, address.words);
    while (node >= 0) {
      const owners = node + 2;
      const end = owners + (nodes[node + 1] as number);
      for (let at = owners; at < end; at += 1) found.push(nodes[at] as number);
      node = nodes[node] as number;
    }
    return found;
  }
}
