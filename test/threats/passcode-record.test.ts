import { describe, expect, it } from 'vitest';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, codeOf, pageOf } from '../support/house-browser.ts';
import { edited, policy, without } from '../support/house-folder.ts';
import { guestIds } from '../support/house-home.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  nobodysMail,
  proveMailbox,
  registeredGus,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { logEntries, signInLogs } from '../support/house-rows.ts';
import { redeem, tokensOf, verify } from '../support/house-steps.ts';

/** Every act about a mailed code stands in the log once, with guest, time and result; and says what it was. */

const minute = 60_000;
const day = 24 * 60 * minute;

const whats = (events: readonly { readonly what: string }[]) => events.map(({ what }) => what);

async function cleanLater(world: TestHouse) {
  world.clock.advance(3 * day);
  await Promise.all([cleanUp(world.house, world.now()), cleanUp(world.house, world.now())]);
  await cleanUp(world.house, world.now());
}

describe.each(storeKinds)('the record of a mailed code, store: %s', (store) => {
  it('R54 A035: success at the token → every act in order, by a mailed code and an authenticator', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registeredGus(world);
    const { browser, trip, page } = await askForCode(world);
    const wrong = pageOf(
      await enterPasscode(world, browser, page, wrongPasscode(world)),
      'passcode',
    );
    const held = pageOf(await askAgain(world, browser, wrong), 'passcode');
    const first = pageOf(await enterPasscode(world, browser, held, lastCode(world)), 'challenge');
    const code = codeOf(await verify(world, browser, first, secret));
    expect(tokensOf(await redeem(world, trip, code)).id['amr']).toEqual(['email', 'otp', 'mfa']);
    const entry = (await signInLogs(world)).at(-1);
    expect(entry).toMatchObject({
      result: 'success',
      guest: guestIds.gus,
      facts: {
        ipAddress: '198.51.100.7',
        user: { identityProvider: 'emailOtp' },
        authentication: { methods: [{ mode: 'email' }, { mode: 'softwareOath' }] },
      },
    });
    expect(whats(entry?.events ?? [])).toEqual([
      'started',
      'passcodeSent',
      'wrongPasscode',
      'passcodeHeldBack',
      'firstFactor',
      'secondFactor',
      'granted',
      'redeemed',
    ]);
    expect(JSON.stringify(await logEntries(world))).not.toContain(gusMail);
  });

  it('R54: left at the code page → one row when it is cleaned up, with what was tried and on whom', async () => {
    await using world = await openTestHouse({ store });
    const { browser, page } = await askForCode(world);
    await enterPasscode(world, browser, page, wrongPasscode(world));
    await askForCode(world, nobodysMail);
    await cleanLater(world);
    const logs = await signInLogs(world);
    expect(logs).toHaveLength(2);
    for (const entry of logs)
      expect(entry).toMatchObject({ result: 'failure', cause: 'abandoned' });
    const guessed = logs.find(({ events }) => whats(events).includes('wrongPasscode'));
    expect(guessed?.guest).toBe(guestIds.gus);
    const other = logs.find((entry) => entry !== guessed);
    expect(other?.guest).toBeUndefined();
    expect(whats(other?.events ?? [])).toEqual(['started', 'passcodeSent']);
    expect(JSON.stringify(logs)).not.toContain('smallshop');
  });

  it('R54: left after the first factor → one row, with the guest; cleaned up or pruned, never two', async () => {
    await using world = await openTestHouse({ store });
    await proveMailbox(world);
    await cleanLater(world);
    expect(await signInLogs(world)).toMatchObject([
      { cause: 'abandoned', guest: guestIds.gus, outcome: 'interrupt' },
    ]);
  });

  it('R54: blocked by policy, or a guest who may not come in → one row each, with the mailed code', async () => {
    await using blocked = await openTestHouse({
      store,
      files: (files) => ({ ...files, 'policies/block.json': policy(1, {}) }),
    });
    expect(brief((await proveMailbox(blocked)).answer)).toBe('blocked blockedByPolicy');
    await using disabled = await openTestHouse({
      store,
      files: (files) => edited(files, 'guests/gus.json', { accountEnabled: false }),
    });
    expect(brief((await proveMailbox(disabled)).answer)).toBe('blocked noAccess');
    for (const [world, cause, code] of [
      [blocked, 'blockedByPolicy', 53003],
      [disabled, 'noAccess', 50020],
    ] as const) {
      await cleanLater(world);
      const logs = await signInLogs(world);
      expect(logs).toMatchObject([{ result: 'failure', cause, code, guest: guestIds.gus }]);
      expect(whats(logs[0]?.events ?? [])).toContain('firstFactor');
    }
  });
});

describe('a mailed code is one weak factor', () => {
  it('A035: read out to a phisher it opens no app that asks for more; the mail names app, organisation and time', async () => {
    await using world = await openTestHouse();
    const { answer } = await proveMailbox(world);
    expect(brief(answer)).toBe('enrol');
    expect(world.mail.delivered[0]).toMatchObject({
      app: 'Woodgrove',
      organisation: { name: 'Fabrikam' },
      requestedAt: new Date('2026-11-18T09:10:00.000Z'),
      expiresAt: new Date('2026-11-18T09:20:00.000Z'),
    });
  });

  it('A035: where no policy asks for more, the token says what it was and no more', async () => {
    await using world = await openTestHouse({
      files: (files) =>
        without(files, ...Object.keys(files).filter((name) => name.startsWith('policies/'))),
    });
    const { trip, answer } = await proveMailbox(world);
    const { id } = tokensOf(await redeem(world, trip, codeOf(answer)));
    expect(id['amr']).toEqual(['email', 'otp']);
    expect(id['acr']).not.toBe('urn:vestibule:acr:mfa');
  });
});
