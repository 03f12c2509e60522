import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/flows/answers.ts';
import { askLogOut, logOut } from '../../shared/flows/session/log-out.ts';
import type { TestHouse } from '../support/house.ts';
import {
  brief,
  codeOf,
  newBrowser,
  pageOf,
  type TestBrowser,
  take,
} from '../support/house-browser.ts';
import { askForCode, enterPasscode, gusMail, lastCode } from '../support/house-passcode.ts';
import { guestRowsOf, standingOf } from '../support/house-rows.ts';
import { askWithSession, signedIn } from '../support/house-session.ts';
import {
  authorizeAndSignIn,
  comeBack,
  openForm,
  postForm,
  redeem,
  sendCode,
  status,
} from '../support/house-steps.ts';
import { totpCode } from '../support/house-totp.ts';

/** Attack: somebody is signed out who did not ask for it, or is still in who did. */

const minute = 60_000;

async function out(world: TestHouse, browser: TestBrowser, csrf?: string): Promise<Answer> {
  const asked = await askLogOut(world.house, browser);
  const shown = brief(asked) === 'signOut' ? (pageOf(asked, 'signOut').fields['csrf'] ?? '') : '';
  return take(browser, await logOut(world.house, { csrf: csrf ?? shown, browser }, world.now()));
}

describe('log-out', () => {
  it('A056: without the form of this browser it ends nothing', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const other = await askLogOut(world.house, { ...browser, secret: 'A'.repeat(22) });
    const foreign = pageOf(other, 'signOut').fields['csrf'] ?? '';
    const { fields } = await openForm(world, browser);
    for (const csrf of [
      '',
      'x',
      '.',
      foreign,
      fields['csrf'] ?? '',
      '__proto__',
      'x'.repeat(100_000),
    ]) {
      const answer = await out(world, browser, csrf);
      expect(brief(answer), csrf.slice(0, 40)).toBe('signOut');
      expect(answer.cookies ?? []).toEqual([]);
    }
    expect((await askWithSession(world, { ...browser })).said).toBe('code');
  });

  it('A140: Back and every form from before → a fresh start, never a token', async () => {
    const { world, browser, trip, code } = await signedIn();
    await using _world = world;
    // what was under way: a form, a code page, an app that has not redeemed
    const form = await openForm(world, browser);
    world.clock.advance(minute);
    const waiting = await askForCode(world, gusMail, { browser });
    const unredeemed = await askWithSession(world, browser);
    const atHome = await authorizeAndSignIn(world, browser);
    const old = { ...browser };
    expect(brief(await out(world, browser))).toBe('message signedOut');
    expect(browser.session).toBe('');
    expect(browser.secret).not.toBe(old.secret);
    for (const seconds of [0, 61, 2 * 3_600]) {
      world.clock.advance(seconds * 1_000);
      expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
      expect((await askWithSession(world, { ...browser, session: old.session })).said).toBe(
        'signIn',
      );
      expect(brief(await postForm(world, browser, { ...form.fields, mail: gusMail }))).toBe(
        'signIn',
      );
      expect(brief(await enterPasscode(world, browser, waiting.page, lastCode(world)))).toBe(
        'message otherBrowser',
      );
      expect(brief(await comeBack(world, browser, atHome, 'ann'))).toBe('message otherBrowser');
      expect(status(await redeem(world, unredeemed.trip, codeOf(unredeemed.answer)))).toBe(
        'invalid_grant',
      );
      expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
    }
    expect(brief(await out(world, browser))).toBe('message signedOut');
    const { sessions, authorizations } = await guestRowsOf(world, 'gus');
    expect(sessions.filter(({ value }) => value.state === 'live')).toEqual([]);
    expect(authorizations.filter(({ value }) => value.tokens)).toEqual([]);
  });

  it('A140 R39: nor does the session before, which a second app’s tab may still hold, or its code', async () => {
    const { world, browser, trip, code } = await signedIn();
    await using _world = world;
    const first = browser.session;
    const second = await askWithSession(world, browser);
    await askWithSession(world, browser, {}, 'woodgrove');
    await out(world, browser);
    for (const session of [first, `${browser.session}`])
      expect((await askWithSession(world, { ...browser, session })).said).toBe('signIn');
    expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
    expect(status(await redeem(world, second.trip, codeOf(second.answer)))).toBe('invalid_grant');
    expect(new Set((await standingOf(world, 'gus')).sessions)).toEqual(new Set(['ended']));
  });

  it('A140: ends this browser’s session and no other of the guest', async () => {
    const { world, browser, secret } = await signedIn();
    await using _world = world;
    world.clock.advance(minute);
    const other = newBrowser();
    const { page } = await askForCode(world, gusMail, { browser: other });
    const challenge = await enterPasscode(world, other, page, lastCode(world));
    const code = totpCode(secret, world.now());
    expect(brief(await sendCode(world, other, pageOf(challenge, 'challenge'), code))).toBe('code');
    await out(world, browser);
    expect((await standingOf(world, 'gus')).sessions).toEqual(['ended', 'live']);
    expect((await askWithSession(world, other)).said).toBe('code');
  });
});
