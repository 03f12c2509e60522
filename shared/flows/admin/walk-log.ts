import { inParallel } from '../../core/parallel.ts';
import { type Reference, readLogKeys, writeReference } from '../../core/reference.ts';
import { hourOf, hoursMs, later } from '../../core/time.ts';
import type { ScannedRow } from '../../ports.ts';
import { type AuditLog, auditLogRow, type SignInLog, signInLogRow } from '../../rows/log.ts';
import { type RowKind, readRow } from '../../rows/row.ts';
import type { House, HouseWithScan } from '../house.ts';

/** One of the two logs: the word its partitions begin with, and what its rows hold. */
export type Log<Entry> = { readonly word: 'signin' | 'audit'; readonly row: RowKind<Entry> };

export const signInLog: Log<SignInLog> = { word: 'signin', row: signInLogRow };
export const auditLog: Log<AuditLog> = { word: 'audit', row: auditLogRow };

export type Logged<Entry> = { readonly id: Reference; readonly entry: Entry };

/** What was read up to: in this hour what sorts behind `after` comes next, then the hours before. */
export type LogCursor = { readonly hour: string; readonly after: string };

export type Window = {
  /** Both ends belong to it. */
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
  readonly cursor?: LogCursor | undefined;
};

export type LogPage<Entry> = {
  readonly entries: readonly Logged<Entry>[];
  readonly cursor?: LogCursor | undefined;
};

/** Requests to the store for one page; one that took them all is short, or empty, and goes on. */
const readsMax = 64;

/** What is wanted of a log, newest first. */
export async function walkLog<Entry extends { readonly at: string }>(
  house: HouseWithScan,
  log: Log<Entry>,
  window: Window,
  isWanted: (entry: Entry) => boolean,
): Promise<LogPage<Entry>> {
  const entries: Logged<Entry>[] = [];
  let reads = 0;
  for (const hour of hoursOf(window)) {
    const after = window.cursor?.hour === hour ? window.cursor.after : '';
    for await (const slice of slicesOf(house, log.word, hour, after)) {
      for (const { order, ...logged } of inOrder(house, log, slice.rows)) {
        if (order <= after || !isWithin(window, logged.entry) || !isWanted(logged.entry)) continue;
        entries.push(logged);
        if (entries.length === window.limit) return { entries, cursor: { hour, after: order } };
      }
      reads += slice.reads;
      if (reads >= readsMax) return { entries, cursor: { hour, after: slice.end } };
    }
  }
  return { entries };
}

/** A row that cannot be read is an alarm, and hides no other. */
function inOrder<Entry extends { readonly at: string }>(
  house: House,
  log: Log<Entry>,
  rows: readonly ScannedRow[],
) {
  return rows
    .flatMap((row) => {
      const place = readLogKeys(row.partition, row.key);
      const entry = place && readable(log.row, row);
      if (entry) return [{ id: writeReference(place), entry, order: orderOf(row, entry) }];
      const { partition, key } = row;
      house.journal.line('alarm', 'logRowUnreadable', { partition, key });
      return [];
    })
    .sort((a, b) => (a.order < b.order ? -1 : 1));
}

function readable<Entry>(kind: RowKind<Entry>, row: ScannedRow): Entry | undefined {
  try {
    return readRow(kind, row).value;
  } catch {
    return undefined;
  }
}

/** Within an hour: the later, the smaller. It begins as the row's key does, with what is left of the hour. */
function orderOf({ partition, key }: ScannedRow, { at }: { readonly at: string }): string {
  const left = String(999 - new Date(at).getUTCMilliseconds()).padStart(3, '0');
  return `${key.slice(0, 4)}.${left}.${key.slice(5)}/${partition.at(-1)}`;
}

function hoursOf({ from, to, cursor }: Window): readonly string[] {
  const hours: string[] = [];
  for (let at = to; hourOf(at) >= hourOf(from); at = later(at, -hoursMs)) hours.push(hourOf(at));
  return hours.filter((hour) => cursor === undefined || hour <= cursor.hour);
}

const isWithin = ({ from, to }: Window, { at }: { readonly at: string }): boolean =>
  from.getTime() <= Date.parse(at) && Date.parse(at) <= to.getTime();

// ── one hour ─────────────────────────────────────────────────────────────────────────────────

/** Rows that nothing of their hour lies between, in no order; `end` sorts behind all of them. */
type Slice = { readonly rows: readonly ScannedRow[]; readonly end: string; readonly reads: number };

const pageRows = 1_000;
const shards = Array.from({ length: 16 }, (_, shard) => shard.toString(16));
/** 100 s each, by the first two digits of the row's key. */
const slicePrefixes = Array.from({ length: 36 }, (_, slice) => String(slice).padStart(2, '0'));

/**
 * Shards lie one behind the other, so an hour is in order only when all of them are read. A quiet one
 * is read whole; one with more rows than a page in slices of it, so that nobody's flood of sign-ins
 * can make a page of this list too much work.
 */
async function* slicesOf(
  house: HouseWithScan,
  word: string,
  hour: string,
  after: string,
): AsyncGenerator<Slice> {
  const rows: ScannedRow[] = [];
  const range = { from: `${word}.${hour}.`, to: `${word}.${hour}/` };
  let cursor: string | undefined;
  let reads = 0;
  do {
    const page = await house.scan.scan('log', range, { limit: pageRows, cursor });
    rows.push(...page.rows);
    ({ cursor } = page);
    reads++;
  } while (cursor !== undefined && rows.length < pageRows && reads < readsMax);
  if (cursor === undefined) {
    yield { rows, end: '~', reads };
    return;
  }
  for (const prefix of slicePrefixes) {
    const end = `${prefix}~`;
    if (end <= after) continue;
    const parts = await inParallel(shards, shards.length, async (shard) => {
      const partition = `${word}.${hour}.${shard}`;
      const found = await house.store.load(
        { table: 'log', key: partition },
        { prefixes: [prefix] },
      );
      return found.map((row) => ({ ...row, partition }));
    });
    yield { rows: parts.flat(), end, reads: shards.length };
  }
}
