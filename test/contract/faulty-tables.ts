import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startAzurite, tableConnectionString } from '../../dev/azurite.ts';
import { type Fault, startFaultProxy } from '../../dev/fault-proxy.ts';
import type { TableStore } from '../../shared/adapters/store/discipline.ts';
import { openTables } from '../../shared/adapters/store/tables.ts';
import type { Change, Partition, StoredRow } from '../../shared/ports.ts';
import { freshOperation, freshPartition } from './each-store.ts';

export type Proxy = Awaited<ReturnType<typeof startFaultProxy>>;

/** Azurite behind the fault proxy, for a whole test file. */
export function withFaultyTables(deadlineMs: number) {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let proxy: Proxy;
  let direct: TableStore;
  let calls = 0;

  const through = (options: { deadlineMs?: number }) =>
    openTables({
      connectionString: tableConnectionString(proxy.url),
      onCall: () => {
        calls++;
      },
      ...options,
    });
  let hasty: TableStore;
  let patient: TableStore;

  beforeAll(async () => {
    azurite = await startAzurite();
    proxy = await startFaultProxy(azurite.url);
    direct = openTables({ connectionString: azurite.connectionString });
    hasty = through({ deadlineMs });
    patient = through({});
    await direct.ensureTables();
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await azurite[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    proxy.restore();
    proxy.rule(undefined);
    proxy.seen.length = 0;
    calls = 0;
  });

  async function contents(partition: Partition): Promise<Contents> {
    const rows = await direct.load(partition);
    return Object.fromEntries(rows.map((row) => [row.key, Number(row.value['n'])]));
  }

  async function prepared(): Promise<{ partition: Partition; rows: Pair }> {
    const partition = freshPartition();
    await direct.commit(partition, initial, freshOperation());
    const [a, b] = await direct.load(partition);
    if (!a || !b) throw new Error('not stored');
    return { partition, rows: [a, b] };
  }

  return {
    contents,
    prepared,
    proxy: () => proxy,
    accountKey: () => azurite.key,
    /** Past the proxy: for what others do meanwhile. */
    direct: () => direct,
    /** With `deadlineMs`. */
    hasty: () => hasty,
    /** With the usual deadline. */
    patient: () => patient,
    calls: () => calls,
    /** What happens to the first requests about each partition; the rest passes. */
    faultFirst(...faults: Fault[]): void {
      const counts = new Map<string, number>();
      proxy.rule(({ url, body }) => {
        const partition = /p[0-9a-f]{16}/.exec(url + body)?.[0] ?? '';
        const count = counts.get(partition) ?? 0;
        counts.set(partition, count + 1);
        return faults[count];
      });
    },
  };
}

export type Pair = readonly [a: StoredRow, b: StoredRow];
/** `n` of every row of a partition. */
export type Contents = Readonly<Record<string, number>>;

const initial: Change[] = [
  { kind: 'insert', key: 'a', value: { n: 1 } },
  { kind: 'insert', key: 'b', value: { n: 1 } },
];
export const before: Contents = { a: 1, b: 1 };

export const insert: Change = { kind: 'insert', key: 'c', value: { n: 2 } };
export const replace = (row: StoredRow, n = 2): Change => ({
  ...row,
  kind: 'replace',
  value: { n },
});
const remove = ({ key, etag }: StoredRow): Change => ({ kind: 'delete', key, etag });

/** Every write a flow or the clean-up can make, and what is stored after it. */
export const writes: Readonly<
  Record<string, { changes: (rows: Pair) => Change[]; after: Contents }>
> = {
  insert: { changes: () => [insert], after: { a: 1, b: 1, c: 2 } },
  replace: { changes: ([a]) => [replace(a)], after: { a: 2, b: 1 } },
  delete: { changes: ([a]) => [remove(a)], after: { b: 1 } },
  batch: { changes: ([a, b]) => [remove(b), insert, replace(a)], after: { a: 2, c: 2 } },
  'batch of deletes': { changes: (rows) => rows.map(remove), after: {} },
};

export function nameOf(fault: Fault): string {
  return typeof fault === 'string' ? fault : `answer after ${fault.delayMs} ms`;
}
