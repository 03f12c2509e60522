/** Chance with a seed: the same seed gives the same cases. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** At least 0, less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** `count` of them at most, none twice. */
  some<T>(values: readonly T[], count = 2): T[] {
    const picked = new Set<T>();
    for (let left = 1 + this.below(count); left > 0; left -= 1) picked.add(this.pick(values));
    return [...picked];
  }

  /** Any of the members, each with its own probability of being there. */
  members(
    entries: Readonly<Record<string, readonly [probability: number, value: () => unknown]>>,
  ): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const [name, [probability, value]] of Object.entries(entries))
      if (this.chance(probability)) object[name] = value();
    return object;
  }
}
