import type { Address, AddressRange } from './addresses.ts';

interface Span<V> {
  readonly first: V;
  readonly last: V;
}

/** Ranges merged into disjoint ones, so that a look-up is a binary search whatever their number. */
export interface AddressSet {
  readonly v4: readonly Span<number>[];
  readonly v6: readonly Span<bigint>[];
}

function merge<V extends number | bigint>(spans: Span<V>[]): readonly Span<V>[] {
  spans.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: Span<V>[] = [];
  for (const span of spans) {
    const open = merged.at(-1);
    if (open === undefined || open.last < span.first) merged.push(span);
    else if (open.last < span.last)
      merged[merged.length - 1] = { first: open.first, last: span.last };
  }
  return merged;
}

function holds<V extends number | bigint>(spans: readonly Span<V>[], value: V): boolean {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined) return false;
    if (value < span.first) high = middle - 1;
    else if (value > span.last) low = middle + 1;
    else return true;
  }
  return false;
}

export function addressSet(ranges: readonly AddressRange[]): AddressSet {
  const v4: Span<number>[] = [];
  const v6: Span<bigint>[] = [];
  for (const range of ranges) {
    if (range.family === 4) v4.push(range);
    else v6.push(range);
  }
  return { v4: merge(v4), v6: merge(v6) };
}

/** Families never match each other. */
export function contains(set: AddressSet, address: Address): boolean {
  return address.family === 4 ? holds(set.v4, address.value) : holds(set.v6, address.value);
}
