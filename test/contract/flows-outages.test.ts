import { describe, expect, it } from 'vitest';
import { asFault } from '../../shared/core/errors.ts';
import { type At, dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser } from '../support/house-browser.ts';
import { standingOf } from '../support/house-rows.ts';
import {
  arriveAtChallenge,
  arriveAtEnrolment,
  authorizeAndSignIn,
  comeBack,
  enrol,
  granted,
  openForm,
  postForm,
  redeem,
  registered,
  reset,
  sendCode,
  status,
  verify,
} from '../support/house-steps.ts';
import { outage } from '../support/house-stores.ts';
import { totpCode } from '../support/house-totp.ts';

/** Storage goes away before any call of any step, or takes the call and never answers. */

type Prepared = {
  readonly run: (at: At) => Promise<string>;
  /** The guest's secret, for signing in afterwards. */
  readonly secret?: string;
};

const steps: Readonly<Record<string, (world: TestHouse) => Promise<Prepared>>> = {
  'the form is posted': async (world) => {
    const browser = newBrowser();
    const { fields } = await openForm(world, browser);
    const form = { ...fields, mail: 'ann@contoso.example' };
    return { run: async (at) => brief(await postForm(at, browser, form)) };
  },
  'coming back from home': async (world) => {
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    return { run: async (at) => brief(await comeBack(at, browser, trip, 'ann')) };
  },
  'the enrolment is confirmed': async (world) => {
    const { browser, page } = await arriveAtEnrolment(world, 'ann');
    return { run: async (at) => brief(await enrol(at, browser, page)), secret: page.secret };
  },
  'a right code': async (world) => {
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    return { run: async (at) => brief(await verify(at, browser, page, secret)), secret };
  },
  'the code is redeemed': async (world) => {
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    return { run: async (at) => status(await redeem(at, trip, code)), secret };
  },
  'a reset': async (world) => {
    await registered(world, 'ann');
    return { run: async (at) => (await reset(at, 'ann')).kind };
  },
};

/** Whatever happened, the guest signs in again, with the method they have or a new one. */
async function signsInAgain(world: TestHouse, secret: string | undefined): Promise<string> {
  world.clock.advance(60_000);
  const { browser, trip, page } = await arriveAt(world);
  const code = page.page === 'enrol' ? page.secret : secret;
  const answer = await sendCode(world, browser, page, totpCode(code ?? '', world.now()));
  return status(await redeem(world, trip, codeOf(answer)));
}

async function arriveAt(world: TestHouse) {
  const { methods } = await standingOf(world, 'ann');
  return methods === 0 ? arriveAtEnrolment(world, 'ann') : arriveAtChallenge(world, 'ann');
}

describe.each(Object.entries(steps))('%s', (_, prepare) => {
  it.each([
    ['is out of reach', false],
    ['takes the write and never answers', true],
  ])(
    'A122: before each call storage %s → a fault, nothing given away, and on it goes',
    async (_how, lost) => {
      let points = 0;
      for (let n = 0; ; n++) {
        await using world = await openTestHouse();
        const { run, secret } = await prepare(world);
        const before = await dump(world);
        const store = outage(world.house.store, n, lost);
        const outcome = await run({ house: { ...world.house, store }, now: world.now }).catch(
          (thrown: unknown) => asFault(thrown).code,
        );
        if (!store.happened()) break;
        points++;
        // what tells of the act may stay behind, list or mail: then it stands, and an alarm says so
        const isToldOnly = ['listEntryBehind', 'noticeLost'].some((a) =>
          world.alarms().includes(a),
        );
        if (!isToldOnly) expect(outcome, `call ${n}`).toBe('storageUnavailable');
        if (!lost && n === 0) expect(await dump(world)).toEqual(before);
        // once more the same, whatever is said to it, and then from the start
        const again = await run(world).catch((thrown: unknown) => asFault(thrown).code);
        expect(again, `call ${n}`).not.toMatch(/unexpected|Unreadable|sealBroken/);
        expect(await signsInAgain(world, secret), `call ${n}`).toBe('200');
      }
      expect(points).toBeGreaterThan(0);
    },
  );
});

describe('A122: the table service itself', () => {
  it.each(['503', 'hang', '429', 'rst-before'] as const)(
    'A122: answers %s for longer than a request may take → storageUnavailable in time, then it goes on',
    async (fault) => {
      await using world = await openTestHouse({ through: { deadlineMs: 1_000 } });
      const { secret } = await registered(world, 'ann');
      const { browser, trip, page } = await arriveAtChallenge(world, 'ann');
      const before = await dump(world);
      world.proxy?.rule(() => fault);
      await expect(verify(world, browser, page, secret)).rejects.toMatchObject({
        code: 'storageUnavailable',
        status: 503,
      });
      expect(await dump(world)).toEqual(before);
      world.proxy?.rule(undefined);
      const code = codeOf(await verify(world, browser, page, secret));
      expect(status(await redeem(world, trip, code))).toBe('200');
    },
  );
});
