import { Fault } from '../../core/errors.ts';
import type { Change, Partition, RowQuery } from '../../ports.ts';
import { checkBatch, checkEtag, checkKey, checkPrefix, encodeRow, prefixEnd } from './format.ts';
import type { RowRange, Write } from './wire.ts';

/** What a caller asks for, checked, and cut into what the service takes. */

/**
 * The service takes 15 comparisons in a filter; one is the partition's.
 *
 * @see Azure docs: "Querying tables and entities"
 */
export const comparisonsMax = 14;

/** `undefined` is the whole partition; an empty list is nothing. */
export function rangesOf(query: RowQuery): RowRange[] | undefined {
  if (query.keys === undefined && query.prefixes === undefined) return undefined;
  for (const key of query.keys ?? []) checkKey(key);
  for (const prefix of query.prefixes ?? []) checkPrefix(prefix);
  if (query.prefixes?.includes('')) return undefined;
  return [
    ...[...new Set(query.keys)].map((key) => ({ key })),
    ...[...new Set(query.prefixes)].map((from) => ({ from, to: prefixEnd(from) })),
  ];
}

/** As few queries as the service's limit allows; a flow's load is one. */
export function inQueries(ranges: readonly RowRange[]): RowRange[][] {
  const queries: RowRange[][] = [];
  let comparisons = comparisonsMax;
  for (const range of ranges) {
    const cost = 'key' in range ? 1 : 2;
    if (comparisons + cost > comparisonsMax) {
      queries.push([]);
      comparisons = 0;
    }
    queries.at(-1)?.push(range);
    comparisons += cost;
  }
  return queries;
}

export function toWrite(partition: Partition, change: Change, operationId: string): Write {
  checkKey(change.key);
  if (change.kind !== 'insert' && change.etag !== '*') checkEtag(change.etag);
  if (change.kind === 'delete') return { kind: 'delete', key: change.key, etag: change.etag };
  const properties = encodeRow(partition.key, change.key, change.value, operationId);
  return change.kind === 'insert'
    ? { kind: 'insert', key: change.key, properties }
    : { kind: 'replace', key: change.key, properties, etag: change.etag };
}

export function checkWrites(writes: readonly Write[]): void {
  if (writes.length === 0) throw new Fault('unexpected', { detail: 'commit of nothing' });
  if (new Set(writes.map((write) => write.key)).size < writes.length) {
    throw new Fault('unexpected', { detail: 'commit names a row twice' });
  }
  checkBatch(writes.map((write) => (write.kind === 'delete' ? undefined : write.properties)));
}
