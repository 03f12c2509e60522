/**
 * The table service goes away, throttles or hangs in the middle of a sign-in. Nothing may be granted
 * on what cannot be read or written; everybody is told to come back soon, within the time a request
 * has; and when it is back they go on, or start over.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type FaultRule, startFaultProxy } from '../../dev/fault-proxy.ts';
import { type Authenticator, codeOf, leavingOf, secretOf } from '../../dev/walk.ts';
import { startFakeIdp } from '../support/fake-idp.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { guarded } from '../support/http-guarded.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import {
  type Asked,
  ask,
  comeBack,
  leaveForHome,
  postOwn,
  proveHere,
  redeem,
  referenceOn,
  signInForm,
  textOf,
  userinfo,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let idp: Awaited<ReturnType<typeof startFakeIdp>>;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  const down = { ...JSON.parse(withNorthwind(idp)({})['partners/northwind.json'] ?? '') };
  world = await startHttpWorld({
    seed: (files) => ({
      ...withNorthwind(idp)(files),
      'partners/closed.json': JSON.stringify({
        ...down,
        id: 'closed',
        displayName: 'Closed',
        issuer: 'http://127.0.0.1:9',
        domains: ['closed.example'],
      }),
    }),
    tablesThrough: async (url) => {
      proxy = await startFaultProxy(url);
      return proxy.url;
    },
  });
});
afterAll(async () => {
  await world.close();
  await proxy.close();
  await idp[Symbol.asyncDispose]();
});

/** The pointer is younger than five seconds for what comes next. */
async function configurationIsFresh(): Promise<void> {
  world.advance(6_000);
  await world.send(ask(world).url);
}

function unavailable(got: Got, kind: 'page' | 'oauth' | 'graph'): void {
  expect(got.status, textOf(got)).toBe(503);
  guarded(got);
  expect(Number(got.headers['retry-after'])).toBeGreaterThan(0);
  expect(got.setCookies).toEqual([]);
  expect(got.location).toBeUndefined();
  if (kind === 'page') {
    expect(got.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(referenceOn(got)).toBeDefined();
    expect(authorizationAnswerOf(got)).toBeUndefined();
    return;
  }
  const body = jsonOf(got);
  if (kind === 'oauth') expect(body).toMatchObject({ error: 'temporarily_unavailable' });
  else expect(body).toMatchObject({ error: { code: 'ServiceUnavailable' } });
  expect(got.text).not.toContain('token');
}

type Guests = { readonly ann: Authenticator; readonly ben: Authenticator };

/** One sign-in waiting before each step, so that one outage meets all of them. */
async function waitingEverywhere(guests: Guests) {
  const start = world.browser();
  const form = await signInForm(start, ask(world));
  form.set('mail', 'ann@contoso.example');

  const back = world.browser();
  const leaving = await leaveForHome(world, back, ask(world), nora.mail);
  const callback = answerOfNorthwind(world, idp, leaving);

  const asked = ask(world);
  const granted = await atCode('ben@contoso.example', asked);
  const answer = authorizationAnswerOf(
    await proveHere(world, granted.browser, granted.page, guests.ben),
    world.issuer,
  );
  const token = await world.adminToken();

  // last, for its code is good for a minute
  const { browser, page } = await atCode('ann@contoso.example');
  const code = formOf(page.text);
  world.advance(30_000);
  code.fields.set('code', codeOf({ authenticator: guests.ann, now: world.clock }));

  const reset = () =>
    world.send('/manage/mfa-reset', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ mail: nora.mail, reason: 'outage' }),
    });
  return {
    signin: () => postOwn(world, start, '/signin', form),
    callback: () => back.open(callback),
    verify: () => postOwn(world, browser, code.action, code.fields),
    token: () => redeem(world, asked, answer?.get('code') ?? ''),
    reset,
  };
}

async function atCode(
  mail: string,
  asked: Asked = ask(world),
): Promise<{ browser: HttpBrowser; page: Got }> {
  const browser = world.browser();
  return { browser, page: await comeBack(world, browser, asked, mail) };
}

const guests: Guests = { ann: {}, ben: {} };

async function enrolled(guest: Authenticator, mail: string): Promise<void> {
  if (guest.secret) return;
  const { browser, page } = await atCode(mail);
  guest.secret = secretOf(page.text);
  await proveHere(world, browser, page, guest);
}

const everything: FaultRule = () => 'rst-before';
const writes: FaultRule = ({ method, n }) =>
  method === 'GET' ? undefined : n % 2 === 0 ? '503' : '429';
const hanging: FaultRule = () => 'hang';

test.each([
  ['cut', everything],
  ['refusing and throttling writes', writes],
  ['hanging', hanging],
])(
  'A122 A109: storage %s at each step: 503 with a time, nothing given; then on',
  async (_title, rule) => {
    await enrolled(guests.ann, 'ann@contoso.example');
    await enrolled(guests.ben, 'ben@contoso.example');
    const waiting = await waitingEverywhere(guests);
    await configurationIsFresh();
    const before = await world.dumpTables();
    proxy.rule(rule);
    try {
      const [signin, callback, verify, token, reset] = await Promise.all([
        waiting.signin(),
        waiting.callback(),
        waiting.verify(),
        waiting.token(),
        waiting.reset(),
      ]);
      for (const page of [signin, callback, verify]) unavailable(page, 'page');
      unavailable(token, 'oauth');
      unavailable(reset, 'graph');
    } finally {
      proxy.rule(undefined);
    }
    expect(await world.dumpTables()).toBe(before);

    expect(leavingOf((await waiting.signin()).text)).toContain(world.partner.issuer);
    expect(formOf((await waiting.callback()).text).action).toBe('/mfa/enrol');
    expect(authorizationAnswerOf(await waiting.verify(), world.issuer)?.has('code')).toBe(true);
    const tokens = await waiting.token();
    expect(tokens.status).toBe(200);
    expect((await userinfo(world, jsonOf(tokens)['access_token'])).status).toBe(200);
    expect((await waiting.reset()).status).toBe(200);
  },
);

test('A122: the first commit of a callback stored, the second not: the guest starts over', async () => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const url = answerOfNorthwind(world, idp, leaving);
  await configurationIsFresh();
  let committed = 0;
  proxy.rule(({ method, url: path }) =>
    method !== 'GET' && (committed++ > 0 || path.includes('guests')) ? 'rst-before' : undefined,
  );
  try {
    unavailable(await browser.open(url), 'page');
  } finally {
    proxy.rule(undefined);
  }
  expect(committed).toBeGreaterThan(1);
  const again = await browser.open(url);
  expect(again.status).toBe(400);
  const anew = await leaveForHome(world, browser, ask(world), nora.mail);
  const page = await browser.open(answerOfNorthwind(world, idp, anew));
  expect(formOf(page.text).action).toBe('/mfa/enrol');
});

test('A107 A109: policies serve for five seconds without storage, then nothing is decided', async () => {
  await enrolled(guests.ann, 'ann@contoso.example');
  const waiting = await waitingEverywhere(guests);
  const admin = await world.adminToken();
  await configurationIsFresh();
  proxy.cut();
  try {
    expect((await world.send(ask(world).url)).status).toBe(200);
    world.advance(5_000);
    const { clientId, clientSecret } = world.admin;
    const bearer = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
    const pages = [
      world.send(ask(world).url),
      world.send(ask(world, { prompt: 'none' }).url),
      waiting.signin(),
      waiting.callback(),
      waiting.verify(),
    ];
    const credentials = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const tokens = [waiting.token(), world.send('/token', { method: 'POST', body: credentials })];
    const whatIf = '/v1.0/identity/conditionalAccess/evaluate';
    const graph = [
      world.send('/manage/config', { headers: bearer }),
      world.send(whatIf, { method: 'POST', headers: bearer, body: '{}' }),
    ];
    for (const got of await Promise.all(pages)) unavailable(got, 'page');
    for (const got of await Promise.all(tokens)) unavailable(got, 'oauth');
    for (const got of await Promise.all(graph)) unavailable(got, 'graph');
    // what needs no storage goes on
    for (const path of ['/jwks', '/.well-known/openid-configuration'])
      expect((await world.send(path)).status).toBe(200);
  } finally {
    proxy.restore();
  }
  expect((await world.send(ask(world).url)).status).toBe(200);
  expect((await waiting.token()).status).toBe(200);
});

// ── the home ─────────────────────────────────────────────────────────────────────────────────

test('A028: a home that was never reached: a clean 503, for others the door stays open', async () => {
  const browser = world.browser();
  const fields = await signInForm(browser, ask(world));
  fields.set('mail', 'carl@closed.example');
  for (let round = 0; round < 2; round++)
    unavailable(await postOwn(world, browser, '/signin', fields), 'page');
  unavailable(await browser.open(ask(world, { domain_hint: 'closed' }).url), 'page');
  fields.set('mail', 'ann@contoso.example');
  expect(leavingOf((await postOwn(world, browser, '/signin', fields)).text)).toContain(
    world.partner.issuer,
  );
});

test('A028: a home that falls silent between request and answer: 503, and no loop', async () => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const url = answerOfNorthwind(world, idp, leaving);
  idp.instead.token = (_, outgoing) => outgoing.destroy();
  const before = idp.hits('token');
  try {
    unavailable(await browser.open(url), 'page');
    expect((await browser.open(url)).status).toBe(400);
  } finally {
    delete idp.instead.token;
  }
  expect(idp.hits('token') - before).toBeLessThanOrEqual(2);
  const anew = await leaveForHome(world, browser, ask(world), nora.mail);
  expect((await browser.open(answerOfNorthwind(world, idp, anew))).status).toBe(200);
});
