import { expect, test, vi } from 'vitest';
import { disciplined } from '../../../shared/adapters/store/discipline.ts';
import { encodeRow } from '../../../shared/adapters/store/format.ts';
import { openMemory } from '../../../shared/adapters/store/memory.ts';
import {
  Unanswered,
  type Where,
  type Wire,
  type WireRow,
  type Write,
} from '../../../shared/adapters/store/wire.ts';
import { Fault } from '../../../shared/core/errors.ts';
import type { Change } from '../../../shared/ports.ts';

const partition = { table: 'guests', key: 'p' } as const;
const insert = (key: string, value = {}): Change => ({ kind: 'insert', key, value });
const remove = (key: string): Change => ({ kind: 'delete', key, etag: 'W/"1"' });

function stored(key: string, operationId: string, value = {}): WireRow {
  return {
    partition: 'p',
    key,
    etag: 'W/"7"',
    properties: encodeRow('p', key, value, operationId),
  };
}

type Answer = 'written' | 'refused' | 'lost';
type Page = { rows: WireRow[]; cursor?: string } | 'lost';

/** A table service that answers what it is told, and shows what it was asked. */
function scripted(script: { writes?: Answer[]; pages?: Page[] }) {
  const asked: { wheres: Where[]; cursors: (string | undefined)[]; writes: (readonly Write[])[] } =
    {
      wheres: [],
      cursors: [],
      writes: [],
    };
  let calls = 0;
  const wire: Wire = {
    async query(_table, where, page) {
      asked.wheres.push(where);
      asked.cursors.push(page.cursor);
      const answer = script.pages?.shift() ?? { rows: [] };
      if (answer === 'lost') throw new Unanswered('scripted');
      return answer;
    },
    async write(_table, _partition, writes) {
      asked.writes.push(writes);
      const answer = script.writes?.shift() ?? 'written';
      if (answer === 'lost') throw new Unanswered('scripted');
      return answer;
    },
    async ensureTable() {},
  };
  const onCall = () => {
    calls++;
  };
  return { store: disciplined(wire, { deadlineMs: 2_000, onCall }), asked, calls: () => calls };
}

test('pages are followed, empty ones too', async () => {
  const { store, asked, calls } = scripted({
    pages: [
      { rows: [], cursor: 'c1' },
      { rows: [stored('b', 'o')], cursor: 'c2' },
      { rows: [], cursor: 'c3' },
      { rows: [stored('a', 'o')] },
    ],
  });
  expect((await store.load(partition)).map((row) => row.key)).toEqual(['a', 'b']);
  expect(asked.cursors).toEqual([undefined, 'c1', 'c2', 'c3']);
  expect(calls()).toBe(4);
});

test('an empty page of a scan is handed on with its cursor', async () => {
  const { store } = scripted({ pages: [{ rows: [], cursor: 'c1' }] });
  const page = await store.scan('log', { from: 'a', to: 'b' }, { limit: 5 });
  expect(page).toEqual({ rows: [], cursor: 'c1' });
});

test('no query makes more than 15 comparisons, and none is made twice', async () => {
  const { store, asked } = scripted({});
  const keys = Array.from({ length: 16 }, (_, n) => `k${n}`);
  await store.load(partition, { keys: [...keys, ...keys], prefixes: ['p1.', 'p2.', 'p1.'] });
  const ranges = asked.wheres.map((where) => ('partition' in where && where.rows) || []);
  expect(ranges.map((rows) => rows.length)).toEqual([14, 4]);
  expect(ranges.flat()).toEqual([
    ...keys.map((key) => ({ key })),
    { from: 'p1.', to: 'p1/' },
    { from: 'p2.', to: 'p2/' },
  ]);
});

test('twelve keys and a prefix are one query', async () => {
  const { store, calls } = scripted({});
  const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
  await store.load(partition, { keys, prefixes: ['p.'] });
  expect(calls()).toBe(1);
});

test('a batch is ours if one of its rows is, though others were changed since', async () => {
  const { store } = scripted({
    writes: ['lost', 'refused'],
    pages: [{ rows: [stored('a', 'theirs'), stored('b', 'ours')] }],
  });
  expect(await store.commit(partition, [insert('a'), insert('b')], 'ours')).toBe('done');
});

test('a row with our operation id and another value is not this write', async () => {
  const { store } = scripted({
    writes: ['refused'],
    pages: [{ rows: [stored('a', 'ours', { n: 1 })] }],
  });
  expect(await store.commit(partition, [insert('a', { n: 2 })], 'ours')).toBe('conflict');
});

test('a lost write that was changed again before the read-back is a conflict', async () => {
  const { store } = scripted({
    writes: ['lost', 'refused'],
    pages: [{ rows: [stored('a', 'theirs')] }],
  });
  expect(await store.commit(partition, [insert('a')], 'ours')).toBe('conflict');
});

test('the read-back of a large batch is one query', async () => {
  const { store, asked, calls } = scripted({ writes: ['refused'] });
  const changes = Array.from({ length: 100 }, (_, n) => insert(`r.${n}`));
  expect(await store.commit(partition, changes, 'ours')).toBe('conflict');
  expect(asked.wheres).toHaveLength(1);
  expect(calls()).toBe(2);
});

test('a delete that finds nothing is a conflict, without a read-back', async () => {
  const { store, calls } = scripted({ writes: ['refused'] });
  expect(await store.commit(partition, [remove('a')], 'ours')).toBe('conflict');
  expect(calls()).toBe(1);
});

test('a delete that finds nothing after a lost answer is done if the row is gone', async () => {
  const gone = scripted({ writes: ['lost', 'refused'], pages: [{ rows: [] }] });
  expect(await gone.store.commit(partition, [remove('a')], 'ours')).toBe('done');
  const there = scripted({ writes: ['lost', 'refused'], pages: [{ rows: [stored('a', 'x')] }] });
  expect(await there.store.commit(partition, [remove('a')], 'ours')).toBe('conflict');
});

test('deletes of 20 rows after a lost answer are done only if all are gone', async () => {
  const changes = Array.from({ length: 20 }, (_, n) => remove(`r.${n}`));
  const last = scripted({
    writes: ['lost', 'refused'],
    pages: [{ rows: [] }, { rows: [stored('r.19', 'x')] }],
  });
  expect(await last.store.commit(partition, changes, 'ours')).toBe('conflict');
  const none = scripted({ writes: ['lost', 'refused'] });
  expect(await none.store.commit(partition, changes, 'ours')).toBe('done');
});

test('a fault is not tried again', async () => {
  const fault = new Fault('storageUnavailable', { cause: new Error('HTTP 403') });
  let calls = 0;
  const refusing: Wire = {
    query: () => Promise.reject(fault),
    write: () => Promise.reject(fault),
    ensureTable: () => Promise.reject(fault),
  };
  const store = disciplined(refusing, { onCall: () => calls++ });
  await expect(store.load(partition)).rejects.toBe(fault);
  await expect(store.commit(partition, [insert('a')], 'o')).rejects.toBe(fault);
  await expect(store.ensureTables()).rejects.toBe(fault);
  expect(calls).toBe(2 + 5);
});

test('one request never gets the whole deadline, and all of them together no more', async () => {
  const timeouts: number[] = [];
  const slow: Wire = {
    async query(_table, _where, _page, timeoutMs) {
      timeouts.push(timeoutMs);
      await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      throw new Unanswered('scripted');
    },
    write: () => Promise.resolve('written'),
    ensureTable: () => Promise.resolve(),
  };
  const loading = disciplined(slow, { deadlineMs: 300 }).load(partition);
  await expect(loading).rejects.toMatchObject({ code: 'storageUnavailable' });
  expect(timeouts.length).toBeGreaterThan(1);
  expect(timeouts.reduce((sum, timeoutMs) => sum + timeoutMs, 0)).toBeLessThanOrEqual(300);
  for (const timeoutMs of timeouts) expect(timeoutMs).toBeLessThanOrEqual(120);
});

test('the memory store does not stop under a fake clock', async () => {
  vi.useFakeTimers();
  try {
    const store = openMemory();
    expect(await store.commit(partition, [insert('a')], 'o')).toBe('done');
    expect(await store.load(partition)).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
