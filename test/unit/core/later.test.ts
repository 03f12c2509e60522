import { expect, it } from 'vitest';
import { later } from '../../../shared/core/later.ts';

it('opens once for all who ask, and again after a failure', async () => {
  let opens = 0;
  const get = later(async () => {
    if (++opens === 1) throw new Error('not yet');
    return opens;
  });
  const first = await Promise.allSettled([get(), get()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([get(), get()])).toEqual([2, 2]);
  expect(await get()).toBe(2);
});
