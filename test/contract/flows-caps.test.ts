import { describe, expect, it } from 'vitest';
import { openTestHouse, storeKinds } from '../support/house.ts';
import { brief } from '../support/house-browser.ts';
import { standingOf } from '../support/house-rows.ts';
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
    expect(await standingOf(world, 'ann')).toEqual({
      methods: 1,
      sessions: ['live'],
      authorizations: ['redeemed'],
    });
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
    expect((await standingOf(world, 'ann')).authorizations).toEqual(['open']);
    // of the sign-in whose row has gone, nothing comes back
    expect(brief(await comeBack(world, first.browser, first.trip, 'ann'))).toBe(
      'message signInOver',
    );
  });
});
