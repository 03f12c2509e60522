import { describe, expect, it } from 'vitest';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser } from '../support/house-browser.ts';
import { guestRowsOf, standingOf } from '../support/house-rows.ts';
import {
  arriveAtChallenge,
  arriveAtEnrolment,
  authorizeAndSignIn,
  comeBack,
  enrol,
  granted,
  redeem,
  registered,
  reset,
  status,
  tokensOf,
  verify,
} from '../support/house-steps.ts';

/** The clock jumps between two steps: what is over stays over, and no time is ever negative. */

const minutes = 60_000;
const jumps = [-60 * minutes, -10 * minutes, 10 * minutes] as const;

/** Every life of every row and token ends after it began. */
async function expectPositiveLives(world: TestHouse, tokens?: ReturnType<typeof tokensOf>) {
  const rows = await guestRowsOf(world, 'ann');
  const lives = [
    ...rows.sessions.map(({ value }) => [value.createdAt, value.expiresAt]),
    ...rows.authorizations.flatMap(({ value }) => [
      [value.createdAt, value.expiresAt],
      [value.code?.issuedAt ?? '1', value.code?.expiresAt ?? '2'],
      [value.tokens?.issuedAt ?? '1', value.tokens?.expiresAt ?? '2'],
    ]),
  ];
  for (const [from = '', to = ''] of lives)
    expect(Date.parse(to)).toBeGreaterThanOrEqual(Date.parse(from));
  for (const claims of tokens ? [tokens.access, tokens.id] : [])
    expect(Number(claims['exp'])).toBeGreaterThan(Number(claims['iat']));
}

describe.each(jumps)('A124: the clock jumps by %i ms', (jumpMs) => {
  it('A124: between any two steps → a sign-in or a fresh start, never a negative life', async () => {
    for (const at of ['home', 'enrolment', 'code', 'challenge'] as const) {
      await using world = await openTestHouse();
      const jump = (where: string) => where === at && world.clock.advance(jumpMs);
      const browser = newBrowser();
      const trip = await authorizeAndSignIn(world, browser);
      jump('home');
      const page = await comeBack(world, browser, trip, 'ann');
      expect(brief(page), at).toBe('enrol');
      jump('enrolment');
      const answer = await enrol(world, browser, page as Parameters<typeof enrol>[2]);
      if (at === 'enrolment' && jumpMs > 0) {
        // ten minutes: the first factor is no longer fresh
        expect(brief(answer)).toBe('message signInOver');
        continue;
      }
      jump('code');
      const redeemed = await redeem(world, trip, codeOf(answer));
      if (at === 'code') {
        // too old, or from the time to come: how old it is cannot be told
        expect(status(redeemed)).toBe('invalid_grant');
        await expectPositiveLives(world);
        continue;
      }
      await expectPositiveLives(world, tokensOf(redeemed));
    }
  });

  it('A124: what was used, replayed, ended or reset stays so', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const first = await granted(world, 'ann', secret);
    const { accessToken } = tokensOf(await redeem(world, first.trip, first.code));
    expect(status(await redeem(world, first.trip, first.code))).toBe('invalid_grant');
    world.clock.advance(30_000);
    const waiting = await arriveAtChallenge(world, 'ann');
    await reset(world, 'ann');
    world.clock.advance(jumpMs);
    expect(status(await redeem(world, first.trip, first.code))).toBe('invalid_grant');
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    expect(brief(await verify(world, waiting.browser, waiting.page, secret))).toBe(
      'message signInOver',
    );
    expect(brief(await comeBack(world, waiting.browser, waiting.trip, 'ann'))).toBe(
      'message signInOver',
    );
    expect((await standingOf(world, 'ann')).sessions).not.toContain('live');
  });

  it('A124: a code that expired is not revived by the clock, refused before or not', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    world.clock.advance(61_000);
    expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
    world.clock.advance(jumpMs);
    expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
  });

  it('R04 A124: instances whose clocks differ by half a minute redeem all the same', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    world.clock.advance(-30_000);
    expect(status(await redeem(world, trip, code))).toBe('200');
  });

  it('A124 R37: after the clock went back the guest can start over and get in', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    world.clock.advance(jumpMs);
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const answer = brief(await verify(world, browser, page, secret));
    // codes of steps that lie before the last one used do not count until the clock is there again
    expect(answer).toBe(jumpMs < 0 ? 'challenge used' : 'code');
    world.clock.advance(Math.abs(jumpMs));
    const again = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, again.browser, again.page, secret))).toBe('code');
    expect(brief((await arriveAtEnrolment(world, 'ben')).page)).toBe('enrol');
  });
});
