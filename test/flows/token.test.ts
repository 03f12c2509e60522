import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../shared/checks/client-authentication.ts';
import { type TokenInput, token } from '../../shared/flows/token/token.ts';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { appIds, edited, policy, redirectUri, secrets } from '../support/house-folder.ts';
import { guestRowsOf, logEntries, signInLogs } from '../support/house-rows.ts';
import {
  claimsOf,
  granted,
  type Parameters,
  redeem,
  registered,
  tokensOf,
} from '../support/house-steps.ts';
import { failingOn } from '../support/house-stores.ts';

/** POST /token and /userinfo: every answer. */

const post = (world: TestHouse, form: Parameters, more: Partial<TokenInput> = {}) =>
  token(
    world.house,
    { form: new Map(Object.entries(form)), duplicates: [], authorization: undefined, ...more },
    world.now(),
  );

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

const own = { client_id: appIds.woodgrove, client_secret: secrets.woodgrove };
const code = { grant_type: 'authorization_code', code: 'x', redirect_uri: redirectUri };

describe('who asks', () => {
  it.each([
    [{ ...code }, undefined, 'invalid_client'],
    [{ ...code, client_id: appIds.woodgrove }, undefined, 'invalid_client'],
    [{ ...code, ...own, client_secret: 'x' }, undefined, 'invalid_client'],
    [{ ...code, ...own, client_secret: secrets.timesheets }, undefined, 'invalid_client'],
    [{ ...code, client_id: appIds.desktop, client_secret: 'x' }, undefined, 'invalid_client'],
    [{ ...code, client_id: '__proto__', client_secret: 'x' }, undefined, 'invalid_client'],
    [{ ...code, ...own }, basic(appIds.woodgrove, secrets.woodgrove), 'invalid_client'],
    [
      { ...code, client_id: appIds.timesheets },
      basic(appIds.woodgrove, secrets.woodgrove),
      'invalid_client',
    ],
    [{ ...code }, 'Basic x', 'invalid_client'],
    [{ ...code }, `Bearer ${secrets.woodgrove}`, 'invalid_client'],
    [{ ...code }, basic(appIds.woodgrove, secrets.woodgrove), 'invalid_grant'],
    [{ ...code, ...own }, undefined, 'invalid_grant'],
    [{ ...code, ...own, client_id: appIds.woodgrove.toUpperCase() }, undefined, 'invalid_grant'],
    [{ ...own }, undefined, 'invalid_request'],
    [{ ...own, grant_type: 'authorization_code' }, undefined, 'invalid_request'],
  ] as const)('%j with %j → %s', async (form, authorization, error) => {
    await using world = await openTestHouse();
    const answer = await post(world, form, { authorization });
    expect(answer).toMatchObject({
      kind: 'refused',
      error,
      status: error === 'invalid_client' ? 401 : 400,
      reference: expect.stringMatching(/-/),
    });
    // what was shown is in no line
    expect(JSON.stringify(world.lines)).not.toContain(secrets.woodgrove);
  });

  it('a parameter twice is refused before anything is looked at', async () => {
    await using world = await openTestHouse();
    const answer = await post(world, { ...code, ...own }, { duplicates: ['code'] });
    expect(answer).toMatchObject({ error: 'invalid_request', status: 400 });
  });
});

describe('an administrator’s own grant', () => {
  const ask = (world: TestHouse, more: Parameters = {}) =>
    post(world, {
      grant_type: 'client_credentials',
      client_id: appIds.admin,
      client_secret: secrets.admin,
      ...more,
    });

  it('carries the roles of the registration, for the admin API alone, for an hour', async () => {
    await using world = await openTestHouse();
    const answer = await ask(world);
    if (answer.kind !== 'tokens') throw new Error(answer.error);
    expect(answer.body['id_token']).toBeUndefined();
    const claims = claimsOf(JSON.stringify(answer.body['access_token']).slice(1, -1));
    expect(claims).toMatchObject({
      aud: `${world.house.issuer}/manage`,
      sub: appIds.admin,
      client_id: appIds.admin,
      roles: expect.arrayContaining(['UserAuthenticationMethod.ReadWrite.All']),
    });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(3600);
  });

  it.each([
    [{ client_secret: 'x' }, 'invalid_client'],
    [{ client_id: appIds.woodgrove, client_secret: secrets.woodgrove }, 'unauthorized_client'],
    [{ resource: 'https://api.woodgrove.example' }, 'invalid_target'],
  ])('%j → %s', async (more, error) => {
    await using world = await openTestHouse();
    expect(await ask(world, more as Parameters)).toMatchObject({ kind: 'refused', error });
  });

  it('a public client has none', async () => {
    await using world = await openTestHouse();
    const form = { grant_type: 'client_credentials', client_id: appIds.desktop };
    expect(await post(world, form)).toMatchObject({ error: 'invalid_client' });
  });

  it('the seeded client works before the first configuration, and only with its secret', async () => {
    await using world = await openTestHouse({ files: false });
    const appId = '11111111-1111-4111-8111-111111111111';
    const seedClient = { appId, secretHash: hashSecret('seeded-secret-of-this-test') };
    const at = { ...world, house: { ...world.house, admission: { seedClient } } };
    const form = { client_id: appId, client_secret: 'seeded-secret-of-this-test' };
    expect((await ask(at, form)).kind).toBe('tokens');
    expect(await ask(at, { ...form, client_secret: 'x' })).toMatchObject({
      error: 'invalid_client',
    });
    expect(await ask(at)).toMatchObject({ error: 'invalid_client' });
  });
});

describe('tokens', () => {
  it.each([
    ['openid', {}],
    ['openid profile', { name: 'Ann Abel' }],
    ['openid email', { email: 'ann@contoso.example' }],
    ['openid phone api.admin', {}, 'openid'],
  ])('scope %s → what is offered of it, at /userinfo too', async (scope, claims, given = scope) => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret, { parameters: { scope } });
    const { body, id, accessToken } = tokensOf(await redeem(world, trip, code));
    expect(body['scope']).toBe(given);
    const shown = await userinfo(world.house, accessToken, world.now());
    for (const name of ['name', 'email'])
      expect([id[name], shown?.[name]]).toEqual(
        Array(2).fill((claims as Record<string, string>)[name]),
      );
  });

  it('userinfo: garbage, an ID token, one for an API, an expired one → undefined', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const first = await granted(world, 'ann', secret);
    const { accessToken, idToken } = tokensOf(await redeem(world, first.trip, first.code));
    world.clock.advance(30_000);
    const parameters = { resource: 'https://api.woodgrove.example' };
    const second = await granted(world, 'ann', secret, { app: 'desktop', parameters });
    const api = tokensOf(await redeem(world, second.trip, second.code));
    for (const text of ['', 'x', 'a.b.c', idToken, api.accessToken])
      expect(await userinfo(world.house, text, world.now())).toBeUndefined();
    expect(await userinfo(world.house, accessToken, world.now())).toBeDefined();
    world.clock.advance(3_600_000);
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
  });

  it('R40 a token is logged with the decision it was issued on, before it leaves', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code: given } = await granted(world, 'ann', secret);
    tokensOf(await redeem(world, trip, given));
    const { setVersion } = await world.house.configuration();
    expect(await signInLogs(world)).toMatchObject([
      {
        result: 'success',
        outcome: 'grant',
        setVersion,
        policies: { 'b0110001-0c0a-4a10-9e01-1f0000000001': 'success' },
      },
    ]);
    const { authorizations } = await guestRowsOf(world, 'ann');
    const row = authorizations.find(({ value }) => value.state === 'redeemed')?.value;
    expect(row?.decision).toMatchObject({ outcome: 'grant', setVersion });
    expect(row?.events.map(({ what }) => what)).toEqual([
      'started',
      'sentHome',
      'cameBack',
      'firstFactor',
      'secondFactor',
      'granted',
      'redeemed',
    ]);
  });

  it('R40: the log cannot be written → no token leaves, and the code is spent', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code: given } = await granted(world, 'ann', secret);
    const store = failingOn(world.house.store, ({ table }) => table === 'log');
    await expect(
      redeem({ ...world, house: { ...world.house, store } }, trip, given),
    ).rejects.toMatchObject({ code: 'storageUnavailable' });
    expect(await redeem(world, trip, given)).toMatchObject({ error: 'invalid_grant' });
    expect(await logEntries(world)).not.toContainEqual(
      expect.objectContaining({ kind: 'signIn', result: 'success' }),
    );
  });

  it('R40: a session control that cannot be kept refuses the sign-in', async () => {
    await using world = await openTestHouse({
      files: (files) => ({
        ...files,
        'policies/x.json': policy(1, {
          grantControls: { operator: 'OR', builtInControls: ['mfa'] },
          sessionControls: { secureSignInSession: { isEnabled: true } },
        }),
      }),
    });
    await expect(registered(world, 'ann')).rejects.toThrow('blocked controlNotAvailable');
  });

  it('settings: lives of token and code', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'settings.json', { accessTokenSeconds: 60, codeSeconds: 10 }),
    });
    const { secret } = await registered(world, 'ann');
    const { trip, code: given } = await granted(world, 'ann', secret);
    world.clock.advance(9_999);
    const { body, access } = tokensOf(await redeem(world, trip, given));
    expect(body['expires_in']).toBe(60);
    expect(Number(access['exp']) - Number(access['iat'])).toBe(60);
  });
});
