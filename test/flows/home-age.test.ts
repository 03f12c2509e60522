import { expect, it } from 'vitest';
import { openTestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { comesAs } from '../support/house-home.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { authorizeAndSignIn, comeBack } from '../support/house-steps.ts';

/** federatedSessionHours is 24: a leaver whose home session lives on must not stay in. */

const hoursMs = 3_600_000;

it.each([
  [23, 'enrol'],
  [24, 'blocked reauthenticationNotAvailable'],
  [30, 'blocked reauthenticationNotAvailable'],
])('a home authentication %i hours old → %s', async (hours, expected) => {
  await using world = await openTestHouse();
  const authTime = new Date(world.now().getTime() - hours * hoursMs);
  world.home.answers.set('ann', comesAs('ann', { authTime }));
  const browser = newBrowser();
  const trip = await authorizeAndSignIn(world, browser);
  expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe(expected);
  expect((await guestRowsOf(world, 'ann')).sessions).toEqual([]);
});
