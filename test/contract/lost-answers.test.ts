import { describe, expect, test } from 'vitest';
import type { Fault } from '../../dev/fault-proxy.ts';
import { freshOperation } from './each-store.ts';
import { before, insert, nameOf, replace, withFaultyTables, writes } from './faulty-tables.ts';

// one request may take 0.4 of it
const deadlineMs = 1_500;
const tables = withFaultyTables(deadlineMs);
const everyWrite = Object.entries(writes);

const passing: Fault[] = [
  ...(['rst-before', 'rst-after', '500-after', 'hang', 'hang-after', '503', '429'] as const),
  { delayMs: 20 },
  { delayMs: 800 },
];

describe('A121: a write whose answer is lost', () => {
  test.each(passing.map((fault) => ({ fault, name: nameOf(fault) })))(
    '$name: every kind of write is done, once',
    async ({ fault }) => {
      tables.faultFirst(fault);
      await Promise.all(
        everyWrite.map(async ([verb, { changes, after }]) => {
          const { partition, rows } = await tables.prepared();
          const operation = freshOperation();
          const answer = await tables.hasty().commit(partition, changes(rows), operation);
          expect(answer, verb).toBe('done');
          expect(await tables.contents(partition), verb).toEqual(after);
        }),
      );
      expect(tables.proxy().seen).toHaveLength(tables.calls());
      // write, write again, read back: never more
      expect(tables.calls()).toBeLessThanOrEqual(3 * everyWrite.length);
    },
  );

  test.each(everyWrite)('%s: two answers and a read-back lost', async (_, { changes, after }) => {
    const { partition, rows } = await tables.prepared();
    tables.faultFirst('rst-after', '500-after', '503', 'rst-after', 'rst-after');
    const operation = freshOperation();
    expect(await tables.patient().commit(partition, changes(rows), operation)).toBe('done');
    expect(await tables.contents(partition)).toEqual(after);
    expect(tables.proxy().seen).toHaveLength(tables.calls());
  });

  test.each(everyWrite)(
    '%s: what a real conflict stops is no success, whatever is lost',
    async (_, { changes }) => {
      const { partition, rows } = await tables.prepared();
      // somebody else comes first: whichever write it is, it does not hold any more
      const others = [...rows.map((row) => replace(row, 9)), insert];
      await tables.direct().commit(partition, others, freshOperation());
      const stored = await tables.contents(partition);
      for (const fault of ['rst-before', 'rst-after', '500-after', '503', '412'] as const) {
        tables.faultFirst(fault);
        const operation = freshOperation();
        const answer = await tables.patient().commit(partition, changes(rows), operation);
        expect(answer, fault).toBe('conflict');
        expect(await tables.contents(partition), fault).toEqual(stored);
      }
    },
  );

  test('a 412 that nothing stands behind is a conflict that stored nothing', async () => {
    tables.faultFirst('412');
    for (const [verb, { changes }] of everyWrite) {
      const { partition, rows } = await tables.prepared();
      const operation = freshOperation();
      const answer = await tables.patient().commit(partition, changes(rows), operation);
      expect(answer, verb).toBe('conflict');
      expect(await tables.contents(partition), verb).toEqual(before);
    }
  });

  test('of 20 parallel writes that all lose an answer exactly one is done', async () => {
    const { partition, rows } = await tables.prepared();
    const lost = new Set<string>();
    tables.proxy().rule(({ method, body }) => {
      if (method === 'GET' || lost.has(body)) return 'pass';
      lost.add(body);
      return 'rst-after';
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        tables.patient().commit(partition, [replace(rows[0], 100 + n)], freshOperation()),
      ),
    );
    expect(lost.size).toBe(20);
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(await tables.contents(partition)).toEqual({ a: 100 + answers.indexOf('done'), b: 1 });
  });

  test.each(['rst-before', 'rst-after', '500-after', '503'] as const)(
    'remove + %s counts what is gone and spares what was changed',
    async (fault) => {
      const scanned = async () => {
        const { partition, rows } = await tables.prepared();
        return { partition, rows: rows.map((row) => ({ ...row, partition: partition.key })) };
      };
      tables.faultFirst(fault);
      const whole = await scanned();
      expect(await tables.patient().remove('guests', whole.rows)).toBe(2);
      expect(await tables.contents(whole.partition)).toEqual({});

      tables.faultFirst(fault, fault);
      const changed = await scanned();
      const [a] = changed.rows;
      if (!a) throw new Error('not stored');
      await tables.direct().commit(changed.partition, [replace(a)], freshOperation());
      expect(await tables.patient().remove('guests', changed.rows)).toBe(1);
      expect(await tables.contents(changed.partition)).toEqual({ a: 2 });
    },
  );
});
