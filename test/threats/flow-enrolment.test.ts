import { describe, expect, it } from 'vitest';
import { writeAuthorizationHandle } from '../../shared/core/handles.ts';
import type { GuestId, SignInId } from '../../shared/core/ids.ts';
import { methodKey } from '../../shared/rows/method.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { policy } from '../support/house-folder.ts';
import { guestIds } from '../support/house-home.ts';
import { writePart } from '../support/house-past-the-door.ts';
import { guestRowsOf, signInLogs, standingOf } from '../support/house-rows.ts';
import {
  arrive,
  arriveAtChallenge,
  arriveAtEnrolment,
  enrol,
  granted,
  redeem,
  registered,
  reset,
  sendCode,
  tokensOf,
  verify,
} from '../support/house-steps.ts';
import { totpCode } from '../support/house-totp.ts';

/**
 * Attack: somebody with a stolen first factor registers a second one of their own, in whatever way,
 * and is the guest from then on.
 */

const minutes = 60_000;

/** What the door would refuse while risk is not computed. */
async function riskPolicy(world: TestHouse, state: string): Promise<void> {
  const everybody = {
    users: { includeUsers: ['All'] },
    applications: { includeApplications: ['All'] },
    clientAppTypes: ['all'],
    signInRiskLevels: ['high'],
  };
  const mfa = {
    ...JSON.parse(policy(1, {})),
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  };
  const risk = { ...mfa, ...JSON.parse(policy(2, { state, conditions: everybody })) };
  await writePart(world.direct, 'policies', [
    { file: 'policies/mfa.json', value: mfa },
    {
      file: 'policies/risk.json',
      value: { ...risk, grantControls: { operator: 'OR', builtInControls: ['mfa'] } },
    },
  ]);
  world.clock.advance(5_000);
}

describe('enrolment under a risk policy', () => {
  it('A089 R37: an enabled risk policy, no method yet → blocked with 53004, never enrolment', async () => {
    await using world = await openTestHouse();
    await riskPolicy(world, 'enabled');
    const { answer } = await arrive(world, 'ann');
    expect(answer).toMatchObject({ page: 'blocked', cause: 'riskWithoutMethod' });
    expect(await signInLogs(world)).toMatchObject([{ code: 53004, outcome: 'block' }]);
    expect((await standingOf(world, 'ann')).authorizations).toEqual(['over']);
    const { authorizations } = await guestRowsOf(world, 'ann');
    expect(authorizations[0]?.value.enrolling).toBeUndefined();
  });

  it('A089 R37: at the enrolment page when the risk policy comes → the code enrols nothing', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await arriveAtEnrolment(world, 'ann');
    await riskPolicy(world, 'enabled');
    expect(brief(await enrol(world, browser, page))).toBe('blocked riskWithoutMethod');
    expect(await standingOf(world, 'ann')).toEqual({
      methods: 0,
      sessions: [],
      authorizations: ['over'],
    });
  });

  it('A089: who is registered already is asked for that method', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    await riskPolicy(world, 'enabled');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    expect(brief(await verify(world, browser, page, secret))).toBe('code');
  });

  it('A096: a reset under a risk policy → the next sign-in is blocked', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    await riskPolicy(world, 'enabled');
    await reset(world, 'ann');
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked riskWithoutMethod');
  });

  it('A090: the same policy in report-only → enrolment goes on, and the log names it', async () => {
    await using world = await openTestHouse();
    await riskPolicy(world, 'enabledForReportingButNotEnforced');
    const { trip, code } = await registered(world, 'ann');
    world.clock.advance(-50_000);
    tokensOf(await redeem(world, trip, code));
    const [log] = await signInLogs(world);
    expect(log).toMatchObject({ result: 'success', outcome: 'grant' });
    const risk = log?.policies?.['b0119999-0c0a-4a10-9e01-000000000002'];
    expect(risk).toMatch(/^reportOnly/);
  });

  it('A090: a report-only block stops nobody and is logged as what it would have done', async () => {
    await using world = await openTestHouse({
      files: (files) => ({
        ...files,
        'policies/x.json': policy(3, { state: 'enabledForReportingButNotEnforced' }),
      }),
    });
    const { browser, trip, page } = await arriveAtEnrolment(world, 'ann');
    const answer = await enrol(world, browser, page);
    tokensOf(await redeem(world, trip, codeOf(answer)));
    const [log] = await signInLogs(world);
    expect(log?.policies?.['b0119999-0c0a-4a10-9e01-000000000003']).toBe('reportOnlyFailure');
  });

  it('A089: policies on registering are asked before the secret is shown', async () => {
    await using world = await openTestHouse({
      files: (files) => ({
        ...files,
        'policies/x.json': policy(4, {
          conditions: {
            users: { includeUsers: ['All'] },
            applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
            clientAppTypes: ['all'],
          },
        }),
      }),
    });
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked registrationNotPossible');
    expect((await guestRowsOf(world, 'ann')).authorizations[0]?.value.enrolling).toBeUndefined();
  });
});

describe('enrolment needs a fresh first factor', () => {
  it('R37: ten minutes after it the page is over, whether shown before or asked for then', async () => {
    await using world = await openTestHouse();
    const { browser, page, trip } = await arriveAtEnrolment(world, 'ann');
    world.clock.advance(10 * minutes - 1);
    const wrong = await sendCode(world, browser, page, totpCode(page.secret, world.now(), 5));
    const second = pageOf(wrong, 'enrol');
    expect(second.secret).toBe(page.secret);
    world.clock.advance(1);
    expect(brief(await enrol(world, browser, second))).toBe('message signInOver');
    expect((await standingOf(world, 'ann')).methods).toBe(0);
    // the first factor again, and it goes on
    const next = await arriveAtEnrolment(world, 'ann', { browser });
    expect(brief(await enrol(world, browser, next.page))).toBe('code');
    expect(trip.state).not.toBe(next.trip.state);
  });
});

describe('enrolment in another sign-in', () => {
  it('A091: confirmed from another browser, sign-in or guest → refused, the own one goes on', async () => {
    await using world = await openTestHouse();
    const own = await arriveAtEnrolment(world, 'ann');
    const thief = await arriveAtEnrolment(world, 'ann');
    const other = await arriveAtEnrolment(world, 'ben');
    const code = totpCode(own.page.secret, world.now());
    const handle = (page: typeof own.page) => page.step.handle;
    const nonce = (page: typeof own.page) => page.step.nonce;
    const attempts = [
      [thief.browser, { handle: handle(own.page), nonce: nonce(own.page) }, 'message otherBrowser'],
      [
        thief.browser,
        { handle: handle(own.page), nonce: nonce(thief.page) },
        'message otherBrowser',
      ],
      [thief.browser, { handle: handle(thief.page), nonce: nonce(own.page) }, 'message signInOver'],
      [thief.browser, { handle: handle(thief.page), nonce: nonce(thief.page) }, 'enrol wrong'],
      [other.browser, { handle: handle(other.page), nonce: nonce(other.page) }, 'enrol wrong'],
      [newBrowser(), { handle: handle(own.page), nonce: nonce(own.page) }, 'message otherBrowser'],
    ] as const;
    for (const [browser, step, expected] of attempts)
      expect(brief(await sendCode(world, browser, { page: 'enrol', step }, code))).toBe(expected);
    // another guest's id in the handle of one's own sign-in
    const swapped = writeAuthorizationHandle({
      guest: guestIds.ben as GuestId,
      id: own.trip.fields['signin_id'] as SignInId,
    });
    const step = { handle: swapped, nonce: nonce(own.page) };
    expect(brief(await sendCode(world, own.browser, { page: 'enrol', step }, code))).toBe(
      'message otherBrowser',
    );
    expect((await standingOf(world, 'ann')).methods).toBe(0);
    expect(brief(await enrol(world, own.browser, own.page))).toBe('code');
  });

  it('A092: a guest with a method sends an enrolment → refused, nothing is registered', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const code = totpCode(secret, world.now());
    const answer = await sendCode(world, browser, { page: 'enrol', step: page.step }, code);
    expect(brief(answer)).toBe('message signInOver');
    expect((await standingOf(world, 'ann')).methods).toBe(1);
    expect(brief(await verify(world, browser, page, secret))).toBe('code');
  });

  it('A092: a thief waits at the enrolment page while the guest enrols → the method is asked first', async () => {
    await using world = await openTestHouse();
    const thief = await arriveAtEnrolment(world, 'ann');
    const guest = await arriveAtEnrolment(world, 'ann');
    expect(brief(await enrol(world, guest.browser, guest.page))).toBe('code');
    world.clock.advance(minutes);
    const asked = pageOf(await enrol(world, thief.browser, thief.page), 'challenge');
    expect((await standingOf(world, 'ann')).methods).toBe(1);
    // nor by going back, nor with the code of the secret that was shown to them
    expect(brief(await enrol(world, thief.browser, thief.page))).not.toBe('code');
    expect(brief(await verify(world, thief.browser, asked, thief.page.secret))).toBe(
      'challenge wrong',
    );
    expect(await standingOf(world, 'ann')).toMatchObject({ methods: 1, sessions: ['live'] });
    // the guest in the same place proves theirs and goes on
    const late = await arriveAtChallenge(world, 'ann', { browser: guest.browser });
    expect(brief(await verify(world, guest.browser, late.page, guest.page.secret))).toBe('code');
  });

  it('A092 A091: two tabs enrol at the same moment → one method', async () => {
    await using world = await openTestHouse();
    const one = await arriveAtEnrolment(world, 'ann');
    const two = await arriveAtEnrolment(world, 'ann', { browser: one.browser });
    expect(one.page.secret).not.toBe(two.page.secret);
    const answers = await Promise.all([
      enrol(world, one.browser, one.page),
      enrol(world, one.browser, two.page),
    ]);
    expect(answers.map(brief).sort()).toEqual(['challenge', 'code']);
    expect(await standingOf(world, 'ann')).toMatchObject({ methods: 1, sessions: ['live'] });
  });
});

describe('the sealed secret', () => {
  it("A088 R36: another guest's sealed secret on this guest's row → refused, alarm, nothing granted", async () => {
    await using world = await openTestHouse();
    const thief = await registered(world, 'ben');
    await registered(world, 'ann');
    const [mine] = (await guestRowsOf(world, 'ben')).methods;
    const [theirs] = (await guestRowsOf(world, 'ann')).methods;
    if (!mine || !theirs) throw new Error('not registered');
    const value = { ...theirs.value, secretSealed: mine.value.secretSealed };
    await world.direct.commit(
      { table: 'guests', key: guestIds.ann },
      [{ kind: 'replace', key: theirs.key, value, etag: theirs.etag }],
      'somebody-with-table-access',
    );
    const before = await standingOf(world, 'ann');
    await expect(arrive(world, 'ann')).rejects.toMatchObject({ code: 'sealBroken' });
    expect(world.alarms()).toContain('sealBroken');
    expect(await standingOf(world, 'ann')).toEqual(before);
    // the thief's own sign-in is as it was
    expect((await granted(world, 'ben', thief.secret)).code).toMatch(/^code\./);
  });

  it('A088: the whole method row copied to another guest → refused as well', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ben');
    const [mine] = (await guestRowsOf(world, 'ben')).methods;
    if (!mine) throw new Error('not registered');
    await world.direct.commit(
      { table: 'guests', key: guestIds.ann },
      [{ kind: 'insert', key: methodKey(mine.value.id), value: mine.value }],
      'somebody-with-table-access',
    );
    await expect(arrive(world, 'ann')).rejects.toMatchObject({ code: 'sealBroken' });
    expect(world.alarms()).toContain('sealBroken');
  });
});
