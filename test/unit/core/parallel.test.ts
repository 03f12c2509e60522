import { expect, it } from 'vitest';
import { inParallel } from '../../../shared/core/parallel.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('results come in the order of the list, with so many under way', async () => {
  let underway = 0;
  let most = 0;
  const doubled = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
    most = Math.max(most, ++underway);
    for (let turns = 8 - n; turns > 0; turns--) await turn();
    underway--;
    return n * 2;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most).toBe(3);
});

it('after the first fault none is begun', async () => {
  const begun: number[] = [];
  const working = inParallel([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, async (n) => {
    begun.push(n);
    await turn();
    if (n === 2) throw new Error('second');
    await turn();
  });
  await expect(working).rejects.toThrow('second');
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(begun).toEqual([1, 2, 3]);
});
