import type { Prefix } from '../addresses.ts';

const byte = 256;

/** Prefixes of one family with their owners, as they come: numbers only, for there may be millions. */
export class PrefixList {
  /** Words of an address: one, or four. */
  readonly width: 1 | 4;
  readonly #words: number[] = [];
  readonly #lengths: number[] = [];
  readonly #owners: number[] = [];

  constructor(width: 1 | 4) {
    this.width = width;
  }

  add({ words, length }: Prefix, owner: number): void {
    for (const word of words) this.#words.push(word);
    this.#lengths.push(length);
    this.#owners.push(owner);
  }

  /** The byte at `place` of what is compared, the least significant first: the length, then the address. */
  #byteOf(index: number, place: number): number {
    if (place === 0) return this.#lengths[index] as number;
    const word = this.width - 1 - ((place - 1) >>> 2);
    const shift = ((place - 1) & 3) * 8;
    return ((this.#words[index * this.width + word] as number) >>> shift) & 255;
  }

  /** From the lowest address upwards, of two that begin together the wider first: a radix sort. */
  #order(): Uint32Array {
    const count = this.#lengths.length;
    let order = Uint32Array.from({ length: count }, (_, index) => index);
    let sorted = new Uint32Array(count);
    for (let place = 0; place <= this.width * 4; place += 1) {
      const starts = new Uint32Array(byte + 1);
      for (let index = 0; index < count; index += 1) {
        const next = this.#byteOf(index, place) + 1;
        starts[next] = (starts[next] as number) + 1;
      }
      for (let value = 1; value <= byte; value += 1)
        starts[value] = (starts[value] as number) + (starts[value - 1] as number);
      for (let at = 0; at < count; at += 1) {
        const index = order[at] as number;
        const value = this.#byteOf(index, place);
        const to = starts[value] as number;
        sorted[to] = index;
        starts[value] = to + 1;
      }
      [order, sorted] = [sorted, order];
    }
    return order;
  }

  /** Hands out all prefixes in order, each with its owner. */
  inOrder(take: (prefix: Prefix, owner: number) => void): void {
    const { width } = this;
    for (const index of this.#order()) {
      const words = this.#words.slice(index * width, (index + 1) * width);
      const length = this.#lengths[index] as number;
      take({ family: width === 1 ? 4 : 6, words, length }, this.#owners[index] as number);
    }
  }
}
