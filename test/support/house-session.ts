import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { type HouseOptions, openTestHouse, type TestHouse } from './house.ts';
import { brief, type TestBrowser, take } from './house-browser.ts';
import { enrolledGus } from './house-passcode.ts';
import { given, type Parameters, requestOf } from './house-steps.ts';

/** What an app asks of a browser that is signed in already. */

/** GET /authorize with the session that the browser has. */
export async function askWithSession(
  world: TestHouse,
  browser: TestBrowser,
  parameters: Parameters = {},
  app: 'woodgrove' | 'desktop' | 'timesheets' = 'desktop',
) {
  const request = requestOf(app, parameters);
  const answer = await authorize(world.house, given(request.parameters), browser, world.now());
  return { trip: request, answer: take(browser, answer), said: brief(answer) };
}

export async function signedIn(options: HouseOptions = {}) {
  const world = await openTestHouse(options);
  return { world, ...(await enrolledGus(world)) };
}
