/**
 * An attacker writes the authorization request himself, or changes the app's on its way: strips
 * PKCE, asks for answers that leak, sends parameters twice, posts it from his own site, puts
 * addresses in it that he would like the gateway to call.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { leavingOf } from '../../dev/walk.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  challengeFor,
  leaveForHome,
  postOwn,
  proveAtHome,
  random,
  signInForm,
} from '../support/http-steps.ts';
import { basic, type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
});
afterAll(() => world.close());

/** What the app is told; the answer must be a redirect to it by GET. */
function toldTo(got: Got, app: string): Record<string, string> {
  expect(got.status).toBe(303);
  expect(got.location?.startsWith(`${app}/callback?`)).toBe(true);
  expect(got.setCookies).toEqual([]);
  return Object.fromEntries(new URL(got.location ?? '').searchParams);
}

const refused = async (changes: Record<string, string | undefined>, client?: 'public') =>
  toldTo(await world.send(ask(world, changes, client).url), world.app);

const goodChallenge = challengeFor(random());

test.each([
  ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['the method alone, the challenge stripped', { code_challenge: undefined }],
  ['the challenge alone, so plain by default', { code_challenge_method: undefined }],
  ['plain', { code_challenge_method: 'plain' }],
  ['s256 in small letters', { code_challenge_method: 's256' }],
  ['a method that is none', { code_challenge_method: 'S512' }],
  ['an empty method', { code_challenge_method: '' }],
  ['a challenge of 42 characters', { code_challenge: goodChallenge.slice(1) }],
  ['a challenge of 44 characters', { code_challenge: `${goodChallenge}A` }],
  ['a challenge in base64', { code_challenge: `${goodChallenge.slice(2)}+/` }],
  ['an empty challenge', { code_challenge: '' }],
])('R03 A045 A046 A047 %s', async (_title, changes) => {
  for (const client of [undefined, 'public'] as const)
    expect(await refused(changes, client)).toMatchObject({ error: 'invalid_request' });
});

test.each([
  'token',
  'id_token',
  'code token',
  'code id_token',
  'id_token token',
  'none',
  'CODE',
  '',
])('R06: response_type %j is not offered', async (response_type) => {
  expect(await refused({ response_type })).toMatchObject({ error: 'unsupported_response_type' });
});

test('R06: no response_type at all', async () => {
  expect(await refused({ response_type: undefined })).toMatchObject({ error: 'invalid_request' });
});

test.each(['fragment', 'form_post.jwt', 'query.jwt', 'jwt', 'web_message', 'Query', 'unknown', ''])(
  'R06 A040: response_mode %j is refused, and the refusal leaves by query',
  async (response_mode) => {
    const asked = ask(world, { response_mode });
    const told = toldTo(await world.send(asked.url), world.app);
    expect(told).toMatchObject({ error: 'invalid_request', state: asked.state });
  },
);

test.each([
  'password',
  'implicit',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'Authorization_Code',
  '',
])('R06: grant_type %j gives nothing', async (grant_type) => {
  const { id, secret } = world.clients.confidential;
  const got = await world.send('/token', {
    method: 'POST',
    headers: basic(id, secret),
    body: new URLSearchParams({ grant_type, username: 'ann@contoso.example', password: 'x' }),
  });
  expect(got.status).toBe(400);
  expect(jsonOf(got)).toMatchObject({ error: 'unsupported_grant_type' });
});

test.each([
  ['request', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
  ['request_uri', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
  ['registration', { registration: '{}' }, 'registration_not_supported'],
  ['a scope without openid', { scope: 'profile' }, 'invalid_scope'],
  ['a resource nobody registered', { resource: 'https://evil.example' }, 'invalid_target'],
  ['a max_age that is no number', { max_age: '-1' }, 'invalid_request'],
  ['a prompt that is none', { prompt: 'create' }, 'invalid_request'],
])('R06: %s is refused by its own error', async (_title, changes, error) => {
  expect(await refused(changes)).toMatchObject({ error });
});

// ── R05 ──────────────────────────────────────────────────────────────────────────────────────

test('R05: an error names the issuer by query and by form, after GET and after POST', async () => {
  const before = world.watched.authorizationAnswers;
  for (const response_mode of ['query', 'form_post']) {
    const got = await world.send(ask(world, { response_mode, prompt: 'none' }).url);
    expect(authorizationAnswerOf(got)?.get('iss')).toBe(world.issuer);

    // the same page's form, its request made wrong before it is posted
    const browser = world.browser();
    const fields = await signInForm(browser, ask(world, { response_mode }));
    fields.set('response_type', 'token');
    const posted = await postOwn(world, browser, '/signin', fields);
    expect(posted.status).toBe(200);
    expect(authorizationAnswerOf(posted)?.get('iss')).toBe(world.issuer);
    expect(authorizationAnswerOf(posted)?.get('error')).toBe('unsupported_response_type');
  }
  expect(world.watched.authorizationAnswers - before).toBe(4);
});

// ── R14 ──────────────────────────────────────────────────────────────────────────────────────

test('R14: prompt=none answers login_required, shows no page and stores nothing', async () => {
  for (const extra of [{}, { domain_hint: 'contoso' }, { login_hint: 'ann@contoso.example' }]) {
    const asked = ask(world, { prompt: 'none', ...extra });
    const { got, calls } = await world.callsOf(() => world.send(asked.url));
    expect(toldTo(got, world.app)).toMatchObject({
      error: 'login_required',
      state: asked.state,
      iss: world.issuer,
    });
    expect(got.text).toBe('');
    expect(calls).toBe(0);
  }
});

test('R14: prompt=none beside another prompt is no request', async () => {
  for (const prompt of ['none login', 'login none', 'none consent'])
    expect(await refused({ prompt })).toMatchObject({ error: 'invalid_request' });
});

// ── R16 ──────────────────────────────────────────────────────────────────────────────────────

const sentTwice = [
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'login_hint',
  'domain_hint',
  'claims',
];

test.each(sentTwice)('R16: %s twice in the query is refused', async (name) => {
  const asked = ask(world, { [name]: ask(world).url.includes(`${name}=`) ? undefined : 'x' });
  const value = new URL(ask(world).url).searchParams.get(name) ?? 'x';
  const twice = new URLSearchParams([
    [name, value],
    [name, value],
  ]);
  const url = new URL(asked.url);
  url.searchParams.delete(name);
  const got = await world.send(`${url.href}&${twice.toString()}`);
  const told = toldTo(got, world.app);
  expect(told).toMatchObject({ error: 'invalid_request' });
  // which of the two was meant, nobody knows
  if (name === 'state') expect(told).not.toHaveProperty('state');
});

test('R16: client_id twice is a page', async () => {
  const { url } = ask(world);
  const got = await world.send(`${url}&client_id=${world.clients.confidential.id}`);
  expect(got.status).toBe(400);
  expect(got.location).toBeUndefined();
});

test('R16: at the token endpoint, in the body and across query and body', async () => {
  const { id, secret } = world.clients.confidential;
  const fields = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' };
  for (const name of ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'anything']) {
    const body = new URLSearchParams({ ...fields, code_verifier: 'x', anything: 'x' });
    body.append(name, 'y');
    const got = await world.send('/token', { method: 'POST', headers: basic(id, secret), body });
    expect(got.status).toBe(400);
    expect(jsonOf(got)).toMatchObject({ error: 'invalid_request' });
  }
  // what stands in the query is not read at all, so that no secret works from there
  const query = new URLSearchParams({ ...fields, client_id: id, client_secret: secret });
  const got = await world.send(`/token?${query.toString()}`, {
    method: 'POST',
    body: new URLSearchParams(),
  });
  expect(jsonOf(got)).toMatchObject({ error: 'invalid_client' });
});

test('R16: a posted request counts alone, whatever the query says beside it', async () => {
  const asked = ask(world);
  const got = await world.send('/authorize?client_id=evil&redirect_uri=https://evil.example/', {
    method: 'POST',
    body: new URL(asked.url).searchParams,
  });
  expect(got.location).toBe(asked.url);
});

// ── R17 ──────────────────────────────────────────────────────────────────────────────────────

const crossSite = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

test('R17: a request posted from another site goes on by GET, with the same parameters and no cookie', async () => {
  const asked = ask(world, { login_hint: 'ann+x@contoso.example', ui_locales: 'de en' });
  const { got, calls } = await world.callsOf(() =>
    world.send('/authorize', {
      method: 'POST',
      headers: crossSite,
      body: new URL(asked.url).searchParams,
    }),
  );
  expect(got.status).toBe(303);
  expect(got.setCookies).toEqual([]);
  expect(calls).toBe(0);
  const [to, from] = [new URL(got.location ?? ''), new URL(asked.url)];
  expect(to.origin + to.pathname).toBe(`${world.issuer}/authorize`);
  expect([...to.searchParams]).toEqual([...from.searchParams]);
  expect((await world.send(to.href)).text).toContain('action="/signin"');
});

test('R17: parameters we do not know change nothing', async () => {
  const unknown = { foo: 'bar', audience: 'x', __proto: 'x', constructor: 'x', 'a[b]': 'x' };
  const got = await world.send(ask(world, unknown).url);
  expect(got.status).toBe(200);
  const names = [...formOf(got.text).fields.keys()];
  expect(names).not.toEqual(expect.arrayContaining(Object.keys(unknown).slice(0, 1)));
  for (const name of Object.keys(unknown)) expect(names).not.toContain(name);
});

test('R17: a token in the query is no token', async () => {
  const token = await world.adminToken();
  for (const path of [
    '/userinfo',
    '/manage/config',
    '/v1.0/reports/authenticationMethods/userRegistrationDetails',
  ]) {
    const got = await world.send(`${path}?access_token=${token}`);
    expect(got.status).toBe(401);
  }
});

test('A153: a request posted from another site while two tabs sign in leaves both alone', async () => {
  const browser = world.browser();
  const [first, second] = [ask(world), ask(world)];
  const firstFields = await signInForm(browser, first);
  const secret = browser.cookies(world.issuer).get('__Host-browser');
  const secondLeaving = await leaveForHome(world, browser, second);

  // cross-site: the browser leaves the Lax cookie out, and keeps whatever the answer would set
  const planted = await world.send('/authorize', {
    method: 'POST',
    headers: crossSite,
    body: new URL(ask(world).url).searchParams,
  });
  expect(planted.setCookies).toEqual([]);
  await browser.open(planted.location ?? '');
  expect(browser.cookies(world.issuer).get('__Host-browser')).toBe(secret);

  firstFields.set('mail', 'ann@contoso.example');
  const gone = await postOwn(world, browser, '/signin', firstFields);
  expect(leavingOf(gone.text)).toContain(world.partner.issuer);
  const back = await browser.open(await proveAtHome(world, browser, secondLeaving));
  expect(formOf(back.text).action).toBe('/mfa/enrol');
});

// ── R26 ──────────────────────────────────────────────────────────────────────────────────────

test('R26: no address in a request makes the gateway fetch anything', async () => {
  let hits = 0;
  const listener = createServer((_request, response) => {
    hits++;
    response.end('{}');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const bait = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/bait`;
  try {
    const names = ['redirect_uri', 'request_uri', 'iss', 'login_hint', 'domain_hint', 'claims'];
    const more = [
      'registration',
      'resource',
      'id_token_hint',
      'request',
      'client_id',
      'acr_values',
    ];
    for (const name of [...names, ...more, 'jku', 'target_link_uri', 'client_metadata'])
      await world.send(ask(world, { [name]: bait }).url);

    const browser = world.browser();
    const fields = await signInForm(browser, ask(world));
    for (const mail of [bait, 'ann@127.0.0.1', `ann@[127.0.0.1]`, 'ann@localhost']) {
      fields.set('mail', mail);
      await postOwn(world, browser, '/signin', fields);
    }
    const url = new URL(
      await proveAtHome(world, browser, await leaveForHome(world, browser, ask(world))),
    );
    for (const name of ['iss', 'error_uri', 'jku', 'session_state']) {
      const changed = new URL(url);
      changed.searchParams.set(name, bait);
      await world.send(changed.href);
    }
    url.searchParams.set('iss', bait);
    await browser.open(url.href);

    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = { alg: 'RS256', typ: 'at+jwt', kid: bait, jku: bait, x5u: bait };
    const claims = { iss: bait, aud: `${world.issuer}/manage`, sub: 'x', exp: 9_999_999_999 };
    const token = `${part(header)}.${part(claims)}.${'A'.repeat(342)}`;
    for (const path of ['/userinfo', '/manage/config'])
      await world.send(path, { headers: { authorization: `Bearer ${token}` } });
    await world.send('/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: bait,
        client_assertion: token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        code: bait,
        redirect_uri: bait,
        resource: bait,
      }),
    });
  } finally {
    listener.close();
  }
  expect(hits).toBe(0);
});
