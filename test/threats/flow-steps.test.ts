import { describe, expect, it } from 'vitest';
import { secondFactor, showSecondFactor } from '../../shared/flows/sign-in/second-factor.ts';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { guestRowsOf, standingOf } from '../support/house-rows.ts';
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
  sendCode,
  status,
  verify,
} from '../support/house-steps.ts';
import { totpCode, wrongCode } from '../support/house-totp.ts';

/** Attack: a step is skipped, repeated or taken late. Each state takes its own step and no other. */

const hour = 3_600_000;

async function stateOf(world: TestHouse) {
  const rows = await dump(world, ['expiring', 'guests']);
  return rows.map(({ key, value }) => [key, value]);
}

describe('A057: a step that is not the next one', () => {
  it('A057: a code before the first factor, or for a sign-in that is not there → nothing happens', async () => {
    await using world = await openTestHouse();
    const { secret, browser } = await registered(world, 'ann');
    const trip = await authorizeAndSignIn(world, browser);
    const before = await stateOf(world);
    const id = trip.fields['signin_id'];
    for (const handle of [
      `authorization.a0000001-6f0c-4c1e-9a55-0d3a7be4c801.${id}`,
      `authorization.ffffffff-6f0c-4c1e-9a55-0d3a7be4c801.${id}`,
      trip.state.split('~')[0] ?? '',
    ])
      for (const action of ['challenge', 'register'] as const)
        for (const nonce of [trip.state.split('~')[1] ?? '', '', 'x']) {
          const code = totpCode(secret, world.now());
          const input = { action, handle, nonce, code, browser };
          expect(brief(await secondFactor(world.house, input, world.now()))).toMatch(
            /^message (startAtApp|otherBrowser)$/,
          );
        }
    expect(await stateOf(world)).toEqual(before);
  });

  it('A057: at the enrolment page a challenge is sent, at the challenge an enrolment → refused, unchanged', async () => {
    await using world = await openTestHouse();
    const enrolment = await arriveAtEnrolment(world, 'ann');
    const before = await stateOf(world);
    const code = totpCode(enrolment.page.secret, world.now());
    const asChallenge = { page: 'challenge' as const, step: enrolment.page.step };
    expect(brief(await sendCode(world, enrolment.browser, asChallenge, code))).toBe(
      'message signInOver',
    );
    expect(await stateOf(world)).toEqual(before);
    expect(brief(await enrol(world, enrolment.browser, enrolment.page))).toBe('code');
  });

  it('A057: no code is given out before every control is met, and none can be made up', async () => {
    await using world = await openTestHouse();
    const { trip, page } = await arriveAtEnrolment(world, 'ann');
    const [, guest, ...id] = page.step.handle.split('.');
    const rows = await guestRowsOf(world, 'ann');
    const h = rows.authorizations[0]?.key.slice('authorization.'.length);
    const before = await stateOf(world);
    for (const secret of ['A'.repeat(22), page.step.nonce])
      expect(status(await redeem(world, trip, `code.${guest}.${h}.${secret}`))).toBe(
        'invalid_grant',
      );
    expect(id.join('.')).toBe(trip.fields['signin_id']);
    expect(await stateOf(world)).toEqual(before);
  });

  it('A057: once blocked, over: no step leads on', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    expect(brief(await comeBack(world, browser, trip, 'cho'))).toBe('blocked blockedByPolicy');
    const { authorizations } = await guestRowsOf(world, 'cho');
    const nonce = authorizations[0]?.value.stepNonce ?? '';
    const handle = `authorization.a0000003-0b84-49a2-8f7e-e1d2c3b4a503.${trip.fields['signin_id']}`;
    for (const page of ['challenge', 'enrol'] as const) {
      const answer = await sendCode(world, browser, { page, step: { handle, nonce } }, '123456');
      expect(brief(answer)).toMatch(/^(message signInOver|blocked blockedByPolicy)$/);
    }
    expect(await standingOf(world, 'cho')).toEqual({
      methods: 0,
      sessions: [],
      authorizations: ['over'],
    });
  });

  it('A057: an hour on, every waiting step is over', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const atHome = newBrowser();
    const trip = await authorizeAndSignIn(world, atHome);
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    world.clock.advance(hour - 1);
    expect(
      brief(
        await showSecondFactor(world.house, { handle: page.step.handle, browser }, world.now()),
      ),
    ).toBe('challenge');
    world.clock.advance(1);
    expect(brief(await comeBack(world, atHome, trip, 'ann'))).toBe('message signInOver');
    expect(brief(await verify(world, browser, page, secret))).toBe('message signInOver');
    expect(world.home.redemptions).toHaveLength(2);
  });
});

describe.each(storeKinds)('forms sent twice, store: %s', (store) => {
  it('A058 A139: /signin posted twice, in a row and at once → the same answer, one row', async () => {
    await using world = await openTestHouse({ store });
    const browser = newBrowser();
    const form = await openForm(world, browser);
    const fields = { ...form.fields, mail: 'ann@contoso.example' };
    const first = await postForm(world, browser, fields);
    expect(brief(first)).toBe('goHome');
    const more = await Promise.all(
      Array.from({ length: 10 }, () => postForm(world, browser, fields)),
    );
    for (const answer of more) expect(answer).toEqual(first);
    expect(await dump(world, ['expiring'])).toHaveLength(1);
  });

  it('A139: posted again with another address → another sign-in, as in another tab', async () => {
    await using world = await openTestHouse({ store });
    const browser = newBrowser();
    const form = await openForm(world, browser);
    const posts = [];
    for (const mail of ['ann@contoso.example', 'ben@contoso.example'])
      posts.push(await postForm(world, browser, { ...form.fields, mail }));
    const states = posts.map((answer) =>
      answer.kind === 'goHome' ? new URL(answer.url).searchParams.get('state') : undefined,
    );
    expect(new Set(states).size).toBe(2);
    expect(await dump(world, ['expiring'])).toHaveLength(2);
    for (const [n, who] of (['ann', 'ben'] as const).entries()) {
      const answer = await comeBack(world, browser, { state: states[n] ?? '' }, who);
      expect(brief(answer)).toBe('enrol');
    }
  });

  it('A139: a form of yesterday, of another browser or with another CSRF value → the page again, no row', async () => {
    await using world = await openTestHouse({ store });
    const browser = newBrowser();
    const form = await openForm(world, browser);
    const fields = { ...form.fields, mail: 'ann@contoso.example' };
    const other = await openForm(world, browser);
    const wrong = [
      await postForm(world, newBrowser(), fields),
      await postForm(world, newBrowser({ secret: 'B'.repeat(22) }), fields),
      await postForm(world, browser, { ...fields, csrf: other.fields['csrf'] ?? '' }),
      await postForm(world, browser, { ...fields, csrf: '' }),
      await postForm(world, browser, { ...fields, signin_id: '' }),
    ];
    world.clock.advance(2 * hour);
    wrong.push(await postForm(world, browser, fields));
    expect(wrong.map(brief)).toEqual(Array(6).fill('signIn'));
    expect(await dump(world, ['expiring'])).toEqual([]);
    // each page again is a good one
    const again = pageOf(wrong.at(-1) ?? wrong[0] ?? never(), 'signIn');
    const posted = await postForm(world, browser, { ...again.fields, mail: 'ann@contoso.example' });
    expect(brief(posted)).toBe('goHome');
  });

  it('A058: the callback reloaded, in a row and at once → its page, one exchange', async () => {
    await using world = await openTestHouse({ store });
    const { browser, trip, page } = await arriveAtEnrolment(world, 'ann');
    const reloads = await Promise.all(
      Array.from({ length: 5 }, () => comeBack(world, browser, trip, 'ann')),
    );
    for (const answer of reloads) expect(pageOf(answer, 'enrol')).toEqual(page);
    expect(world.home.redemptions).toHaveLength(1);
  });

  it('A058: a wrong code sent twice → one verdict, one count, and the page to go on from', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const code = wrongCode(secret, world.now());
    const first = await sendCode(world, browser, page, code);
    const second = pageOf(await sendCode(world, browser, page, code), 'challenge');
    expect(brief(first)).toBe('challenge wrong');
    expect(second.problem).toBeUndefined();
    expect((await guestRowsOf(world, 'ann')).attempts?.value.otherBrowsers).toBe(1);
    expect(brief(await verify(world, browser, second, secret))).toBe('code');
  });

  it('A058: the right code sent twice → the same code and session, in every way to ask again', async () => {
    await using world = await openTestHouse({ store });
    const { browser, trip, page } = await arriveAtEnrolment(world, 'ann');
    const first = await enrol(world, browser, page);
    const session = browser.session;
    const again = [
      await enrol(world, browser, page),
      await comeBack(world, browser, trip, 'ann'),
      await showSecondFactor(world.house, { handle: page.step.handle, browser }, world.now()),
    ];
    for (const answer of again) expect(codeOf(answer)).toBe(codeOf(first));
    expect(browser.session).toBe(session);
    expect(await standingOf(world, 'ann')).toEqual({
      methods: 1,
      sessions: ['live'],
      authorizations: ['code'],
    });
  });

  it('A058: two tabs of one browser go on without disturbing each other', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser } = await registered(world, 'ann');
    const one = await arriveAtChallenge(world, 'ann', { browser });
    const two = await arriveAtChallenge(world, 'ann', { browser, app: 'desktop' });
    const wrong = await sendCode(world, browser, two.page, wrongCode(secret, world.now()));
    const codeOne = codeOf(await verify(world, browser, one.page, secret));
    world.clock.advance(30_000);
    const codeTwo = codeOf(await verify(world, browser, pageOf(wrong, 'challenge'), secret));
    expect(status(await redeem(world, one.trip, codeOne))).toBe('200');
    expect(status(await redeem(world, two.trip, codeTwo))).toBe('200');
  });

  it('A140: Back and resubmit after the end → no code, a fresh start works', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { browser, trip, code } = await granted(world, 'ann', secret);
    await redeem(world, trip, code);
    for (const ms of [0, 61_000, 2 * hour, 26 * hour]) {
      world.clock.advance(ms);
      // the form: another sign-in, from the first factor on, or the page again
      const posted = await postForm(world, browser, trip.fields);
      expect(brief(posted)).toMatch(/^(goHome|signIn)$/);
      if (posted.kind === 'goHome')
        expect(posted.url).not.toContain(encodeURIComponent(trip.state));
      expect(brief(await comeBack(world, browser, trip, 'ann'))).toMatch(
        /^message (alreadySignedIn|signInOver|otherBrowser)$/,
      );
    }
    expect(brief((await arriveAtChallenge(world, 'ann', { browser })).page)).toBe('challenge');
  });
});

const never = (): never => {
  throw new Error('no answer');
};
