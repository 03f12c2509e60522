import { describe, expect, it } from 'vitest';
import { openTestHouse, storeKinds } from '../support/house.ts';
import { brief } from '../support/house-browser.ts';
import { signInLogs, standingOf } from '../support/house-rows.ts';
import { arrive, comeBack, granted, redeem, registered, status } from '../support/house-steps.ts';

/** However often somebody signs in, the guest's partition stays small and the guest gets in. */

const hour = 3_600_000;

describe.each(storeKinds)('many sign-ins of one guest, store: %s', (store) => {
  it('R39: 120 sign-ins in a day → 20 live sessions at most, and the day after the guest gets in', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser } = await registered(world, 'ann');
    for (let n = 0; n < 120; n++) {
      world.clock.advance(120_000);
      await granted(world, 'ann', secret, { browser });
      if (n % 50 > 0) continue;
      const { sessions } = await standingOf(world, 'ann');
      expect(sessions.filter((state) => state === 'live').length).toBeLessThanOrEqual(20);
      // one that ended makes room with the next commit
      expect(sessions.length).toBeLessThanOrEqual(21);
    }
    world.clock.advance(25 * hour);
    const { trip, code } = await granted(world, 'ann', secret, { browser });
    expect(status(await redeem(world, trip, code))).toBe('200');
    const { authorizations, ...standing } = await standingOf(world, 'ann');
    expect(standing).toEqual({ methods: 1, sessions: ['live'] });
    // codes that no app redeemed stay while there is room, and the log is told of those that left
    expect(authorizations.filter((state) => state === 'redeemed')).toHaveLength(1);
    expect(authorizations.length).toBeLessThanOrEqual(60);
    const logs = await signInLogs(world);
    const told = logs.filter(({ cause }) => cause === 'codeNotRedeemed').length;
    expect(told + authorizations.length).toBe(122);
  });

  it('A140: 60 sign-ins under way → no more is begun, none is evicted; an hour later there is room', async () => {
    await using world = await openTestHouse({ store });
    const first = await arrive(world, 'ann');
    for (let n = 1; n < 60; n++) await arrive(world, 'ann');
    const refused = await arrive(world, 'ann');
    expect(brief(refused.answer)).toBe('message temporarilyUnavailable');
    expect((await standingOf(world, 'ann')).authorizations).toEqual(Array(60).fill('open'));
    expect(brief(await comeBack(world, first.browser, first.trip, 'ann'))).toBe('enrol');
    world.clock.advance(hour);
    expect(brief((await arrive(world, 'ann')).answer)).toBe('enrol');
    // the oldest of the abandoned made room, and the log was told of it
    expect((await standingOf(world, 'ann')).authorizations).toHaveLength(60);
    expect(await signInLogs(world)).toMatchObject([{ cause: 'abandoned', result: 'failure' }]);
    // nothing comes back of a sign-in that is over
    expect(brief(await comeBack(world, first.browser, first.trip, 'ann'))).toBe(
      'message signInOver',
    );
  });
});
