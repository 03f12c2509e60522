/**
 * Cookies tie a sign-in to its browser. An attacker plants them: a session of his own before the
 * victim signs in, values from a sibling domain, names that only look like ours. And something that
 * merely looks ahead (a prefetch, a scanner of links) must not use anything up.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import type { Authenticator } from '../../dev/walk.ts';
import { isToken128 } from '../../shared/core/ids.ts';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import type { Got } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  leaveForHome,
  type Person,
  proveHere,
  redeem,
  signInAs,
  signInForm,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let idp: FakeIdp;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({ seed: withNorthwind(idp) });
});
afterAll(async () => {
  await world.close();
  await idp[Symbol.asyncDispose]();
});

const norasApp: Authenticator = {};

const person = (mail: string, browser = world.browser()): Person => ({
  mail,
  authenticator: {},
  browser,
});

const cookie = (browser: HttpBrowser, name: string) =>
  browser.cookies(world.issuer).get(`__Host-${name}`);

function read(line: string) {
  const [pair = '', ...attributes] = line.split('; ');
  return {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    attributes: new Set(attributes.map((attribute) => attribute.toLowerCase())),
  };
}

test('R39: every cookie is __Host-, Secure, HttpOnly and Lax, and holds at least 128 bits', async () => {
  const ann = person('ann@contoso.example');
  const asked = ask(world);
  const form = await world.send(asked.url);
  const page = await comeBack(world, ann.browser, asked, ann.mail);
  const answered = await proveHere(world, ann.browser, page, ann.authenticator);
  expect(page.setCookies).toEqual([]);

  const set = [...form.setCookies, ...answered.setCookies].map(read);
  expect(set.map(({ name }) => name)).toEqual([
    '__Host-browser',
    '__Host-session',
    '__Host-device',
  ]);
  for (const { name, value, attributes } of set) {
    expect(attributes).toEqual(
      new Set([...attributes].filter((a) => /^max-age=\d+$/.test(a))).union(
        new Set(['path=/', 'secure', 'httponly', 'samesite=lax']),
      ),
    );
    expect(value.split('.').some(isToken128)).toBe(true);
    // a session ends with the window, unless a policy says otherwise
    const lasts = [...attributes].some((attribute) => attribute.startsWith('max-age'));
    expect(lasts).toBe(name !== '__Host-session');
  }
});

test('R39 A051: the session is new at every grant; one set by an attacker is not taken over', async () => {
  const mallory = person('ben@contoso.example');
  await signInAs(world, mallory, ask(world));
  const planted = cookie(mallory.browser, 'session') ?? '';
  expect(planted).not.toBe('');

  const victim = { ...person(nora.mail), authenticator: norasApp };
  victim.browser.setCookie(world.issuer, '__Host-session', planted);
  victim.browser.setCookie(world.issuer, '__Host-device', cookie(mallory.browser, 'device') ?? '');
  const sessions = new Set([planted]);
  for (let round = 1; round <= 3; round++) {
    const asked = ask(world);
    const leaving = await leaveForHome(world, victim.browser, asked, victim.mail);
    const page = await victim.browser.open(answerOfNorthwind(world, idp, leaving));
    // the planted session opened nothing: her own second factor is asked, every time
    await proveHere(world, victim.browser, page, victim.authenticator);
    const session = cookie(victim.browser, 'session') ?? '';
    expect(session.startsWith(`session.${nora.id}.`)).toBe(true);
    sessions.add(session);
    expect(sessions.size).toBe(round + 1);
  }
  expect(cookie(victim.browser, 'device')).not.toBe(cookie(mallory.browser, 'device'));
});

test('A051: a browser cookie that is none of ours is replaced', async () => {
  for (const value of ['fixed', 'a'.repeat(21), 'a'.repeat(23), '%41', '"quoted"', '']) {
    const browser = world.browser();
    browser.setCookie(world.issuer, '__Host-browser', value);
    await signInForm(browser, ask(world));
    const secret = cookie(browser, 'browser') ?? '';
    expect(secret).not.toBe(value);
    expect(isToken128(secret)).toBe(true);
  }
});

test('R39: the browser’s secret is not replaced by a request that brings it', async () => {
  const browser = world.browser();
  await signInForm(browser, ask(world));
  const secret = cookie(browser, 'browser');
  const again = await browser.open(ask(world).url);
  expect(again.setCookies).toEqual([]);
  expect(cookie(browser, 'browser')).toBe(secret);
});

// ── planted beside the real one ──────────────────────────────────────────────────────────────

/** What reaches the gateway when a sibling domain has planted something beside the real cookie. */
const tossed: readonly [string, (real: string) => string][] = [
  ['the same name twice', (real) => `${real}; __Host-browser=AAAAAAAAAAAAAAAAAAAAAA`],
  ['the same name first', (real) => `__Host-browser=AAAAAAAAAAAAAAAAAAAAAA; ${real}`],
  ['the same name, the same value', (real) => `${real}; ${real}`],
  ['a session twice', (real) => `${real}; __Host-session=a; __Host-session=b`],
  ['U+2000 before the name', (real) => `${real}; \u00e2\u0080\u0080__Host-browser=x`],
  ['a non-breaking space', (real) => `${real}; \u00a0__Host-browser=x`],
  ['$Version before', (real) => `$Version=1; ${real}`],
  ['$version after', (real) => `${real}; $version="1"`],
];

test.each(tossed)(
  'A052 A146: with %s the header counts as no cookie at all',
  async (_title, toss) => {
    const browser = world.browser();
    const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
    const url = answerOfNorthwind(world, idp, leaving);
    const real = `__Host-browser=${cookie(browser, 'browser')}`;
    const headers = { cookie: toss(real) };
    const { got, calls } = await world.callsOf(() => world.send(url, { headers }));
    expect(got.status).toBe(400);
    expect(calls).toBe(0);
    const page = await world.send(ask(world).url, { headers });
    expect(page.setCookies.map((line) => read(line).name)).toEqual(['__Host-browser']);
    // and the sign-in is there, for its own browser
    expect((await browser.open(url)).status).toBe(200);
  },
);

test.each([
  (real: string) => real.replace('__Host-', '__host-'),
  (real: string) => real.replace('__Host-', ''),
  (real: string) => real.replace('__Host-', '__Secure-'),
  (real: string) => real.replace('=', ' ='),
  (real: string) => real.replace('=', '= '),
  (real: string) => `a=b;\t${real}`,
  (real: string) => `a=b;  ${real}`,
  (real: string) => `a=b, ${real}`,
  (real: string) => real.replace(/=(.*)/, '="$1"'),
])('A052 A146: a name that only looks like ours is not (%#)', async (disguise) => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const real = `__Host-browser=${cookie(browser, 'browser')}`;
  const headers = { cookie: disguise(real) };
  const got = await world.send(answerOfNorthwind(world, idp, leaving), { headers });
  expect(got.status).toBe(400);
});

test('A052: what others set beside ours does not matter', async () => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const headers = { cookie: `a=1; __Host-browser=${cookie(browser, 'browser')}; a=2; __Host-x=3` };
  const got = await world.send(answerOfNorthwind(world, idp, leaving), { headers });
  expect(formOf(got.text).action).toMatch(/^\/mfa\//);
});

// ── looking ahead ────────────────────────────────────────────────────────────────────────────

const ahead: readonly Readonly<Record<string, string>>[] = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { 'sec-purpose': 'prefetch;anonymous-client-ip' },
  { purpose: 'prefetch' },
  { 'x-purpose': 'preview' },
  { 'x-moz': 'prefetch' },
];

test.each(ahead)('A156: %j: no GET route stores, spends or sets anything', async (headers) => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const callback = answerOfNorthwind(world, idp, leaving);
  const before = await world.dumpTables();
  const hits = idp.hits('token');
  const pages = [
    ask(world).url,
    ask(world, { domain_hint: 'northwind' }).url,
    ask(world, { prompt: 'none' }).url,
    callback,
    `${world.issuer}/signin`,
    `${world.issuer}/mfa/enrol?handle=x`,
    `${world.issuer}/mfa/verify?handle=x`,
  ];
  for (const url of pages) {
    const { got, calls } = await world.callsOf(() => browser.open(url, { headers }));
    expect([url, got.status, calls, got.text]).toEqual([url, 204, 0, '']);
    expect(got.setCookies).toEqual([]);
  }
  for (const { kind, ...route } of world.functions) {
    if (kind !== 'http' || !('methods' in route) || !route.methods.includes('GET')) continue;
    const path = route.route
      .replace('{document}', 'openid-configuration')
      .replace('{partner}', 'x');
    expect((await world.send(path, { headers })).status).toBeLessThan(500);
  }
  expect(await world.dumpTables()).toBe(before);
  expect(idp.hits('token')).toBe(hits);
  expect((await browser.open(callback)).status).toBe(200);
});

test('A156: HEAD is no GET', async () => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const callback = answerOfNorthwind(world, idp, leaving);
  const before = await world.dumpTables();
  for (const url of [ask(world, { domain_hint: 'northwind' }).url, callback]) {
    const got: Got = await browser.open(url, { method: 'HEAD' });
    expect([204, 404]).toContain(got.status);
    expect(got.setCookies).toEqual([]);
  }
  expect(await world.dumpTables()).toBe(before);
  expect((await browser.open(callback)).status).toBe(200);
});

test('A156: a scanner that opens every address a guest was shown uses nothing up', async () => {
  const browser = world.browser();
  const asked = ask(world);
  const leaving = await leaveForHome(world, browser, asked, nora.mail);
  const callback = answerOfNorthwind(world, idp, leaving);
  const scanner = world.browser({ 'user-agent': 'LinkScanner/1.0' });
  for (const url of [asked.url, callback, callback]) await scanner.open(url);
  const page = await browser.open(callback);
  const { fields } = formOf(page.text);
  const handle = new URLSearchParams({ handle: fields.get('handle') ?? '' }).toString();
  const scanned = await scanner.open(`${world.issuer}/mfa/enrol?${handle}`);
  expect(scanned.status).toBe(400);
  expect(scanned.text).not.toContain('otpauth');
  const answered = await proveHere(world, browser, page, norasApp);
  const code = /[?&](?:amp;)?code=([^&"]*)/.exec(answered.text)?.[1] ?? '';
  expect((await redeem(world, asked, decodeURIComponent(code))).status).toBe(200);
});
