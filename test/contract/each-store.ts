import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { startAzurite } from '../../dev/azurite.ts';
import type { DisciplineOptions, TableStore } from '../../shared/adapters/store/discipline.ts';
import { openMemory } from '../../shared/adapters/store/memory.ts';
import { openTables } from '../../shared/adapters/store/tables.ts';
import type { Partition, StoredRow, TableName } from '../../shared/ports.ts';

export type TestedStore = TableStore & { readonly calls: () => number };

type Azurite = Awaited<ReturnType<typeof startAzurite>>;

/** The same tests on both adapters: what holds on one must hold on the other. */
export function describeEachStore(title: string, tests: (store: () => TestedStore) => void): void {
  describe(`${title}, in memory`, () => {
    const store = counted(openMemory);
    tests(() => store);
  });

  describe(`${title}, on Azurite`, () => {
    let azurite: Azurite;
    let store: TestedStore;
    beforeAll(async () => {
      azurite = await startAzurite();
      const { connectionString } = azurite;
      store = counted((options) => openTables({ connectionString, ...options }));
      await store.ensureTables();
    });
    afterAll(() => azurite[Symbol.asyncDispose]());
    tests(() => store);
  });
}

function counted(open: (options: DisciplineOptions) => TableStore): TestedStore {
  let calls = 0;
  const onCall = () => {
    calls++;
  };
  return { ...open({ onCall }), calls: () => calls };
}

/** A partition no other test writes to. */
export function freshPartition(table: TableName = 'guests', prefix = 'p'): Partition {
  return { table, key: `${prefix}${randomBytes(8).toString('hex')}` };
}

export function freshOperation(): string {
  return randomBytes(16).toString('hex');
}

export async function loadOne(
  store: Pick<TableStore, 'load'>,
  partition: Partition,
  key: string,
): Promise<StoredRow> {
  const [row] = await store.load(partition, { keys: [key] });
  if (!row) throw new Error(`no row ${key}`);
  return row;
}
