import { Fault } from '../../core/errors.ts';
import type { TableName } from '../../ports.ts';
import { type DisciplineOptions, disciplined, type TableStore } from './discipline.ts';
import type { Properties } from './format.ts';
import type { Where, Wire, WireRow, Write } from './wire.ts';

type Kept = { readonly etag: string; readonly properties: Properties };
type Rows = Map<string, Kept>;

/**
 * Both store ports in memory, under the same discipline as the tables: for tests of flows and for
 * benchmarks. Rows are kept as text, so what is loaded shares nothing with what was stored.
 */
export function openMemory(options: DisciplineOptions = {}): TableStore {
  return disciplined(memoryWire(), options);
}

function memoryWire(): Wire {
  const tables = new Map<TableName, Map<string, Rows>>();
  let writes = 0;

  return {
    async query(table, where, page) {
      await otherTurns();
      const after = page.cursor === undefined ? undefined : fromCursor(page.cursor);
      const found: WireRow[] = [];
      for (const [partition, rows] of wantedOf(
        where,
        tables.get(table) ?? new Map<string, Rows>(),
      )) {
        const wanted = [...rows].filter(
          ([key]) => isWantedRow(where, key) && !(after && isUpTo(after, partition, key)),
        );
        for (const [key, row] of inOrder(wanted)) {
          if (found.length === page.limit) return { rows: found, cursor: toCursor(found.at(-1)) };
          found.push({ partition, key, ...row });
        }
      }
      return { rows: found };
    },

    async write(table, partition, changes) {
      await otherTurns();
      const partitions = tables.get(table) ?? new Map<string, Rows>();
      const rows: Rows = partitions.get(partition) ?? new Map();
      if (!changes.every((change) => isPossible(rows, change))) return 'refused';
      for (const change of changes) {
        if (change.kind === 'delete') rows.delete(change.key);
        else rows.set(change.key, { etag: `W/"${++writes}"`, properties: change.properties });
      }
      tables.set(table, partitions.set(partition, rows));
      return 'written';
    },

    ensureTable: otherTurns,
  };
}

/** Lets parallel operations interleave as requests would; a timer would stop under a fake clock. */
async function otherTurns(): Promise<void> {
  await Promise.resolve();
}

function isPossible(rows: Rows, change: Write): boolean {
  const row = rows.get(change.key);
  if (change.kind === 'insert') return row === undefined;
  return row !== undefined && (change.etag === '*' || change.etag === row.etag);
}

function inOrder<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Partitions in key order; one that is named is not searched for. */
function wantedOf(where: Where, table: ReadonlyMap<string, Rows>): [string, Rows][] {
  if ('partition' in where) {
    const rows = table.get(where.partition);
    return rows ? [[where.partition, rows]] : [];
  }
  const { from, to } = where.partitions;
  return inOrder([...table].filter(([partition]) => partition >= from && partition < to));
}

function isWantedRow(where: Where, key: string): boolean {
  if (!('partition' in where) || where.rows === undefined) return true;
  return where.rows.some((range) =>
    'key' in range ? key === range.key : key >= range.from && key < range.to,
  );
}

type Place = { readonly partition: string; readonly key: string };

function isUpTo(after: Place, partition: string, key: string): boolean {
  return partition < after.partition || (partition === after.partition && key <= after.key);
}

function toCursor(last: Place | undefined): string {
  return Buffer.from(JSON.stringify([last?.partition, last?.key])).toString('base64url');
}

function fromCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place)) {
      const [partition, key]: unknown[] = place;
      if (typeof partition === 'string' && typeof key === 'string') return { partition, key };
    }
  } catch {
    // answered below
  }
  throw new Fault('requestMalformed', { detail: 'cursor' });
}
