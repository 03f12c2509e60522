/**
 * A thief has read an authorization code out of a log, a history or the victim's address bar, or
 * plants his own in the victim's app. The code is worth nothing without what only its app has, and
 * its second use takes back what the first one gave.
 */

import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { compose } from '../../shared/compose.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import {
  type Asked,
  ask,
  type ClientName,
  challengeFor,
  type Person,
  random,
  redeem,
  signInAs,
  userinfo,
} from '../support/http-steps.ts';
import { basic, type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const legacyId = '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b0ff';

let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let world: HttpWorld;
let ann: Person;
let ben: Person;
beforeAll(async () => {
  world = await startHttpWorld({
    tablesThrough: async (url) => {
      proxy = await startFaultProxy(url);
      return proxy.url;
    },
    seed: (files) => ({
      ...files,
      'apps/legacy.json': JSON.stringify({
        ...(JSON.parse(files['apps/woodgrove.json'] ?? '') as object),
        appId: legacyId,
        displayName: 'Legacy',
        requirePkce: false,
      }),
    }),
  });
  const person = (mail: string): Person => ({
    mail,
    authenticator: {},
    browser: world.browser(),
  });
  [ann, ben] = [person('ann@contoso.example'), person('ben@contoso.example')];
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

const codeFor = async (asked: Asked, person = ann): Promise<string> =>
  (await signInAs(world, person, asked)).get('code') ?? '';

function refusedGrant(got: Got): void {
  expect(got.status, got.text).toBe(400);
  expect(jsonOf(got)).toMatchObject({ error: 'invalid_grant' });
  expect(got.text).not.toContain('access_token');
}

test('R04 A042: a code used twice by its owner is refused, and its first token is dead', async () => {
  const asked = ask(world);
  const code = await codeFor(asked);
  const first = await redeem(world, asked, code);
  expect(first.status).toBe(200);
  const { access_token } = jsonOf(first);
  expect((await userinfo(world, access_token)).status).toBe(200);

  refusedGrant(await redeem(world, asked, code));
  const after = await userinfo(world, access_token);
  expect(after.status).toBe(401);
  expect(after.headers['www-authenticate']).toContain('invalid_token');
  refusedGrant(await redeem(world, asked, code));
});

test('A042: of twenty redemptions at once one is answered with tokens', async () => {
  const asked = ask(world);
  const code = await codeFor(asked);
  // all of them have read the code before the first has spent it
  proxy.rule(({ method }) => (method === 'GET' ? undefined : { delayMs: 200 }));
  const got = await Promise.all(Array.from({ length: 20 }, () => redeem(world, asked, code)));
  proxy.rule(undefined);
  const won = got.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  for (const each of got) if (each !== won[0]) refusedGrant(each);
});

test('A043 A044 R03 A047: another client, browser or verifier gets nothing, and takes nothing away', async () => {
  const asked = ask(world);
  const code = await codeFor(asked);
  const thefts: readonly [Readonly<Record<string, string | undefined>>, ClientName?][] = [
    [{}, 'timesheets'],
    [{}, 'public'],
    [{ code_verifier: undefined }],
    [{ code_verifier: '' }],
    [{ code_verifier: random() + random() }],
    [{ code_verifier: ask(world).verifier }],
    [{ code_verifier: asked.verifier.slice(1) }],
    [{ code_verifier: challengeFor(asked.verifier) }],
    [{ redirect_uri: undefined }],
    [{ redirect_uri: `${asked.redirectUri}/` }],
    [{ resource: 'https://api.woodgrove.example' }],
    [{ code: `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}` }],
    [{ code: code.toUpperCase() }],
    [{ code: `${code} ` }],
    [{ code: '' }],
  ];
  const steal = async () => {
    for (const [changes, as] of thefts) refusedGrant(await redeem(world, asked, code, changes, as));
  };
  await steal();
  const good = await redeem(world, asked, code);
  expect(good.status).toBe(200);
  await steal();
  expect((await userinfo(world, jsonOf(good)['access_token'])).status).toBe(200);
});

test('A044: a code planted in the victim’s session of the app does not fit what the app kept', async () => {
  const [victims, attackers] = [ask(world), ask(world)];
  const planted = await codeFor(attackers, ben);
  refusedGrant(await redeem(world, victims, planted));
});

test.each([
  ['42 characters', 'a'.repeat(42)],
  ['129 characters', 'a'.repeat(129)],
  ['a character outside the set', `${'a'.repeat(42)}+`],
])('R03 A047: a verifier of %s is refused although its hash fits', async (_title, verifier) => {
  const asked = { ...ask(world, { code_challenge: challengeFor(verifier) }), verifier };
  refusedGrant(await redeem(world, asked, await codeFor(asked)));
});

test('R03 A045: what was stored decides: no challenge then, no verifier now', async () => {
  const { secret } = world.clients.confidential;
  const without = {
    client_id: legacyId,
    code_challenge: undefined,
    code_challenge_method: undefined,
  };
  const asked = ask(world, without);
  const code = await codeFor(asked, ben);
  const legacy = { client_id: legacyId, client_secret: secret };
  refusedGrant(await redeem(world, asked, code, legacy, 'public'));
  const good = await redeem(world, asked, code, { ...legacy, code_verifier: undefined }, 'public');
  expect(good.status).toBe(200);

  // the same old app with a challenge: from then on the verifier is needed
  const withOne = ask(world, { client_id: legacyId });
  const bound = await codeFor(withOne, ben);
  refusedGrant(
    await redeem(world, withOne, bound, { ...legacy, code_verifier: undefined }, 'public'),
  );
});

test('R04: a code is too old after sixty seconds', async () => {
  const asked = ask(world);
  const code = await codeFor(asked, ben);
  world.advance(60_000);
  refusedGrant(await redeem(world, asked, code));
});

test('R04: a client that cannot prove who it is gets 401, and the code stays good', async () => {
  const asked = ask(world);
  const code = await codeFor(asked, ben);
  const { id, secret } = world.clients.confidential;
  const body = (more: Record<string, string>) =>
    new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: asked.redirectUri,
      code_verifier: asked.verifier,
      ...more,
    });
  const wrongs: readonly [Record<string, string>, Record<string, string>][] = [
    [{}, {}],
    [{}, { client_id: id }],
    [{}, { client_id: id, client_secret: 'wrong' }],
    [{}, { client_id: id, client_secret: '' }],
    [{}, { client_id: world.clients.public.id, client_secret: secret }],
    [basic(id, 'wrong'), {}],
    [basic(id, secret), { client_secret: secret }],
    [basic(id, secret), { client_id: world.clients.public.id }],
    [{ authorization: 'Basic !!!' }, { client_id: id, client_secret: secret }],
    [{ authorization: `Bearer ${secret}` }, { client_id: id }],
  ];
  for (const [headers, more] of wrongs) {
    const got = await world.send('/token', { method: 'POST', headers, body: body(more) });
    expect(got.status, JSON.stringify([headers, more])).toBe(401);
    expect(jsonOf(got)).toMatchObject({ error: 'invalid_client' });
    expect(got.headers['www-authenticate']).toMatch(/^Basic /);
    expect(got.headers['cache-control']).toBe('no-store');
  }
  const posted = await world.send('/token', {
    method: 'POST',
    body: body({ client_id: id, client_secret: secret }),
  });
  expect(posted.status).toBe(200);
  expect(posted.headers['cache-control']).toBe('no-store');
});

// ── R08 ──────────────────────────────────────────────────────────────────────────────────────

test.each([
  ['confidential', 'RS256', undefined],
  ['public', 'ES256', undefined],
  ['public', 'ES256', 'https://api.woodgrove.example'],
] as const)('R08: tokens of the %s client in %s, for %s', async (client, alg, resource) => {
  const asked = ask(world, { resource }, client);
  const code = await codeFor(asked, ben);
  const tokens = jsonOf(await redeem(world, asked, code));
  const accessToken = String(tokens['access_token']);
  const idToken = String(tokens['id_token']);
  expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg, typ: 'at+jwt' });
  expect(decodeProtectedHeader(idToken)).toMatchObject({ alg, typ: 'JWT' });
  const access = decodeJwt(accessToken);
  const id = decodeJwt(idToken);
  const clientId = world.clients[client].id;
  expect(access).toMatchObject({
    iss: world.issuer,
    aud: resource ?? world.issuer,
    client_id: clientId,
    sub: id.sub,
    jti: expect.any(String),
    iat: expect.any(Number),
    auth_time: expect.any(Number),
    acr: 'urn:vestibule:acr:mfa',
    amr: ['otp', 'mfa'],
  });
  expect((access.exp ?? 0) - (access.iat ?? 0)).toBeLessThanOrEqual(3600);
  expect(tokens['expires_in']).toBe((access.exp ?? 0) - (access.iat ?? 0));
  for (const personal of ['email', 'name', 'preferred_username', 'roles', 'nonce'])
    expect(access).not.toHaveProperty(personal);
  expect(id).toMatchObject({ iss: world.issuer, aud: clientId, nonce: asked.nonce, acct: 1 });
  expect(id).not.toHaveProperty('roles');

  // each where it belongs, and nowhere else
  expect((await userinfo(world, accessToken)).status).toBe(resource === undefined ? 200 : 401);
  expect((await userinfo(world, idToken)).status).toBe(401);
  for (const token of [accessToken, idToken])
    for (const path of [
      '/manage/config',
      '/v1.0/reports/authenticationMethods/userRegistrationDetails',
    ]) {
      const got = await world.send(path, { headers: { authorization: `Bearer ${token}` } });
      expect(got.status).toBe(401);
      expect(got.headers['www-authenticate']).toBe('Bearer');
    }
});

test('R08: what we signed for something else is no access token', async () => {
  const asked = ask(world);
  const tokens = jsonOf(await redeem(world, asked, await codeFor(asked, ben)));
  const claims = decodeJwt(String(tokens['access_token'])) as Record<string, string>;
  const sign = (typ: string, more: Record<string, string | string[] | undefined> = {}) => {
    const changed = Object.entries({ ...claims, ...more }).filter(
      ([, value]) => value !== undefined,
    );
    return compose().keys.sign({ alg: 'RS256', typ }, Object.fromEntries(changed) as typeof claims);
  };
  expect((await userinfo(world, await sign('at+jwt'))).status).toBe(200);
  for (const token of [
    await sign('JWT'),
    await sign('logout+jwt'),
    await sign('at+jwt', { aud: [world.issuer, 'https://evil.example'] }),
    await sign('at+jwt', { aud: undefined }),
    await sign('at+jwt', { iss: `${world.issuer}/` }),
    await sign('at+jwt', { jti: `${claims['jti']}x` }),
    await sign('at+jwt', { jti: undefined }),
    await sign('at+jwt', { exp: undefined }),
    await sign('at+jwt', { client_id: undefined }),
  ])
    expect((await userinfo(world, token)).status).toBe(401);
});

test('R08: an administrator’s token says nothing about a guest', async () => {
  const token = await world.adminToken();
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'RS256' });
  expect(decodeJwt(token)).toMatchObject({
    iss: world.issuer,
    aud: `${world.issuer}/manage`,
    sub: world.admin.clientId,
    client_id: world.admin.clientId,
  });
  expect((await userinfo(world, token)).status).toBe(401);
});

test('R08: userinfo takes no token from a body, a cookie or another scheme', async () => {
  const asked = ask(world);
  const tokens = jsonOf(await redeem(world, asked, await codeFor(asked, ben)));
  const token = String(tokens['access_token']);
  const bare = createHttpBrowser(world.send);
  const tries = [
    bare.open(`${world.issuer}/userinfo`, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
    }),
    world.send('/userinfo', { headers: { cookie: `access_token=${token}` } }),
    world.send('/userinfo', { headers: { authorization: `Basic ${token}` } }),
    world.send('/userinfo', { headers: { authorization: token } }),
    world.send('/userinfo', { headers: { authorization: `Bearer ${token.slice(0, -2)}` } }),
    world.send('/userinfo', { headers: { authorization: `Bearer ${'a'.repeat(9000)}` } }),
  ];
  for (const got of await Promise.all(tries)) expect(got.status).toBe(401);
  const headers = { authorization: `bearer ${token}` };
  expect((await world.send('/userinfo', { method: 'POST', headers })).status).toBe(200);
});
