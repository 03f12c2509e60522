import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { inAscii } from '../../shared/adapters/store/format.ts';
import type { Change } from '../../shared/ports.ts';
import { describeEachStore, freshOperation, freshPartition, loadOne } from './each-store.ts';

const insert = (key: string, value = {}): Change => ({ kind: 'insert', key, value });

const badCharacters = '/ \\ # ? % + = & \' " \u0000 \t \n \u007f \u0080 ä 😀 \u202e \ud800'.split(
  ' ',
);
const badKeys = ['', ' ', 'a b', 'a\n', 'x'.repeat(600), ...badCharacters.map((it) => `a${it}b`)];
/** Printable, and short enough for a test's name. */
const named = (key: string) => ({ key, name: inAscii(JSON.stringify(key)).slice(0, 20) });
const injections = [
  "x' or PartitionKey ne 'x",
  "x'' or '1' eq '1",
  'x%27 or PartitionKey ne %27x',
  "x\u2019 or PartitionKey ne 'x",
];

describeEachStore('store limits', (store) => {
  test.each(badKeys.map(named))('A114: key $name is refused before a request', async ({ key }) => {
    const good = freshPartition();
    const bad = { ...good, key };
    const etag = 'W/"1"';
    const row = { partition: key, key: 'a', value: {}, etag };
    const before = store().calls();
    const attempts = [
      () => store().load(bad),
      () => store().load(good, { keys: ['a', key] }),
      () => store().commit(bad, [insert('a')], freshOperation()),
      () => store().commit(good, [insert(key)], freshOperation()),
      () => store().commit(good, [insert('a'), insert(key)], freshOperation()),
      () => store().commit(good, [{ kind: 'replace', key, value: {}, etag }], freshOperation()),
      () => store().commit(good, [{ kind: 'delete', key, etag }], freshOperation()),
      () => store().remove('guests', [row]),
      () => store().remove('guests', [{ ...row, partition: 'p', key }]),
      // the empty prefix is the whole partition
      ...(key === '' ? [] : [() => store().load(good, { prefixes: [key] })]),
    ];
    for (const attempt of attempts) {
      const fault: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(fault).toMatchObject({ code: 'storedRowUnreadable' });
      if (key.length > 3) expect(inspect(fault, { depth: 9 })).not.toContain(key);
    }
    expect(store().calls()).toBe(before);
    expect(await store().load(good)).toEqual([]);
  });

  test('A114: 512 characters and every allowed character make a key', async () => {
    const letters = 'ABCXYZabcxyz0189._:-';
    const partition = freshPartition('guests', letters);
    const keys = ['.', '..', '-', ':', letters, 'x'.repeat(512)];
    await store().commit(
      partition,
      keys.map((key) => insert(key)),
      freshOperation(),
    );
    for (const key of keys) {
      const row = await loadOne(store(), partition, key);
      const change: Change = { ...row, kind: 'replace', value: { key } };
      expect(await store().commit(partition, [change], freshOperation())).toBe('done');
    }
    expect((await store().load(partition)).map((row) => row.value['key'])).toEqual(keys.sort());
  });

  test.each(injections)('A115: %j finds nothing', async (text) => {
    const partition = freshPartition();
    await store().commit(partition, [insert('a'), insert('b')], freshOperation());
    const refused = { code: 'storedRowUnreadable' };
    await expect(store().load(partition, { keys: ['a', text] })).rejects.toMatchObject(refused);
    await expect(store().load(partition, { prefixes: [text] })).rejects.toMatchObject(refused);
    await expect(store().load({ ...partition, key: text })).rejects.toMatchObject(refused);
    // ends of a range may hold a quote: it stays text
    const scan = async (from: string, to: string) =>
      (await store().scan('guests', { from, to }, { limit: 100 })).rows;
    if (/^[ -~]*$/.test(text)) {
      expect(await scan(text, text)).toEqual([]);
      expect(await scan(`zz${text}`, `zz${text}z`)).toEqual([]);
    } else await expect(scan(text, '~')).rejects.toMatchObject(refused);
  });

  test.each(['', '**', 'W/"a"b"', 'W/"a"\r\nX: y', 'datetime'])(
    'A115: %j is no etag: nothing is written without a condition',
    async (etag) => {
      const partition = freshPartition();
      await store().commit(partition, [insert('a', { n: 1 })], freshOperation());
      const changes: Change[] = [
        { kind: 'replace', key: 'a', value: {}, etag },
        { kind: 'delete', key: 'a', etag },
      ];
      for (const change of changes) {
        for (const more of [[], [insert('b')]]) {
          await expect(
            store().commit(partition, [change, ...more], freshOperation()),
          ).rejects.toMatchObject({ code: 'storedRowUnreadable' });
        }
      }
      expect((await loadOne(store(), partition, 'a')).value).toEqual({ n: 1 });
    },
  );

  test('A116: 200 KB with emoji on every edge of a piece come back', async () => {
    const partition = freshPartition();
    // one more unit in front each time, so that some pair lies across an edge
    for (const [index, front] of ['', 'a', 'ab', 'abc'].entries()) {
      const value = { text: front + '😀'.repeat(50_000), end: '\ud83d' };
      const key = `big.${index}`;
      // alone, and in a transaction
      const changes = [insert(key, value), insert(`${key}.more`)].slice(0, 1 + (index % 2));
      expect(await store().commit(partition, changes, freshOperation())).toBe('done');
      const loaded = (await loadOne(store(), partition, key)).value;
      // no toEqual: a difference would print it all
      expect(loaded['text'] === value.text && loaded['end'] === value.end).toBe(true);
    }
  });

  test('A116: an entity just under 1 MiB is stored, one over it refused', async () => {
    const partition = freshPartition();
    const sized = (units: number) => [insert('a', { t: 'x'.repeat(units) })];
    const tooLarge = { code: 'storedRowTooLarge' };
    const before = store().calls();
    const over = store().commit(partition, sized(524_200), freshOperation());
    await expect(over).rejects.toMatchObject(tooLarge);
    await expect(
      store().commit(partition, sized(5_000_000), freshOperation()),
    ).rejects.toMatchObject(tooLarge);
    expect(store().calls()).toBe(before);
    expect(await store().commit(partition, sized(523_900), freshOperation())).toBe('done');
  });

  test('A116: 100 rows are one batch, 101 are refused, so are 4 MiB', async () => {
    const partition = freshPartition();
    const rows = (count: number, value = {}) =>
      Array.from({ length: count }, (_, n) => insert(`r.${n}`, value));
    const tooLarge = { code: 'storedRowTooLarge' };
    const before = store().calls();
    await expect(store().commit(partition, rows(101), freshOperation())).rejects.toMatchObject(
      tooLarge,
    );
    const wide = rows(6, { t: 'ü'.repeat(400_000) });
    await expect(store().commit(partition, wide, freshOperation())).rejects.toMatchObject(tooLarge);
    expect(store().calls()).toBe(before);
    expect(await store().commit(partition, rows(100), freshOperation())).toBe('done');
    expect(await store().load(partition)).toHaveLength(100);
  });

  test('A116: nothing, a row twice and an empty operation id are refused', async () => {
    const partition = freshPartition();
    const unexpected = { code: 'unexpected' };
    await expect(store().commit(partition, [], freshOperation())).rejects.toMatchObject(unexpected);
    await expect(
      store().commit(partition, [insert('a'), insert('a')], freshOperation()),
    ).rejects.toMatchObject(unexpected);
    await expect(store().commit(partition, [insert('a')], '')).rejects.toThrow();
    expect(await store().load(partition)).toEqual([]);
  });
});
