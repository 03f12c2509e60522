import { describe, expect, it } from 'vitest';
import { configurationReader } from '../../shared/flows/configuration/configuration.ts';
import { dump, openTestHouse } from '../support/house.ts';
import { codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import {
  askForCode,
  enrolledGus,
  enterPasscode,
  halMail,
  lastCode,
  withHal,
} from '../support/house-passcode.ts';
import { signInLogs, standingOf } from '../support/house-rows.ts';
import { askWithSession, signedIn } from '../support/house-session.ts';
import {
  granted,
  redeem,
  registered,
  reset,
  sendCode,
  status,
  tokensOf,
} from '../support/house-steps.ts';
import { totpCode } from '../support/house-totp.ts';

/** Attack: a session that should be of no use, is taken over, or stands in for more than was shown. */

const minute = 60_000;
const hour = 60 * minute;

describe('a session whose guest, door or partner is no more', () => {
  const changes = {
    'the guest disabled': (files: Record<string, string>) =>
      edited(files, 'guests/gus.json', { accountEnabled: false }),
    'the mailbox taken from the guest': (files: Record<string, string>) =>
      edited(files, 'guests/gus.json', { identities: [] }),
    'the mailed passcode switched off': (files: Record<string, string>) =>
      edited(files, 'settings.json', { passcode: { enabled: false } }),
  };
  it.each(Object.entries(changes))(
    'A060 R39: %s → of no use, at once and when it is undone',
    async (_, change) => {
      const { world, browser } = await signedIn();
      await using _world = world;
      expect((await askWithSession(world, { ...browser })).said).toBe('code');
      const before = world.files();
      world.clock.advance(1_000);
      await world.reconfigure((files) => change({ ...files }));
      expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
      expect((await askWithSession(world, { ...browser }, { prompt: 'none' })).said).toBe(
        'error login_required',
      );
      await world.reconfigure(() => before);
      expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
    },
  );

  it('A060: the partner disabled → the session of its guest is void, and stays so', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { browser } = await granted(world, 'ann', secret);
    expect((await askWithSession(world, { ...browser })).said).toBe('code');
    const before = world.files();
    world.clock.advance(1_000);
    await world.reconfigure((files) => edited(files, 'partners/contoso.json', { enabled: false }));
    expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
    await world.reconfigure(() => before);
    expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
  });

  it('A060 R38: a reset ends it, with whatever was begun by it', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const begun = await askWithSession(world, { ...browser });
    await reset(world, 'gus');
    expect((await askWithSession(world, { ...browser })).said).toBe('signIn');
    expect(status(await redeem(world, begun.trip, codeOf(begun.answer)))).toBe('invalid_grant');
    expect((await standingOf(world, 'gus')).sessions).not.toContain('live');
  });
});

describe('tables that were restored from a backup', () => {
  it('A060 R39: what was begun before the moment that the environment names is void, what comes after is not', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const before = await askWithSession(world, { ...browser });
    expect(before.said).toBe('code');
    world.clock.advance(10_000);
    const house = {
      ...world.house,
      configuration: configurationReader(
        world.direct,
        world.house.journal,
        world.now,
        world.now().toISOString(),
      ),
    };
    const restored = { ...world, house };
    expect((await askWithSession(restored, { ...browser })).said).toBe('signIn');
    expect(status(await redeem(restored, before.trip, codeOf(before.answer)))).toBe(
      'invalid_grant',
    );
    const { browser: fresh } = await registered(restored, 'ann');
    expect((await askWithSession(restored, fresh)).said).toBe('code');
  });
});

describe('what a session stands for', () => {
  it('R14: prompt=none with a session → a code, no page and no mail; without → login_required', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const mailed = world.mail.asked.length;
    expect((await askWithSession(world, { ...browser }, { prompt: 'none' })).said).toBe('code');
    for (const other of [
      newBrowser(),
      newBrowser({ session: browser.session }),
      { ...browser, session: undefined },
      { ...browser, session: `${browser.session}A` },
      { ...browser, session: browser.session?.replace('a0000005', 'a0000001') },
    ]) {
      const { answer, said } = await askWithSession(world, other, { prompt: 'none' });
      expect(said).toBe('error login_required');
      expect(answer).toMatchObject({
        parameters: { state: 'state-of-the-app', iss: world.house.issuer },
      });
    }
    expect(world.mail.asked).toHaveLength(mailed);
  });

  it('R14: prompt=login, select_account and a max_age that is over ask anew; auth_time tells the truth', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const cameAt = Math.floor(world.now().getTime() / 1_000);
    world.clock.advance(10 * minute);
    for (const prompt of ['login', 'select_account'])
      expect((await askWithSession(world, { ...browser }, { prompt })).said, prompt).toBe('signIn');
    for (const [max_age, expected] of [
      ['0', 'signIn'],
      ['600', 'signIn'],
      ['601', 'code'],
    ] as const)
      expect((await askWithSession(world, { ...browser }, { max_age })).said, max_age).toBe(
        expected,
      );
    expect(
      (await askWithSession(world, { ...browser }, { max_age: '600', prompt: 'none' })).said,
    ).toBe('error login_required');
    const { trip, answer } = await askWithSession(world, browser);
    const { id } = tokensOf(await redeem(world, trip, codeOf(answer)));
    expect(id['auth_time']).toBe(cameAt);
  });

  it("R40: another app's policies are judged anew: refused from home, with a row of its own in the log", async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    expect((await askWithSession(world, { ...browser }, {}, 'timesheets')).said).toBe(
      'blocked blockedByPolicy',
    );
    expect((await signInLogs(world)).at(-1)).toMatchObject({
      result: 'failure',
      cause: 'blockedByPolicy',
      app: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b003',
    });
    expect(
      (await askWithSession(world, { ...browser }, { prompt: 'none' }, 'timesheets')).said,
    ).toBe('error interaction_required');
    const office = { ...browser, ipAddress: '203.0.113.20' };
    expect((await askWithSession(world, office, {}, 'timesheets')).said).toBe('code');
    await expect(askWithSession(world, { ...browser, ipAddress: undefined })).rejects.toMatchObject(
      {
        code: 'clientAddressUnknown',
      },
    );
  });

  it('R39: of a passcode guest it ends 24 hours after the code, however often it is used', async () => {
    const { world, browser } = await signedIn({
      files: (files) =>
        edited(files, 'settings.json', { federatedSessionHours: 168, passcode: { enabled: true } }),
    });
    await using _world = world;
    for (let h = 0; h < 23; h++) {
      world.clock.advance(hour);
      expect((await askWithSession(world, browser)).said, `${h}`).toBe('code');
    }
    world.clock.advance(hour - 1);
    expect((await askWithSession(world, browser)).said).toBe('code');
    world.clock.advance(1);
    expect((await askWithSession(world, browser)).said).toBe('signIn');
  });

  it('R39 A051: a cookie of its own at each grant; a planted one is never taken over', async () => {
    await using world = await openTestHouse({ files: withHal });
    const planted = 'session.a0000005-2f4e-4b6d-8a9c-1d3e5f7a9b05.AAAAAAAAAAAAAAAAAAAAAA';
    const browser = newBrowser({ session: planted });
    await enrolledGus(world, { browser });
    const seen = [planted, browser.session];
    for (let n = 0; n < 3; n++) {
      expect((await askWithSession(world, browser)).said).toBe('code');
      seen.push(browser.session);
      world.clock.advance(2 * minute);
    }
    expect(new Set(seen).size).toBe(5);
    // those before have ended
    for (const session of seen.slice(0, 4))
      expect((await askWithSession(world, { ...browser, session })).said).toBe('signIn');
    // a sign-in as somebody else over it makes that guest's own
    const tab = await askForCode(world, halMail, { browser });
    const enrol = pageOf(
      await enterPasscode(world, browser, tab.page, lastCode(world, halMail)),
      'enrol',
    );
    await sendCode(world, browser, enrol, totpCode(enrol.secret, world.now()));
    expect(browser.session).toMatch(/^session\.a0000006/);
  });

  it('R39: no table holds the secret of a session', async () => {
    const { world, browser } = await signedIn();
    await using _world = world;
    const stored = JSON.stringify(await dump(world));
    expect(stored).not.toContain(browser.session?.split('.').at(-1));
  });
});
