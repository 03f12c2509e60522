import { expect, test } from 'vitest';
import type { Change } from '../../shared/ports.ts';
import { describeEachStore, freshOperation, freshPartition, loadOne } from './each-store.ts';

const insert = (key: string, value = {}): Change => ({ kind: 'insert', key, value });

describeEachStore('store', (store) => {
  test('answers what was stored, in key order, missing rows left out', async () => {
    const partition = freshPartition();
    const value = { text: 'é😀\u0000\n"', list: [1, null, { a: true }], none: undefined };
    await store().commit(partition, [insert('b', value), insert('a')], freshOperation());
    const rows = await store().load(partition, { keys: ['b', 'missing', 'a', 'b'] });
    expect(rows.map((row) => row.key)).toEqual(['a', 'b']);
    expect(rows[1]?.value).toEqual({ text: value.text, list: value.list });
    expect(await store().load(freshPartition())).toEqual([]);
    expect(await store().load(partition, { keys: ['missing'] })).toEqual([]);
  });

  test('an empty list of keys is no rows and no call, not the whole partition', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a')], freshOperation());
    const before = store().calls();
    expect(await store().load(partition, { keys: [] })).toEqual([]);
    expect(store().calls()).toBe(before);
  });

  test('shares no objects with its callers', async () => {
    const partition = freshPartition();
    const list = [1];
    await store().commit(partition, [insert('a', { list })], freshOperation());
    list.push(2);
    const first = await loadOne(store(), partition, 'a');
    (first.value['list'] as number[]).push(3);
    expect((await loadOne(store(), partition, 'a')).value).toEqual({ list: [1] });
  });

  test('one call for a load and a commit, two for a conflict', async () => {
    const partition = freshPartition();
    const callsOf = async (work: () => Promise<unknown>) => {
      const before = store().calls();
      await work();
      return store().calls() - before;
    };
    expect(await callsOf(() => store().commit(partition, [insert('a')], 'o1'))).toBe(1);
    expect(await callsOf(() => store().commit(partition, [insert('b'), insert('c')], 'o2'))).toBe(
      1,
    );
    expect(await callsOf(() => store().commit(partition, [insert('a')], 'o3'))).toBe(2);
    expect(await callsOf(() => store().load(partition, { keys: ['a'] }))).toBe(1);
    const query = { keys: ['a', 'x'], prefixes: ['b', 'c'] };
    expect(await callsOf(() => store().load(partition, query))).toBe(1);
    expect(await callsOf(() => store().load(partition))).toBe(1);
  });

  test('inserted twice is a conflict, and the first stays', async () => {
    const partition = freshPartition();
    expect(await store().commit(partition, [insert('a', { n: 1 })], freshOperation())).toBe('done');
    expect(await store().commit(partition, [insert('a', { n: 2 })], freshOperation())).toBe(
      'conflict',
    );
    expect((await loadOne(store(), partition, 'a')).value).toEqual({ n: 1 });
  });

  test('an operation id used again does not make another commit look stored', async () => {
    const partition = freshPartition();
    const operation = freshOperation();
    expect(await store().commit(partition, [insert('a', { n: 1 })], operation)).toBe('done');
    expect(await store().commit(partition, [insert('a', { n: 2 })], operation)).toBe('conflict');
  });

  test('replaced with an old etag is a conflict; replaces the whole value', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { n: 1, gone: true })], freshOperation());
    const { etag } = await loadOne(store(), partition, 'a');
    const replace = (n: number): Change => ({ kind: 'replace', key: 'a', value: { n }, etag });
    expect(await store().commit(partition, [replace(2)], freshOperation())).toBe('done');
    expect(await store().commit(partition, [replace(3)], freshOperation())).toBe('conflict');
    const together = [replace(3), insert('b')];
    expect(await store().commit(partition, together, freshOperation())).toBe('conflict');
    const row = await loadOne(store(), partition, 'a');
    expect(row.value).toEqual({ n: 2 });
    expect(row.etag).not.toBe(etag);
  });

  test('any version: replaces and deletes what is there, never what is not', async () => {
    const partition = freshPartition();
    const anyVersion: Change = { kind: 'replace', key: 'a', value: { n: 2 }, etag: '*' };
    expect(await store().commit(partition, [anyVersion], freshOperation())).toBe('conflict');
    await store().commit(partition, [insert('a', { n: 1 }), insert('b')], freshOperation());
    expect(await store().commit(partition, [anyVersion], freshOperation())).toBe('done');
    const together = [{ ...anyVersion, value: { n: 3 } }, insert('c')];
    expect(await store().commit(partition, together, freshOperation())).toBe('done');
    expect(await store().commit(partition, together, freshOperation())).toBe('conflict');
    expect((await loadOne(store(), partition, 'a')).value).toEqual({ n: 3 });
    const remove: Change = { kind: 'delete', key: 'a', etag: '*' };
    expect(await store().commit(partition, [remove], freshOperation())).toBe('done');
    expect(await store().load(partition, { keys: ['a'] })).toEqual([]);
    expect(await store().commit(partition, [remove], freshOperation())).toBe('conflict');
  });

  test('a value that needed more pieces leaves none behind when it shrinks', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { t: 'x'.repeat(100_000) })], freshOperation());
    const { etag } = await loadOne(store(), partition, 'a');
    const change: Change = { kind: 'replace', key: 'a', value: { t: 'y' }, etag };
    await store().commit(partition, [change], freshOperation());
    expect((await loadOne(store(), partition, 'a')).value).toEqual({ t: 'y' });
  });

  test('replacing and deleting what is not there is a conflict', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a')], freshOperation());
    const { etag } = await loadOne(store(), partition, 'a');
    const replace: Change = { kind: 'replace', key: 'b', value: {}, etag };
    const remove: Change = { kind: 'delete', key: 'b', etag };
    expect(await store().commit(partition, [replace], freshOperation())).toBe('conflict');
    expect(await store().commit(partition, [remove], freshOperation())).toBe('conflict');
  });

  test('delete: done once, refused with an old etag, alone and in a batch', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { n: 1 })], freshOperation());
    const old = await loadOne(store(), partition, 'a');
    const replace: Change = { ...old, kind: 'replace', value: { n: 2 } };
    await store().commit(partition, [replace], freshOperation());
    const remove = (etag: string): Change => ({ kind: 'delete', key: 'a', etag });
    expect(await store().commit(partition, [remove(old.etag)], freshOperation())).toBe('conflict');
    expect(await store().commit(partition, [remove(old.etag), insert('b')], freshOperation())).toBe(
      'conflict',
    );
    const { etag } = await loadOne(store(), partition, 'a');
    expect(await store().commit(partition, [insert('b'), remove(etag)], freshOperation())).toBe(
      'done',
    );
    expect((await store().load(partition)).map((row) => row.key)).toEqual(['b']);
    expect(await store().commit(partition, [remove(etag)], freshOperation())).toBe('conflict');
  });

  test('a batch is stored whole or not at all', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { n: 1 }), insert('b')], freshOperation());
    const [a, b] = await store().load(partition);
    if (!a || !b) throw new Error('not stored');
    const changes: Change[] = [
      insert('c'),
      { ...a, kind: 'replace', value: { n: 2 } },
      { kind: 'delete', key: 'b', etag: b.etag },
    ];
    const clash = [...changes, { ...a, key: 'd', kind: 'replace' } as const];
    expect(await store().commit(partition, clash, freshOperation())).toBe('conflict');
    expect(await store().load(partition)).toEqual([a, b]);
    expect(await store().commit(partition, changes, freshOperation())).toBe('done');
    const rows = await store().load(partition);
    expect(rows.map((row) => [row.key, row.value])).toEqual([
      ['a', { n: 2 }],
      ['c', {}],
    ]);
  });

  test('of 50 parallel replacements exactly one is done', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { winner: -1 })], freshOperation());
    const { etag } = await loadOne(store(), partition, 'a');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, winner) =>
        store().commit(
          partition,
          [{ kind: 'replace', key: 'a', value: { winner }, etag }],
          freshOperation(),
        ),
      ),
    );
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    const { value } = await loadOne(store(), partition, 'a');
    expect(value).toEqual({ winner: answers.indexOf('done') });
  });

  test('of 50 parallel inserts exactly one is done, in batches too', async () => {
    const partition = freshPartition();
    const race = (changes: (n: number) => Change[]) =>
      Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          store().commit(partition, changes(n), freshOperation()),
        ),
      );
    const alone = await race((n) => [insert('a', { n })]);
    expect(alone.filter((answer) => answer === 'done')).toHaveLength(1);
    const together = await race((n) => [insert(`own.${n}`), insert('b', { n })]);
    expect(together.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(await store().load(partition, { prefixes: ['own.'] })).toHaveLength(1);
  });

  test('a counter by rounds of load and commit is exact', async () => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a', { count: 0 })], freshOperation());
    let conflicts = 0;
    const increment = async (): Promise<void> => {
      const row = await loadOne(store(), partition, 'a');
      const count = Number(row.value['count']) + 1;
      const change: Change = { kind: 'replace', key: 'a', value: { count }, etag: row.etag };
      if ((await store().commit(partition, [change], freshOperation())) === 'done') return;
      conflicts++;
      await increment();
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect((await loadOne(store(), partition, 'a')).value).toEqual({ count: 20 });
    // else nothing raced and the test shows nothing
    expect(conflicts).toBeGreaterThan(0);
  });

  test('prefixes are exact at their edges', async () => {
    const partition = freshPartition();
    const keys = ['account', 'account-', 'account-x', 'account.', 'account.guest'];
    const others = [
      'account0',
      'account:',
      'accounT.x',
      'accoun',
      'session.',
      'session.z',
      'z',
      'Z',
    ];
    const changes = [...keys, ...others].map((key) => insert(key));
    await store().commit(partition, changes, freshOperation());
    const keysOf = async (query: { keys?: string[]; prefixes?: string[] }) =>
      (await store().load(partition, query)).map((row) => row.key);
    expect(await keysOf({ prefixes: ['account.'] })).toEqual(['account.', 'account.guest']);
    expect(await keysOf({ prefixes: ['account-'] })).toEqual(['account-', 'account-x']);
    expect(await keysOf({ prefixes: ['z'] })).toEqual(['z']);
    expect(await keysOf({ prefixes: ['nothing'] })).toEqual([]);
    expect(await keysOf({ prefixes: ['session.', 'account.'], keys: ['z', 'account.'] })).toEqual([
      'account.',
      'account.guest',
      'session.',
      'session.z',
      'z',
    ]);
    expect(await keysOf({ prefixes: [''] })).toEqual([...keys, ...others].sort());
  });
});
