// A bit for every policy, 32 to a word.

export function wordsFor(count: number): number {
  return (count + 31) >>> 5;
}

export function wordOf(position: number): number {
  return position >>> 5;
}

export function bitOf(position: number): number {
  return 1 << (position & 31);
}

export function has(bits: Int32Array, position: number): boolean {
  return ((bits[wordOf(position)] ?? 0) & bitOf(position)) !== 0;
}

export function setBit(bits: Int32Array, position: number): void {
  const word = wordOf(position);
  bits[word] = (bits[word] ?? 0) | bitOf(position);
}

/** The positions of the bits that are set in both, from the lowest up. */
export function positionsIn(bits: Int32Array, and: Int32Array = bits): number[] {
  const positions: number[] = [];
  for (let word = 0; word < bits.length; word += 1) {
    let rest = (bits[word] as number) & (and[word] as number);
    while (rest !== 0) {
      const lowest = rest & -rest;
      positions.push(word * 32 + 31 - Math.clz32(lowest));
      rest ^= lowest;
    }
  }
  return positions;
}
