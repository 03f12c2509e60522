import { describe, expect, it } from 'vitest';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import { dump, openTestHouse, storeKinds } from '../support/house.ts';
import { brief, newBrowser, someAddress } from '../support/house-browser.ts';
import { appIds, edited, type Files, policy, without } from '../support/house-folder.ts';
import { guestRowsOf, signInLogs, standingOf } from '../support/house-rows.ts';
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
  tokensOf,
  verify,
} from '../support/house-steps.ts';

/**
 * The configuration changes while a sign-in is under way: what was decided before does not count, and
 * what the sign-in stood on must still stand at every step after.
 */

const suspended = '9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a01';

type Change = {
  readonly to: (files: Files) => Files;
  /** What the next step in the browser says, where the page was shown before. */
  readonly page: string;
  readonly atHome: string;
};

const changes: Readonly<Record<string, Change>> = {
  'A106 R40: a policy that blocks': {
    to: (files) => ({ ...files, 'policies/x.json': policy(1, {}) }),
    page: 'blocked blockedByPolicy',
    atHome: 'blocked blockedByPolicy',
  },
  'A106 R40: a policy that blocks where the guest is': {
    to: (files) => ({
      ...files,
      'namedLocations/x.json': JSON.stringify({
        '@odata.type': '#microsoft.graph.ipNamedLocation',
        id: '10ca0001-5a1e-4b0c-9d2e-3f4a5b6c7dff',
        displayName: 'Here',
        isTrusted: false,
        ipRanges: [
          { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: `${someAddress}/32` },
        ],
      }),
      'policies/x.json': policy(1, {
        conditions: {
          users: { includeUsers: ['All'] },
          applications: { includeApplications: ['All'] },
          clientAppTypes: ['all'],
          locations: { includeLocations: ['10ca0001-5a1e-4b0c-9d2e-3f4a5b6c7dff'] },
        },
      }),
    }),
    page: 'blocked blockedByPolicy',
    atHome: 'blocked blockedByPolicy',
  },
  'A108: the guest put into a blocked group': {
    to: (files) => edited(files, 'guests/ann.json', { groupIds: [suspended] }),
    page: 'blocked blockedByPolicy',
    atHome: 'blocked blockedByPolicy',
  },
  'A108: the app removed': {
    to: (files) => without(files, 'apps/woodgrove.json'),
    page: 'message signInOver',
    atHome: 'message signInOver',
  },
  'A060: the guest disabled': {
    to: (files) => edited(files, 'guests/ann.json', { accountEnabled: false }),
    page: 'message signInOver',
    atHome: 'blocked noAccess',
  },
  'A060: the identity taken from the guest': {
    to: (files) => edited(files, 'guests/ann.json', { identities: [] }),
    page: 'message signInOver',
    atHome: 'blocked noAccess',
  },
  'A060: the partner disabled': {
    to: (files) => edited(files, 'partners/contoso.json', { enabled: false }),
    page: 'message signInOver',
    atHome: 'message signInOver',
  },
  'A060: the partner bound to another issuer': {
    to: (files) => edited(files, 'partners/contoso.json', { issuer: 'http://127.0.0.1:7081' }),
    page: 'message signInOver',
    atHome: 'message signInOver',
  },
  'A139: the redirect URI withdrawn': {
    to: (files) =>
      edited(files, 'apps/woodgrove.json', { redirectUris: ['http://[::1]:7090/elsewhere'] }),
    page: 'message signInOver',
    atHome: 'message signInOver',
  },
};

describe('changes under a running sign-in', () => {
  describe.each(Object.entries(changes))('%s', (_, { to, page, atHome }) => {
    const open = () => openTestHouse();

    it('while the guest is at home → nothing granted on coming back', async () => {
      await using world = await open();
      await registered(world, 'ann');
      const browser = newBrowser();
      const trip = await authorizeAndSignIn(world, browser);
      world.clock.advance(1);
      await world.reconfigure(to);
      expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe(atHome);
      expect((await standingOf(world, 'ann')).authorizations).not.toContain('open');
    });

    it('at the code page → the right code grants nothing', async () => {
      await using world = await open();
      const { secret } = await registered(world, 'ann');
      const challenge = await arriveAtChallenge(world, 'ann');
      const before = (await standingOf(world, 'ann')).sessions;
      await world.reconfigure(to);
      const answer = await verify(world, challenge.browser, challenge.page, secret);
      expect(brief(answer)).toBe(page);
      expect((await standingOf(world, 'ann')).sessions.length).toBeLessThanOrEqual(before.length);
    });

    it('at the enrolment page → the right code registers nothing', async () => {
      await using world = await open();
      const enrolment = await arriveAtEnrolment(world, 'ann');
      await world.reconfigure(to);
      const answer = await enrol(world, enrolment.browser, enrolment.page);
      expect(brief(answer)).toBe(page);
      expect(await standingOf(world, 'ann')).toMatchObject({ methods: 0, sessions: [] });
    });

    it('with the code given out → the app gets no token', async () => {
      await using world = await open();
      const { secret } = await registered(world, 'ann');
      const { trip, code } = await granted(world, 'ann', secret);
      await world.reconfigure(to);
      const answer = await redeem(world, trip, code);
      expect(answer).toMatchObject({ kind: 'refused', status: expect.any(Number) });
      // nor after everything is as it was: what was refused once is over, what was void stays void
      expect(
        (await guestRowsOf(world, 'ann')).authorizations.map((r) => r.value.state),
      ).not.toContain('redeemed');
    });
  });
});

describe.each(storeKinds)('changes and what they leave, store: %s', (store) => {
  it('A106: the refusal at /token names the policy number, and the code stays spent', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    await world.reconfigure((files) => ({ ...files, 'policies/x.json': policy(1, {}) }));
    expect(await redeem(world, trip, code)).toMatchObject({
      error: 'invalid_grant',
      more: { suberror: 'access_denied', error_codes: [53003] },
    });
    expect((await signInLogs(world)).at(-1)).toMatchObject({ result: 'failure', code: 53003 });
    await world.reconfigure((files) => without(files, 'policies/x.json'));
    expect(await redeem(world, trip, code)).toMatchObject({ error: 'invalid_grant' });
  });

  it('A060: a partner disabled and enabled again → what began before stays void, userinfo too', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const first = await granted(world, 'ann', secret);
    const { accessToken } = tokensOf(await redeem(world, first.trip, first.code));
    world.clock.advance(30_000);
    const second = await granted(world, 'ann', secret);
    const waiting = await arriveAtChallenge(world, 'ann');
    const away = newBrowser();
    const trip = await authorizeAndSignIn(world, away);
    world.clock.advance(1_000);
    await world.reconfigure((files) => edited(files, 'partners/contoso.json', { enabled: false }));
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    await world.reconfigure((files) => edited(files, 'partners/contoso.json', { enabled: true }));
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    expect(await redeem(world, second.trip, second.code)).toMatchObject({ error: 'invalid_grant' });
    expect(brief(await verify(world, waiting.browser, waiting.page, secret))).toBe(
      'message signInOver',
    );
    expect(brief(await comeBack(world, away, trip, 'ann'))).toBe('message signInOver');
    // a new one is as good as ever
    world.clock.advance(60_000);
    const again = await granted(world, 'ann', secret);
    expect(tokensOf(await redeem(world, again.trip, again.code)).id['aud']).toBe(appIds.woodgrove);
  });

  it('A060: a guest disabled while the token lives → userinfo is over, enabled again or not', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    const { accessToken } = tokensOf(await redeem(world, trip, code));
    for (const accountEnabled of [false, true]) {
      await world.reconfigure((files) => edited(files, 'guests/ann.json', { accountEnabled }));
      expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    }
  });

  it('A139: the form posted after its redirect URI or app was withdrawn → a page, no row', async () => {
    await using world = await openTestHouse({ store });
    for (const change of [
      changes['A139: the redirect URI withdrawn'],
      changes['A108: the app removed'],
    ]) {
      const browser = newBrowser();
      const { fields } = await openForm(world, browser, { app: 'woodgrove' });
      const before = world.files();
      await world.reconfigure(change?.to ?? ((f) => f));
      const answer = await postForm(world, browser, { ...fields, mail: 'ann@contoso.example' });
      expect(brief(answer)).toMatch(/^message (redirectUriMismatch|unknownClient)$/);
      await world.reconfigure(() => before);
    }
    expect(await dump(world, ['expiring'])).toEqual([]);
  });
});
