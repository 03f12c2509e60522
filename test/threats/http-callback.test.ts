/**
 * The callback's address is public and its query comes through a browser. An attacker lets a victim
 * open the attacker's own answer, opens a victim's, mixes up two partners, replays, leaves parts
 * out or doubles them. `state` opens something only in the browser that began, and once.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  leaveForHome,
  proveAtHome,
  proveHere,
  redeem,
  referenceOn,
  signInAs,
  textOf,
  userinfo,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let idp: FakeIdp;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({
    tablesThrough: async (url) => {
      proxy = await startFaultProxy(url);
      return proxy.url;
    },
    // what their word for a second factor is, is known; that it counts is not
    seed: (files) => {
      const more = withNorthwind(idp)(files);
      const contoso = JSON.parse(more['partners/contoso.json'] ?? '{}') as object;
      const claimMapping = { mfa: { amr: ['mfa'], acr: ['urn:contoso:mfa'] } };
      return { ...more, 'partners/contoso.json': JSON.stringify({ ...contoso, claimMapping }) };
    },
  });
});
afterAll(async () => {
  await world.close();
  await proxy.close();
  await idp[Symbol.asyncDispose]();
});

const asksEnrolment = (got: Got) => got.status === 200 && formOf(got.text).action === '/mfa/enrol';

/** A page with a reference, no code asked, nothing handed on. */
function refused(got: Got, status: number): void {
  expect(got.status, textOf(got)).toBe(status);
  expect(got.location).toBeUndefined();
  expect(formOf(got.text).action).toBe('');
  expect(referenceOn(got)).toBeDefined();
  expect(got.setCookies).toEqual([]);
}

const toContoso = async (browser: HttpBrowser, mail = 'ann@contoso.example') =>
  proveAtHome(world, browser, await leaveForHome(world, browser, ask(world), mail), mail);

const toNorthwind = (browser: HttpBrowser) =>
  leaveForHome(world, browser, ask(world), 'somebody@northwind.example');

test('A033: the attacker’s callback in the victim’s browser opens nothing, and spends nothing', async () => {
  const attacker = world.browser();
  const url = await toContoso(attacker);
  const { got, calls } = await world.callsOf(() => world.browser().open(url));
  refused(got, 400);
  expect(calls).toBe(0);
  expect(asksEnrolment(await attacker.open(url))).toBe(true);
});

test('A053 R21: one browser’s cookie with another’s state, both ways, and then each its own', async () => {
  const [one, two] = [world.browser(), world.browser()];
  const [ones, twos] = [await toContoso(one), await toContoso(two, 'ben@contoso.example')];
  refused(await one.open(twos), 400);
  refused(await two.open(ones), 400);
  const [first, second] = [await one.open(ones), await two.open(twos)];
  expect(asksEnrolment(first) && asksEnrolment(second)).toBe(true);
  expect(first.text).toContain('ann@contoso.example');
  expect(second.text).toContain('ben@contoso.example');
});

test('R21: state, nonce and challenge are long, random and of one sign-in each', async () => {
  const seen = new Set<string>();
  const browser = world.browser();
  const rounds = 10;
  for (let round = 0; round < rounds; round++) {
    const { searchParams } = new URL(await leaveForHome(world, browser, ask(world)));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const value = searchParams.get(name) ?? '';
      expect(value.length).toBeGreaterThanOrEqual(22);
      seen.add(value);
    }
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('response_type')).toBe('code');
  }
  expect(seen.size).toBe(rounds * 3);
});

test('R21: ten answers at once in the browser’s own name lead to one exchange', async () => {
  const browser = world.browser();
  const url = answerOfNorthwind(world, idp, await toNorthwind(browser));
  const before = idp.hits('token');
  // all of them have read the sign-in before the first has spent it
  proxy.rule(({ method }) => (method === 'GET' ? undefined : { delayMs: 200 }));
  const got = await Promise.all(Array.from({ length: 10 }, () => browser.open(url)));
  proxy.rule(undefined);
  expect(idp.hits('token') - before).toBe(1);
  for (const each of got) expect(asksEnrolment(each) || each.status === 400).toBe(true);
  expect(asksEnrolment(await browser.open(url))).toBe(true);
});

test('A022: a callback used again shows its own browser where it stands, and others nothing', async () => {
  const person = { mail: 'ben@contoso.example', authenticator: {}, browser: world.browser() };
  const asked = ask(world);
  const url = await proveAtHome(
    world,
    person.browser,
    await leaveForHome(world, person.browser, asked, person.mail),
    person.mail,
  );
  const page = await person.browser.open(url);
  const again = await person.browser.open(url);
  expect(formOf(again.text)).toEqual(formOf(page.text));
  refused(await world.browser().open(url), 400);

  const answered = await proveHere(world, person.browser, page, person.authenticator);
  const code = authorizationAnswerOf(answered, world.issuer)?.get('code') ?? '';
  const token = jsonOf(await redeem(world, asked, code))['access_token'];
  const session = person.browser.cookies(world.issuer).get('__Host-session');

  const late = await person.browser.open(url);
  expect(authorizationAnswerOf(late, world.issuer)).toBeUndefined();
  expect(late.setCookies).toEqual([]);
  refused(await world.browser().open(url), 400);
  expect((await userinfo(world, token)).status).toBe(200);
  expect(person.browser.cookies(world.issuer).get('__Host-session')).toBe(session);
});

test.each([
  ['no state', 400, (q: URLSearchParams) => q.delete('state')],
  ['an empty state', 400, (q: URLSearchParams) => q.set('state', '')],
  ['state twice', 400, (q: URLSearchParams) => q.append('state', q.get('state') ?? '')],
  ['state and another state', 400, (q: URLSearchParams) => q.append('state', 'other')],
  ['a state with its nonce cut off', 400, (q: URLSearchParams) => cut(q, /~.*$/)],
  ['a state of another kind', 400, (q: URLSearchParams) => cut(q, /^signin/)],
  ['no code', 403, (q: URLSearchParams) => q.delete('code')],
  ['an empty code', 403, (q: URLSearchParams) => q.set('code', '')],
  ['code twice', 403, (q: URLSearchParams) => q.append('code', q.get('code') ?? '')],
  ['a second code', 403, (q: URLSearchParams) => q.append('code', 'other')],
  ['code as a list', 403, (q: URLSearchParams) => q.append('code[]', 'other')],
  ['state as a list beside it', 403, (q: URLSearchParams) => q.append('state[]', 'other')],
  ['iss twice', 403, (q: URLSearchParams) => q.append('iss', q.get('iss') ?? '')],
  ['code and error', 403, (q: URLSearchParams) => q.set('error', 'access_denied')],
  ['an error', 403, (q: URLSearchParams) => asError(q)],
])('A023: a callback with %s is refused, and no code leaves', async (_title, status, change) => {
  const browser = world.browser();
  const url = new URL(answerOfNorthwind(world, idp, await toNorthwind(browser)));
  change(url.searchParams);
  const before = idp.hits('token');
  refused(await browser.open(url.href), status);
  expect(idp.hits('token')).toBe(before);
});

function cut(query: URLSearchParams, what: RegExp): void {
  query.set('state', (query.get('state') ?? '').replace(what, ''));
}

function asError(query: URLSearchParams): void {
  query.delete('code');
  query.set('error', '<script>alert(1)</script>');
  query.set('error_description', '<script>alert(1)</script>');
}

test('A023: nor does the callback take a POST', async () => {
  const browser = world.browser();
  const url = new URL(answerOfNorthwind(world, idp, await toNorthwind(browser)));
  const posted = await browser.open(`${world.issuer}${url.pathname}`, {
    method: 'POST',
    body: url.searchParams,
  });
  expect(posted.status).toBe(404);
});

// ── mix-up ───────────────────────────────────────────────────────────────────────────────────

test('A008: Contoso’s answer on Northwind’s path ends the sign-in; its code goes to nobody', async () => {
  const browser = world.browser();
  const url = await toContoso(browser);
  const before = idp.hits('token');
  refused(await browser.open(url.replace('/callback/contoso', '/callback/northwind')), 403);
  expect(idp.hits('token')).toBe(before);
  refused(await browser.open(url), 400);
});

test('A008: an answer that names another issuer, or none, sends its code nowhere', async () => {
  for (const iss of [world.partner.issuer, world.issuer, 'https://evil.example', '', undefined]) {
    const browser = world.browser();
    const url = new URL(answerOfNorthwind(world, idp, await toNorthwind(browser)));
    if (iss === undefined) url.searchParams.delete('iss');
    else url.searchParams.set('iss', iss);
    const before = idp.hits('token');
    refused(await browser.open(url.href), 403);
    expect(idp.hits('token')).toBe(before);
  }
});

test('A008 R21: two browsers, two partners, answers exchanged crosswise', async () => {
  const [one, two] = [world.browser(), world.browser()];
  const contosos = new URL(await toContoso(one));
  const northwinds = new URL(answerOfNorthwind(world, idp, await toNorthwind(two)));
  const crossed = (path: URL, state: URL) => {
    const url = new URL(path);
    url.searchParams.set('state', state.searchParams.get('state') ?? '');
    return url.href;
  };
  const before = idp.hits('token');
  refused(await one.open(crossed(contosos, northwinds)), 400);
  refused(await two.open(crossed(northwinds, contosos)), 400);
  // in its own browser, with the other partner's code
  refused(await one.open(crossed(northwinds, contosos)), 403);
  expect(idp.hits('token')).toBe(before);
  expect(asksEnrolment(await two.open(northwinds.href))).toBe(true);
});

test('A008: paths of partners that are none', async () => {
  const browser = world.browser();
  const { search } = new URL(await toContoso(browser));
  for (const name of ['nobody', 'Contoso', 'contoso%20', '__proto__', 'constructor', '..', '%00'])
    expect([400, 404]).toContain(
      (await browser.open(`${world.issuer}/callback/${name}${search}`)).status,
    );
});

test('A021: the nonce of another tab’s sign-in is refused, and that tab is left alone', async () => {
  const browser = world.browser();
  const [first, second] = [await toNorthwind(browser), await toNorthwind(browser)];
  const nonce = new URL(second).searchParams.get('nonce');
  refused(await browser.open(answerOfNorthwind(world, idp, first, { nonce })), 403);
  refused(await browser.open(answerOfNorthwind(world, idp, first)), 400);
  expect(asksEnrolment(await browser.open(answerOfNorthwind(world, idp, second)))).toBe(true);
});

// ── who it is ────────────────────────────────────────────────────────────────────────────────

const strangers: readonly [string, Readonly<Record<string, unknown>>][] = [
  ['another guest’s address', { email: 'ann@contoso.example' }],
  ['the same, verified', { email: 'ann@contoso.example', email_verified: true }],
  ['by preferred_username and upn', { preferred_username: nora.userPrincipalName, upn: nora.mail }],
  ['the address of a guest of this very partner', { email: nora.mail, email_verified: true }],
  ['the subject that Ann has at Contoso', { sub: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801' }],
  ['the guest’s own object id as claims of an Entra token', { oid: nora.id, tid: nora.id }],
  ['a subject that differs in case', { sub: nora.subject.toUpperCase() }],
];

test.each(strangers)('R20 A001 A002 A004: %s makes nobody a guest', async (_title, claims) => {
  const browser = world.browser();
  const leaving = await toNorthwind(browser);
  const { got } = await world.callsOf(() =>
    browser.open(answerOfNorthwind(world, idp, leaving, { sub: 'mallory', ...claims })),
  );
  refused(got, 403);
  expect(got.text).not.toMatch(/\b(Ann|Nora)\b/);
  const { line } = lastLine('signIn');
  expect(line).toMatchObject({ cause: 'noAccess', code: 50020 });
  expect(line).not.toHaveProperty('guest');
});

function lastLine(event: string) {
  const line = world.lines.findLast((text) => text.includes(`"event":"${event}"`)) ?? '{}';
  return { line: JSON.parse(line) as Record<string, unknown> };
}

test('A003 R20: the address changes at home: the same guest, known by the address of the directory', async () => {
  const person = { mail: nora.mail, authenticator: {}, browser: world.browser() };
  const subjects: unknown[] = [];
  for (const email of [nora.mail, 'nora.new@elsewhere.example', 'ann@contoso.example']) {
    const asked = ask(world);
    const leaving = await leaveForHome(world, person.browser, asked, person.mail);
    const page = await person.browser.open(
      answerOfNorthwind(world, idp, leaving, { email, email_verified: true, name: 'Somebody' }),
    );
    const answered = await proveHere(world, person.browser, page, person.authenticator);
    const code = authorizationAnswerOf(answered, world.issuer)?.get('code') ?? '';
    const claims = jsonOf(
      await userinfo(world, jsonOf(await redeem(world, asked, code))['access_token']),
    );
    subjects.push(claims['sub']);
    expect(claims).toMatchObject({ email: nora.mail, name: 'Nora Nord' });
  }
  expect(new Set(subjects)).toEqual(new Set([nora.id]));
});

test('A032: a partner that is not trusted for it claims a second factor: ours is asked all the same', async () => {
  const person = { mail: 'ann@contoso.example', authenticator: {}, browser: world.browser() };
  const { subject = '' } = world.people.find(({ mail }) => mail === person.mail) ?? {};
  world.partner.setSignInClaims(subject, {
    amr: ['pwd', 'mfa', 'otp', 'hwk'],
    acr: 'urn:contoso:mfa',
  });
  try {
    const answer = await signInAs(world, person, ask(world));
    expect(answer.get('code')).toMatch(/^code\./);
    // signInAs throws where no second factor is asked; and once more, now with a method
    await signInAs(world, person, ask(world));
  } finally {
    world.partner.setSignInClaims(subject, undefined);
  }
});
