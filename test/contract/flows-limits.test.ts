import { describe, expect, it } from 'vitest';
import type { TestHouse } from '../support/house.ts';
import { openTestHouse, storeKinds } from '../support/house.ts';
import {
  brief,
  newBrowser,
  type PageNamed,
  pageOf,
  type TestBrowser,
} from '../support/house-browser.ts';
import { guestRowsOf, signInLogs, standingOf } from '../support/house-rows.ts';
import { arriveAtChallenge, registered, sendCode, verify } from '../support/house-steps.ts';
import { totpCode, wrongCode } from '../support/house-totp.ts';

/**
 * Guessing second factors. 25 wrong codes a day from browsers that the guest has not used before,
 * 8 from the guest's own: whoever spends the 25 has not locked the guest out.
 */

const hour = 3_600_000;

/** Wrong codes one after the other, in one sign-in after the next. */
async function guess(world: TestHouse, secret: string, times: number, browser = newBrowser()) {
  let page = (await arriveAtChallenge(world, 'ann', { browser })).page;
  for (let n = 0; n < times; n++) {
    const answer = await sendCode(world, browser, page, wrongCode(secret, world.now()));
    expect(brief(answer), `guess ${n + 1}`).toBe('challenge wrong');
    page = pageOf(answer, 'challenge');
  }
  return { browser, page };
}

const countOf = async (world: TestHouse) => (await guestRowsOf(world, 'ann')).attempts?.value;

describe.each(storeKinds)('wrong second factors, store: %s', (store) => {
  it('A086: 20 wrong codes at once in 20 sign-ins → verdicts given = count', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const tabs: { browser: TestBrowser; page: PageNamed<'challenge'> }[] = [];
    for (let n = 0; n < 20; n++) tabs.push(await arriveAtChallenge(world, 'ann'));
    const code = wrongCode(secret, world.now());
    const answers = await Promise.all(
      tabs.map(({ browser, page }) => sendCode(world, browser, page, code)),
    );
    const verdicts = answers.map(brief).filter((what) => what === 'challenge wrong').length;
    expect(verdicts).toBeGreaterThan(0);
    expect(new Set(answers.map(brief))).toEqual(
      new Set(verdicts < 20 ? ['challenge wrong', 'challenge notJudged'] : ['challenge wrong']),
    );
    expect(await countOf(world)).toMatchObject({ otherBrowsers: verdicts, knownBrowser: 0 });
  });

  it('A086: 20 wrong codes at once in one sign-in → one verdict, counted once', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const code = wrongCode(secret, world.now());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sendCode(world, browser, page, code)),
    );
    expect(answers.map(brief).filter((what) => what === 'challenge wrong')).toHaveLength(1);
    expect(await countOf(world)).toMatchObject({ otherBrowsers: 1, knownBrowser: 0 });
  });

  it('A086: after 24, ten more at once → one verdict at most, and never a 26th count', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    await guess(world, secret, 24);
    const tabs: { browser: TestBrowser; page: PageNamed<'challenge'> }[] = [];
    for (let n = 0; n < 10; n++) tabs.push(await arriveAtChallenge(world, 'ann'));
    const code = wrongCode(secret, world.now());
    const answers = await Promise.all(
      tabs.map(({ browser, page }) => sendCode(world, browser, page, code)),
    );
    expect(answers.map(brief).filter((what) => what === 'challenge wrong')).toHaveLength(1);
    expect(await countOf(world)).toMatchObject({ otherBrowsers: 25 });
  });

  it('A086: the 26th code, though right, is refused from a new browser; the own one gets in', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser: own } = await registered(world, 'ann');
    const stranger = await guess(world, secret, 25);
    const right = totpCode(secret, world.now());
    const answer = await sendCode(world, stranger.browser, stranger.page, right);
    expect(answer).toMatchObject({ page: 'blocked', cause: 'tooManyCodes', status: 429 });
    expect(world.alarms()).toEqual(['secondFactorLocked']);
    expect((await signInLogs(world)).at(-1)).toMatchObject({ cause: 'tooManyCodes' });
    // that sign-in is over; another new browser fares no better
    expect(brief(await sendCode(world, stranger.browser, stranger.page, right))).toBe(
      'blocked tooManyCodes',
    );
    const other = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, other.browser, other.page, secret))).toBe(
      'blocked tooManyCodes',
    );
    expect((await standingOf(world, 'ann')).sessions).toHaveLength(1);

    const { page } = await arriveAtChallenge(world, 'ann', { browser: own });
    expect(brief(await verify(world, own, page, secret))).toBe('code');
  });

  it('A086: a stranger cannot pass for the own browser with a device cookie of another guest', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const ben = await registered(world, 'ben');
    const made = [
      ben.browser.device,
      'AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      '',
      '.',
      '..',
    ];
    for (const device of made) await guess(world, secret, 5, newBrowser({ device }));
    expect(await countOf(world)).toMatchObject({ otherBrowsers: 25, knownBrowser: 0 });
    const { browser, page } = await arriveAtChallenge(world, 'ann', {
      browser: newBrowser({ device: ben.browser.device }),
    });
    expect(brief(await verify(world, browser, page, secret))).toBe('blocked tooManyCodes');
  });

  it('A086: the own browser has 8 of its own, counted apart', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser: own } = await registered(world, 'ann');
    const { page } = await guess(world, secret, 8, own);
    expect(await countOf(world)).toMatchObject({ knownBrowser: 8, otherBrowsers: 0 });
    expect(brief(await verify(world, own, page, secret))).toBe('blocked tooManyCodes');
    const other = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, other.browser, other.page, secret))).toBe('code');
  });

  it('A086: the count is of a UTC day: at midnight it starts anew, a right code does not reset it', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser: own } = await registered(world, 'ann');
    await guess(world, secret, 25);
    const { page } = await arriveAtChallenge(world, 'ann', { browser: own });
    expect(brief(await verify(world, own, page, secret))).toBe('code');
    expect(await countOf(world)).toMatchObject({ otherBrowsers: 25 });
    world.clock.set(new Date('2026-11-18T23:59:59.999Z'));
    const late = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, late.browser, late.page, secret))).toBe(
      'blocked tooManyCodes',
    );
    world.clock.set(new Date('2026-11-19T00:00:00.000Z'));
    const early = await guess(world, secret, 1);
    expect(await countOf(world)).toEqual({ day: '20261119', knownBrowser: 0, otherBrowsers: 1 });
    expect(brief(await verify(world, early.browser, early.page, secret))).toBe('code');
  });

  it('A124 A086: the clock goes back over midnight → the count still counts', async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-19T00:20:00.000Z'));
    const { secret } = await registered(world, 'ann');
    await guess(world, secret, 25);
    world.clock.advance(-hour);
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, browser, page, secret))).toBe('blocked tooManyCodes');
  });
});
