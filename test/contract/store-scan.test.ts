import { expect, test } from 'vitest';
import type { Change, ScannedRow } from '../../shared/ports.ts';
import type { TestedStore } from './each-store.ts';
import { describeEachStore, freshOperation, freshPartition, loadOne } from './each-store.ts';

const insert = (key: string, value = {}): Change => ({ kind: 'insert', key, value });

/** Three partitions that begin alike: two of two rows, one of one. */
async function threePartitions(store: TestedStore) {
  const { key: base } = freshPartition('log');
  for (const [name, keys] of Object.entries({ '.a': ['1', '2'], '.b': ['1'], '.c': ['1', '2'] })) {
    const changes = keys.map((key) => insert(key, { name }));
    await store.commit({ table: 'log', key: base + name }, changes, freshOperation());
  }
  return { base, from: `${base}.`, to: `${base}/` };
}

async function scanAll(store: TestedStore, range: { from: string; to: string }, limit: number) {
  const pages: ScannedRow[][] = [];
  let cursor: string | undefined;
  do {
    const page = await store.scan('log', range, { limit, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    pages.push([...page.rows]);
    cursor = page.cursor;
    if (cursor !== undefined) expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  } while (cursor !== undefined && pages.length < 20);
  return pages.flat();
}

describeEachStore('scan', (store) => {
  test.each([1, 2, 3, 1_000])('pages of %i give every row once, in key order', async (limit) => {
    const { base, from, to } = await threePartitions(store());
    const rows = await scanAll(store(), { from, to }, limit);
    expect(rows.map((row) => `${row.partition.slice(base.length)}/${row.key}`)).toEqual([
      '.a/1',
      '.a/2',
      '.b/1',
      '.c/1',
      '.c/2',
    ]);
    expect(rows[2]?.value).toEqual({ name: '.b' });
  });

  test('a range includes its beginning, not its end, and may be empty', async () => {
    const { base, to } = await threePartitions(store());
    const partitions = async (range: { from: string; to: string }) =>
      new Set((await scanAll(store(), range, 2)).map((row) => row.partition.slice(base.length)));
    expect(await partitions({ from: `${base}.a`, to: `${base}.c` })).toEqual(new Set(['.a', '.b']));
    expect(await partitions({ from: `${base}.b`, to: `${base}.b` })).toEqual(new Set());
    expect(await partitions({ from: `${base}.d`, to })).toEqual(new Set());
    expect(await partitions({ from: to, to: `${base}.` })).toEqual(new Set());
  });

  test('a cursor that is none, and a page that is too large, are refused', async () => {
    const range = { from: '', to: '~' };
    await expect(
      store().scan('log', range, { limit: 1, cursor: 'no-cursor' }),
    ).rejects.toMatchObject({ code: 'requestMalformed' });
    for (const limit of [0, 1_001, 1.5, Number.NaN]) {
      await expect(store().scan('log', range, { limit })).rejects.toMatchObject({
        code: 'unexpected',
      });
    }
  });

  test('remove deletes across partitions and counts what it deleted', async () => {
    const { from, to } = await threePartitions(store());
    const rows = await scanAll(store(), { from, to }, 1_000);
    expect(await store().remove('log', rows.slice(0, 4))).toBe(4);
    expect(await scanAll(store(), { from, to }, 1_000)).toEqual(rows.slice(4));
    expect(await store().remove('log', rows)).toBe(1);
    expect(await store().remove('log', rows)).toBe(0);
    expect(await store().remove('log', [])).toBe(0);
  });

  test('remove spares rows that were changed, and only those', async () => {
    const partition = freshPartition('log');
    const keys = Array.from({ length: 120 }, (_, n) => `r.${String(n).padStart(3, '0')}`);
    for (const half of [keys.slice(0, 60), keys.slice(60)]) {
      await store().commit(
        partition,
        half.map((key) => insert(key)),
        freshOperation(),
      );
    }
    const range = { from: partition.key, to: `${partition.key}.` };
    const rows = await scanAll(store(), range, 1_000);
    expect(rows).toHaveLength(120);
    for (const key of ['r.007', 'r.111']) {
      const { etag } = await loadOne(store(), partition, key);
      const change: Change = { kind: 'replace', key, value: { changed: true }, etag };
      await store().commit(partition, [change], freshOperation());
    }
    expect(await store().remove('log', [...rows, ...rows.slice(0, 3)])).toBe(118);
    const left = await store().load(partition);
    expect(left.map((row) => [row.key, row.value])).toEqual([
      ['r.007', { changed: true }],
      ['r.111', { changed: true }],
    ]);
  });
});
