import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/flows/answers.ts';
import type { TokenAnswer } from '../../shared/flows/token/token-client.ts';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import {
  type At,
  openTestHouse,
  type StoreKind,
  storeKinds,
  type TestHouse,
} from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { logEntries, signInLogs, standingOf } from '../support/house-rows.ts';
import {
  arrive,
  arriveAtChallenge,
  arriveAtEnrolment,
  authorizeAndSignIn,
  comeBack,
  enrol,
  granted,
  redeem,
  registered,
  reset,
  type Trip,
  tokensOf,
  verify,
} from '../support/house-steps.ts';
import { interrupted } from '../support/house-stores.ts';

/**
 * An administrator resets a guest while that guest's sign-in, perhaps a thief's, is under way: before
 * each of the step's own calls to the store in turn, and so between its load and its commit too.
 */

type Step = { readonly trip: Trip; readonly run: (at: At) => Promise<Answer | TokenAnswer> };

const steps: Readonly<Record<string, (world: TestHouse) => Promise<Step>>> = {
  'coming back from home': async (world) => {
    await registered(world, 'ann');
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    return { trip, run: (at) => comeBack(at, browser, trip, 'ann') };
  },
  'a right code at the challenge': async (world) => {
    const { secret } = await registered(world, 'ann');
    const { browser, trip, page } = await arriveAtChallenge(world, 'ann');
    return { trip, run: (at) => verify(at, browser, page, secret) };
  },
  'confirming an enrolment': async (world) => {
    const { browser, trip, page } = await arriveAtEnrolment(world, 'ann');
    return { trip, run: (at) => enrol(at, browser, page) };
  },
  'redeeming the code': async (world) => {
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    return { trip, run: (at) => redeem(at, trip, code) };
  },
};

/** Whatever the step gave away opens nothing any more. */
async function expectNothingLeft(world: TestHouse, { trip }: Step, given: Answer | TokenAnswer) {
  const standing = await standingOf(world, 'ann');
  expect(standing.methods).toBe(0);
  expect(standing.sessions).not.toContain('live');
  for (const state of standing.authorizations) expect(['over', 'revoked']).toContain(state);
  if (given.kind === 'tokens')
    expect(await userinfo(world.house, tokensOf(given).accessToken, world.now())).toBeUndefined();
  if (given.kind === 'authorizationResponse')
    expect(await redeem(world, trip, codeOf(given))).toMatchObject({ error: 'invalid_grant' });
}

async function resetBefore(store: StoreKind, n: number, name: string) {
  const world = await openTestHouse({ store });
  const step = await (steps[name] as (typeof steps)[string])(world);
  world.clock.advance(1);
  const wrapped = interrupted(world.house.store, n, async () => {
    expect(await reset(world, 'ann')).toMatchObject({ kind: 'done' });
    world.clock.advance(1);
  });
  const answer = await step.run({ house: { ...world.house, store: wrapped }, now: world.now });
  return { world, step, answer, happened: wrapped.happened() };
}

describe.each(storeKinds)('a reset while a sign-in is under way, store: %s', (store) => {
  it.each(Object.keys(steps))(
    'A133 R38: %s, the reset before each of its calls → nothing survives',
    async (name) => {
      const outcomes: string[] = [];
      for (let n = 0; ; n++) {
        const { world, step, answer, happened } = await resetBefore(store, n, name);
        await using _ = world;
        if (!happened) break;
        outcomes.push(answer.kind === 'page' ? brief(answer) : answer.kind);
        await expectNothingLeft(world, step, answer);
      }
      // it did come before the first and after the last effect
      expect(outcomes.length).toBeGreaterThan(1);
      expect(outcomes).not.toContain('enrol');
    },
  );

  it('A133: at the code page when the reset comes → the sign-in is over, no enrolment page', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const thief = await arriveAtChallenge(world, 'ann');
    world.clock.advance(1_000);
    expect(await reset(world, 'ann')).toMatchObject({
      answer: { methodsRemoved: ['softwareOath'], sessionsRevoked: 1 },
    });
    expect(brief(await verify(world, thief.browser, thief.page, secret))).toBe(
      'message signInOver',
    );
    expect(brief(await comeBack(world, thief.browser, thief.trip, 'ann'))).toBe(
      'message signInOver',
    );
    // what the reset is for: the next sign-in proofs up
    const next = await arriveAtEnrolment(world, 'ann');
    expect(brief(await enrol(world, next.browser, next.page))).toBe('code');
  });

  it('A133: away at home when the reset comes → coming back opens no enrolment page', async () => {
    await using world = await openTestHouse({ store });
    await registered(world, 'ann');
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    world.clock.advance(1_000);
    await reset(world, 'ann');
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message signInOver');
  });

  it('R38: sessions, codes and tokens of every app are over; the intent stands before the result', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const redeemed = await granted(world, 'ann', secret);
    const { accessToken } = tokensOf(await redeem(world, redeemed.trip, redeemed.code));
    world.clock.advance(30_000);
    const waiting = await granted(world, 'ann', secret, { app: 'desktop' });
    const done = await reset(world, 'ann');
    if (done.kind !== 'done') throw new Error(done.kind);
    expect(done.answer).toMatchObject({ sessionsRevoked: 3, methodsRemoved: ['softwareOath'] });
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    expect(await redeem(world, waiting.trip, waiting.code)).toMatchObject({
      error: 'invalid_grant',
    });
    const audit = (await logEntries(world)).filter(
      (entry) => entry.kind === 'audit' && entry.activity === 'resetMfa',
    );
    expect(audit).toHaveLength(2);
    expect(audit).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ phase: 'intent', operationId: done.answer.operationId }),
        expect.objectContaining({
          phase: 'result',
          result: 'done',
          operationId: done.answer.operationId,
          actor: 'app:test-administrator',
          reason: 'lost the phone',
        }),
      ]),
    );
  });

  it('A095: sent twice and in parallel with one key → one effect, one operation id', async () => {
    await using world = await openTestHouse({ store });
    await registered(world, 'ann');
    const key = { idempotencyKey: 'ticket-4711' };
    const answers = await Promise.all([reset(world, 'ann', key), reset(world, 'ann', key)]);
    const ids = answers.map((done) => done.kind === 'done' && done.answer.operationId);
    expect(new Set(ids).size).toBe(1);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ answer: { methodsRemoved: ['softwareOath'] } });
    // the guest has proofed up again: the same key once more takes nothing away
    world.clock.advance(60_000);
    await registered(world, 'ann');
    const again = await reset(world, 'ann', key);
    expect(again.kind === 'done' && again.answer.operationId).toBe(ids[0]);
    expect((await standingOf(world, 'ann')).methods).toBe(1);
    const operations = (await logEntries(world)).flatMap((entry) =>
      entry.kind === 'audit' && entry.activity === 'resetMfa' ? [entry.operationId] : [],
    );
    expect(new Set(operations)).toEqual(new Set(ids));
  });

  it('R38: ten resets of one guest at once → each answers, one removes the method', async () => {
    await using world = await openTestHouse({ store });
    await registered(world, 'ann');
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset(world, 'ann')));
    const kinds = new Set(answers.map(({ kind }) => kind));
    expect(kinds.difference(new Set(['done', 'contended']))).toEqual(new Set());
    const removed = answers.flatMap((done) =>
      done.kind === 'done' ? done.answer.methodsRemoved : [],
    );
    expect(removed).toEqual(['softwareOath']);
    expect((await standingOf(world, 'ann')).methods).toBe(0);
  });

  it('R38: twenty sessions and sixty sign-ins are ended by one reset', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    for (let n = 0; n < 22; n++) {
      world.clock.advance(30_000);
      await granted(world, 'ann', secret);
    }
    let answer: Answer = (await arrive(world, 'ann')).answer;
    while (answer.kind === 'page' && answer.page === 'challenge')
      answer = (await arrive(world, 'ann')).answer;
    expect(pageOf(answer, 'message').message).toBe('temporarilyUnavailable');
    const before = await standingOf(world, 'ann');
    expect(before.authorizations).toHaveLength(60);
    expect(before.sessions.filter((state) => state === 'live')).toHaveLength(20);
    expect(await reset(world, 'ann')).toMatchObject({ answer: { sessionsRevoked: 20 } });
    const after = await standingOf(world, 'ann');
    expect(new Set(after.authorizations)).toEqual(new Set(['over']));
    expect(after.sessions).not.toContain('live');
    expect(await signInLogs(world)).toEqual([]);
  });
});
