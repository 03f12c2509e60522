import { expect, it } from 'vitest';
import { openTurns } from '../../../shared/core/in-turn.ts';

it('one after the other for one key, beside each other for two; a failure holds nobody up', async () => {
  const inTurn = openTurns();
  const told: string[] = [];
  const work =
    (name: string, ms: number, fails = false) =>
    async () => {
      told.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    inTurn('a', work('a1', 30, true)),
    inTurn('a', work('a2', 1)),
    inTurn('b', work('b1', 1)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(told).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
});
