import { expect, it } from 'vitest';
import { openTestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { policy } from '../support/house-folder.ts';
import { comesAs } from '../support/house-home.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { authorizeAndSignIn, comeBack, registered } from '../support/house-steps.ts';

/**
 * A leaver whose home session lives on must not stay in (federatedSessionHours is 24), and who has
 * nothing registered enrols only on a fresh authentication. Either goes home for one, once.
 */

const minutesMs = 60_000;

it.each([
  ['nothing registered', 9, 'enrol'],
  ['nothing registered', 10, 'goHome'],
  ['a method', 60 * 23, 'challenge'],
  ['a method', 60 * 24, 'goHome'],
])(
  'R37: %s, and a home authentication %i minutes old → %s',
  async (standing, minutes, expected) => {
    await using world = await openTestHouse();
    if (standing === 'a method') await registered(world, 'ann');
    const authTime = new Date(world.now().getTime() - minutes * minutesMs);
    world.home.answers.set('ann', comesAs('ann', { authTime }));
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe(expected);
    const asked = world.home.requests.at(-1)?.request;
    expect(asked?.prompt).toBe(expected === 'goHome' ? 'login' : undefined);
  },
);

it('R37: a home that does not authenticate afresh when asked → refused, no second round', async () => {
  await using world = await openTestHouse();
  const authTime = new Date(world.now().getTime() - 11 * minutesMs);
  world.home.answers.set('ann', comesAs('ann', { authTime }));
  const browser = newBrowser();
  const trip = await authorizeAndSignIn(world, browser);
  await comeBack(world, browser, trip, 'ann');
  const state = world.home.requests.at(-1)?.request.state ?? '';
  const answer = await comeBack(world, browser, { state }, 'ann');
  expect(brief(answer)).toBe('blocked reauthenticationNotAvailable');
  expect((await guestRowsOf(world, 'ann')).methods).toEqual([]);
});

it.each([
  [4, 'enrol'],
  [6, 'goHome'],
])('sign-in frequency every time, authenticated %i minutes ago → %s', async (minutes, expected) => {
  const everyTime = policy(1, {
    grantControls: null,
    sessionControls: {
      signInFrequency: {
        isEnabled: true,
        frequencyInterval: 'everyTime',
        authenticationType: 'primaryAndSecondaryAuthentication',
      },
    },
  });
  const files = (folder: Record<string, string>) => ({ ...folder, 'policies/x.json': everyTime });
  await using world = await openTestHouse({ files });
  const authTime = new Date(world.now().getTime() - minutes * minutesMs);
  world.home.answers.set('ann', comesAs('ann', { authTime }));
  const browser = newBrowser();
  const trip = await authorizeAndSignIn(world, browser);
  expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe(expected);
});
