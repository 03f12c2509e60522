import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../core/errors.ts';
import type { Partition, Scan, ScannedRow, Store, StoredRow, TableName } from '../../ports.ts';
import {
  batchRowsMax,
  checkBound,
  checkEtag,
  checkKey,
  checkOperationId,
  decodeRow,
  isSameWrite,
} from './format.ts';
import { checkWrites, comparisonsMax, inQueries, rangesOf, toWrite } from './requests.ts';
import {
  type RowRange,
  Unanswered,
  type Where,
  type Wire,
  type WireRow,
  type Write,
} from './wire.ts';

/**
 * Both store ports over any table service: deadlines, retries, size checks, lost answers and the
 * counting of calls. The SDK has no deadline, retries 503 but not 429, and reports a write whose
 * answer was lost as a conflict.
 *
 * @see Azure docs: "Querying tables and entities", "Latest client library for tables: retry policy"
 */
export type DisciplineOptions = {
  /** From the first request of a `load` or `commit` to its last answer, retries included. */
  readonly deadlineMs?: number;
  /** Once for every request sent, retries included. */
  readonly onCall?: () => void;
};

export type TableStore = Store & Scan & { ensureTables(): Promise<void> };

const pageRowsMax = 1_000;
const attemptsMax = 8;
const firstPauseMs = 50;
const pauseMaxMs = 1_000;
/** With less time than this left a request is not worth sending. */
const attemptMinMs = 20;
/** So that one request that hangs leaves time for another. */
const attemptShare = 0.4;
/** The service may search 5 s for one page; clean-up, unlike a guest, can wait for it. */
const scanDeadlineFactor = 5;

const everyTable: Readonly<Record<TableName, true>> = {
  expiring: true,
  guests: true,
  directory: true,
  config: true,
  log: true,
};

export const tableNames = Object.keys(everyTable) as readonly TableName[];

/** The time one verb may take, and whether an answer was lost on the way. */
class Budget {
  lost = false;
  readonly #end: number;
  readonly #attemptMs: number;
  readonly #onCall: () => void;

  constructor(totalMs: number, onCall: () => void) {
    this.#end = performance.now() + totalMs;
    this.#attemptMs = totalMs * attemptShare;
    this.#onCall = onCall;
  }

  /** Sends until there is an answer, at most `attemptsMax` times. */
  async call<T>(send: (timeoutMs: number) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const leftMs = this.#end - performance.now();
      if (leftMs < attemptMinMs) throw new Fault('storageUnavailable', { detail: 'deadline' });
      this.#onCall();
      try {
        return await send(Math.floor(Math.min(leftMs, this.#attemptMs)));
      } catch (thrown) {
        if (!(thrown instanceof Unanswered)) throw thrown;
        this.lost = true;
        // half fixed, half random: the losers of one throttling must not come back together
        const longestMs = Math.min(firstPauseMs * 2 ** (attempt - 1), pauseMaxMs);
        const pauseMs = longestMs * (0.5 + Math.random() / 2);
        if (attempt === attemptsMax || performance.now() + pauseMs > this.#end - attemptMinMs) {
          throw new Fault('storageUnavailable', { cause: thrown });
        }
        await sleep(pauseMs);
      }
    }
  }
}

export function disciplined(wire: Wire, options: DisciplineOptions = {}): TableStore {
  const { deadlineMs = 4_000, onCall = () => {} } = options;
  const requestBudget = () => new Budget(deadlineMs, onCall);
  const scanBudget = () => new Budget(deadlineMs * scanDeadlineFactor, onCall);

  async function allPages(budget: Budget, table: TableName, where: Where): Promise<WireRow[]> {
    const rows: WireRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await budget.call((timeoutMs) =>
        wire.query(table, where, { limit: pageRowsMax, cursor }, timeoutMs),
      );
      rows.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return rows;
  }

  async function rowsIn(
    budget: Budget,
    partition: Partition,
    ranges: readonly RowRange[] | undefined,
  ): Promise<Map<string, WireRow>> {
    const found = new Map<string, WireRow>();
    for (const rows of ranges ? inQueries(ranges) : [undefined]) {
      const where: Where = { partition: partition.key, ...(rows && { rows }) };
      for (const row of await allPages(budget, partition.table, where)) found.set(row.key, row);
    }
    return found;
  }

  /**
   * After a refusal: was it our own earlier attempt that is in the way?
   *
   * A transaction is atomic, so one row that is as we wrote it proves all of it; the others may
   * have been changed since. What cannot be seen is our write when every row read back was
   * changed again in the meantime: that answers `conflict`, and the caller plans on what is there.
   *
   * Deletes leave nothing to recognise: they are ours if an answer was lost and all rows are gone.
   * That another operation deleted them in that moment makes no difference to what is stored,
   * but is why nothing is ever consumed by delete.
   */
  async function isOurs(
    budget: Budget,
    partition: Partition,
    writes: readonly Write[],
  ): Promise<boolean> {
    const stored = writes.flatMap((write) => (write.kind === 'delete' ? [] : [write]));
    if (stored.length === 0) {
      if (!budget.lost) return false;
      return (await rowsIn(budget, partition, writes)).size === 0;
    }
    const sample = stored.slice(0, comparisonsMax);
    const found = await rowsIn(budget, partition, sample);
    return sample.some(({ key, properties }) => {
      const row = found.get(key);
      return row !== undefined && isSameWrite(row.properties, properties);
    });
  }

  async function write(
    budget: Budget,
    partition: Partition,
    writes: readonly Write[],
  ): Promise<'done' | 'conflict'> {
    const answer = await budget.call((timeoutMs) =>
      wire.write(partition.table, partition.key, writes, timeoutMs),
    );
    if (answer === 'written' || (await isOurs(budget, partition, writes))) return 'done';
    return 'conflict';
  }

  /** A batch with a changed row is halved until that row stands alone. */
  async function removeFrom(partition: Partition, rows: readonly ScannedRow[]): Promise<number> {
    const deletes = rows.map(({ key, etag }): Write => ({ kind: 'delete', key, etag }));
    if ((await write(scanBudget(), partition, deletes)) === 'done') return rows.length;
    if (rows.length === 1) return 0;
    const middle = Math.ceil(rows.length / 2);
    return (
      (await removeFrom(partition, rows.slice(0, middle))) +
      (await removeFrom(partition, rows.slice(middle)))
    );
  }

  return {
    async load(partition, query = {}) {
      checkKey(partition.key);
      const found = await rowsIn(requestBudget(), partition, rangesOf(query));
      return [...found.values()]
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map((row) => toStoredRow(partition.table, row));
    },

    async commit(partition, changes, operationId) {
      checkKey(partition.key);
      checkOperationId(operationId);
      const writes = changes.map((change) => toWrite(partition, change, operationId));
      checkWrites(writes);
      return await write(requestBudget(), partition, writes);
    },

    async scan(table, range, page) {
      checkBound(range.from);
      checkBound(range.to);
      if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > pageRowsMax) {
        throw new Fault('unexpected', { detail: 'scan limit' });
      }
      const { rows, cursor } = await scanBudget().call((timeoutMs) =>
        wire.query(table, { partitions: range }, page, timeoutMs),
      );
      return {
        rows: rows.map((row) => ({ ...toStoredRow(table, row), partition: row.partition })),
        cursor,
      };
    },

    async remove(table, rows) {
      let removed = 0;
      for (const [key, together] of Map.groupBy(rows, (row) => row.partition)) {
        checkKey(key);
        for (const row of together) {
          checkKey(row.key);
          checkEtag(row.etag);
        }
        const once = [...new Map(together.map((row) => [row.key, row])).values()];
        for (let start = 0; start < once.length; start += batchRowsMax) {
          removed += await removeFrom({ table, key }, once.slice(start, start + batchRowsMax));
        }
      }
      return removed;
    },

    async ensureTables() {
      const budget = scanBudget();
      await Promise.all(
        tableNames.map((table) => budget.call((timeoutMs) => wire.ensureTable(table, timeoutMs))),
      );
    },
  };
}

function toStoredRow(table: TableName, row: WireRow): StoredRow {
  return { key: row.key, value: decodeRow(table, row.key, row.properties), etag: row.etag };
}
