import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../dev/fault-proxy.ts';
import type { TableStore } from '../../shared/adapters/store/discipline.ts';
import type { Partition } from '../../shared/ports.ts';
import { freshOperation } from './each-store.ts';
import { before, insert, nameOf, type Pair, withFaultyTables, writes } from './faulty-tables.ts';

const deadlineMs = 500;
const tables = withFaultyTables(deadlineMs);

type Verb = (store: TableStore, partition: Partition, rows: Pair) => Promise<unknown>;

const verbs: Readonly<Record<string, Verb>> = {
  'load of a row': (store, partition) => store.load(partition, { keys: ['a'] }),
  'load of rows': (store, partition) => store.load(partition, { keys: ['a'], prefixes: ['b'] }),
  ...Object.fromEntries(
    Object.entries(writes).map(([name, { changes }]): [string, Verb] => [
      name,
      (store, partition, rows) => store.commit(partition, changes(rows), freshOperation()),
    ]),
  ),
};
const everyVerb = Object.entries(verbs);

const lasting: Fault[] = [
  ...(['rst-before', 'rst-after', '500-after', 'hang', 'hang-after', '503', '429'] as const),
  { delayMs: 1_000 },
];

const faultOf = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => 'no fault',
    (thrown: unknown) => thrown,
  );

describe('A122: storage that does not answer', () => {
  test.each(lasting.map((kind) => ({ kind, name: nameOf(kind) })))(
    '$name: every verb ends in a fault, nothing half done',
    async ({ kind }) => {
      const ready = await Promise.all(
        everyVerb.map(async ([verb, work]) => ({ verb, work, ...(await tables.prepared()) })),
      );
      tables.proxy().rule(() => kind);
      const isApplied = typeof kind === 'string' && kind.endsWith('-after');
      await Promise.all(
        ready.map(async ({ verb, work, partition, rows }) => {
          const fault = await faultOf(() => work(tables.hasty(), partition, rows));
          expect(fault, verb).toMatchObject({ code: 'storageUnavailable', status: 503 });
          await sleep(50);
          const after = (isApplied && writes[verb]?.after) || before;
          expect(await tables.contents(partition), verb).toEqual(after);
        }),
      );
      // nobody below us tries again by himself; a call given up early may not have got through
      expect(tables.proxy().seen.length).toBeLessThanOrEqual(tables.calls());
      expect(tables.calls()).toBeGreaterThanOrEqual(2 * everyVerb.length);
      expect(tables.calls()).toBeLessThanOrEqual(8 * everyVerb.length);
    },
  );

  test('503, 429 and hang without end, usual deadline: a fault all the same', async () => {
    const kinds: Fault[] = ['503', '429', 'hang'];
    const ready = await Promise.all(
      kinds.map(async (kind) => ({ kind, ...(await tables.prepared()) })),
    );
    tables.proxy().rule(({ url, body }) => {
      const asked = ready.find(({ partition }) => (url + body).includes(partition.key));
      return asked?.kind;
    });
    await Promise.all(
      ready.map(async ({ kind, partition }) => {
        const fault = await faultOf(() =>
          tables.patient().commit(partition, [insert], freshOperation()),
        );
        expect(fault, nameOf(kind)).toMatchObject({ code: 'storageUnavailable' });
        expect(await tables.contents(partition), nameOf(kind)).toEqual(before);
      }),
    );
  }, 10_000);

  test.each(['503', 'hang', 'rst-before'] as const)('scan and remove + %s', async (kind) => {
    const { partition, rows } = await tables.prepared();
    const range = { from: partition.key, to: `${partition.key}.` };
    const scanned = rows.map((row) => ({ ...row, partition: partition.key }));
    tables.proxy().rule(() => kind);
    const works = [
      () => tables.hasty().scan('guests', range, { limit: 10 }),
      () => tables.hasty().remove('guests', scanned),
    ];
    for (const fault of await Promise.all(works.map(faultOf)))
      expect(fault).toMatchObject({ code: 'storageUnavailable' });
    expect(await tables.contents(partition)).toEqual(before);
  });

  test('an outage shorter than the deadline is waited out', async () => {
    const { partition } = await tables.prepared();
    tables.proxy().cut();
    const committed = tables.patient().commit(partition, [insert], freshOperation());
    const loaded = tables.patient().load(partition, { keys: ['a'] });
    await sleep(400);
    expect(await tables.contents(partition)).toEqual(before);
    tables.proxy().restore();
    expect(await committed).toBe('done');
    expect(await loaded).toHaveLength(1);
    expect(await tables.contents(partition)).toEqual({ ...before, c: 2 });
  });

  test('an outage in the middle of a request is no different', async () => {
    const { partition } = await tables.prepared();
    tables.faultFirst('hang-after');
    const committed = tables.patient().commit(partition, [insert], freshOperation());
    await sleep(100);
    tables.proxy().cut();
    await sleep(100);
    tables.proxy().restore();
    expect(await committed).toBe('done');
    expect(await tables.contents(partition)).toEqual({ ...before, c: 2 });
  });

  test('no fault shows the account key, a signature or a partition', async () => {
    const { partition, rows } = await tables.prepared();
    for (const kind of ['503', 'rst-before', 'hang'] as const) {
      tables.proxy().rule(() => kind);
      const works = everyVerb.map(
        ([, work]) =>
          () =>
            work(tables.hasty(), partition, rows),
      );
      for (const fault of await Promise.all(works.map(faultOf))) {
        const text = inspect(fault, { depth: 20, showHidden: true });
        expect(text).toContain('storageUnavailable');
        expect(text).not.toMatch(/SharedKey|authorization|devstoreaccount1/i);
        expect(text).not.toContain(tables.accountKey());
        expect(text).not.toContain(partition.key);
      }
    }
  });
});
