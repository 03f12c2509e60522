/** Chance that is the same in every run (mulberry32). */
export type Chance = {
  /** 0 ≤ x < 1 */
  next(): number;
  below(limit: number): number;
  happens(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** `count` different ones. */
  some<T>(values: readonly T[], count: number): T[];
};

export function chanceOf(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  const some = <T>(values: readonly T[], count: number): T[] => {
    const picked = new Set<T>();
    while (picked.size < Math.min(count, values.length)) picked.add(pick(values));
    return [...picked];
  };
  return { next, below, happens: (probability) => next() < probability, pick, some };
}
