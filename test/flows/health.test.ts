import { describe, expect, it } from 'vitest';
import { Fault } from '../../shared/core/errors.ts';
import { health } from '../../shared/flows/health.ts';
import { openTestHouse } from '../support/house.ts';
import { failingOn } from '../support/house-stores.ts';

/** Which part is told to fail, by what failed; over HTTP it is `test/http/health`. */

describe('health', () => {
  it('a house without a mail service is ready all the same', async () => {
    await using world = await openTestHouse();
    const { mail: _, ...house } = world.house;
    const answer = await health(house);
    expect(answer.ready).toBe(true);
    expect(answer.dependencies).toContainEqual({ name: 'mail', status: 'notConfigured' });
  });

  it('keys that are not there stop it, and are no fault of tables or configuration', async () => {
    await using world = await openTestHouse();
    const ready = async () => {
      throw new Fault('keyUnavailable');
    };
    const answer = await health({ ...world.house, keys: { ...world.house.keys, ready } });
    expect(answer.ready).toBe(false);
    expect(answer.dependencies.filter(({ status }) => status === 'failing')).toEqual([
      { name: 'keys', status: 'failing', code: 'keyUnavailable' },
    ]);
  });

  it('tables that fail take with them what is not held', async () => {
    await using world = await openTestHouse();
    const cold = world.instance(failingOn(world.direct, () => true));
    const { dependencies } = await health(cold.house);
    const code = 'storageUnavailable';
    expect(dependencies.filter(({ status }) => status === 'failing')).toEqual(
      ['configuration', 'tables', 'keys'].map((name) => ({ name, status: 'failing', code })),
    );
  });
});
