/**
 * An attacker frames the gateway's pages, puts script into what they show, or posts their forms from
 * his own site. Every answer carries the headers that forbid it, and what changes state wants its
 * own page's form in its own browser.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { leavingOf } from '../../dev/walk.ts';
import { randomToken } from '../../shared/core/ids.ts';
import { insert, remove } from '../../shared/rows/row.ts';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import { guarded } from '../support/http-guarded.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import type { Got } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  leaveForHome,
  postOwn,
  proveHere,
  referenceOn,
  signInForm,
} from '../support/http-steps.ts';
import { type HttpWorld, ownForm, startHttpWorld } from '../support/http-world.ts';

const script = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

let idp: FakeIdp;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({
    seed: (files) => {
      const more = withNorthwind(idp, { displayName: script })(files);
      return {
        ...more,
        'settings.json': renamed(more['settings.json'], (settings) => ({
          ...settings,
          organisation: { ...(settings['organisation'] as object), displayName: script },
        })),
        'apps/woodgrove.json': renamed(more['apps/woodgrove.json'], (app) => ({
          ...app,
          displayName: script,
        })),
        'guests/nora.json': renamed(more['guests/nora.json'], (guest) => ({
          ...guest,
          displayName: script,
          sponsor: script,
        })),
      };
    },
  });
});
afterAll(async () => {
  await world.close();
  await idp[Symbol.asyncDispose]();
});

function renamed(
  file: string | undefined,
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): string {
  return JSON.stringify(change(JSON.parse(file ?? '{}') as Record<string, unknown>));
}

async function everyAnswer(): Promise<readonly (readonly [string, number, Got])[]> {
  const browser = world.browser();
  const form = await browser.open(ask(world).url);
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const enrol = await browser.open(answerOfNorthwind(world, idp, leaving));
  const wrong = formOf(enrol.text);
  wrong.fields.set('code', '000000');
  const person = world.browser();
  const page = await comeBack(world, person, ask(world, { response_mode: 'form_post' }));
  const ann = {};
  const formPost = await proveHere(world, person, page, ann);
  const goOn = await proveHere(world, person, await comeBack(world, person, ask(world)), ann);
  const challenge = await comeBack(world, person, ask(world));
  const blocked = await comeBack(world, person, ask(world, {}, 'timesheets'));
  const foreign = { ...ownForm(world.issuer), origin: 'https://evil.example' };
  const { id, secret } = world.clients.confidential;
  const badToken = { method: 'POST', headers: { authorization: 'Bearer x' } };
  const json = { 'content-type': 'application/json' };
  const token = await world.adminToken();
  const admin = { authorization: `Bearer ${token}` };
  const tooLarge = { method: 'POST', headers: ownForm(world.issuer), body: 'a'.repeat(20_000) };
  return [
    ['sign-in page', 200, form],
    [
      'sign-in page with a problem',
      200,
      await postOwn(world, browser, '/signin', await signInForm(browser, ask(world))),
    ],
    [
      'leaving for home',
      200,
      await (async () => {
        const fields = await signInForm(browser, ask(world));
        fields.set('mail', nora.mail);
        return postOwn(world, browser, '/signin', fields);
      })(),
    ],
    ['straight home', 303, await world.send(ask(world, { domain_hint: 'northwind' }).url)],
    ['enrolment', 200, enrol],
    ['enrolment, wrong code', 200, await postOwn(world, browser, wrong.action, wrong.fields)],
    ['challenge', 200, challenge],
    ['answer by query', 200, goOn],
    ['answer by form', 200, formPost],
    ['error to the app', 303, await world.send(ask(world, { prompt: 'none' }).url)],
    [
      'posted as GET',
      303,
      await world.send('/authorize', { method: 'POST', body: new URLSearchParams({ a: 'b' }) }),
    ],
    ['unknown client', 400, await world.send('/authorize')],
    ['blocked', 403, blocked],
    ['no access', 403, await comeBack(world, world.browser(), ask(world), 'dora@contoso.example')],
    ['start at app', 400, await world.send('/signin')],
    ['callback without state', 400, await world.send('/callback/contoso')],
    ['code page without handle', 400, await world.send('/mfa/verify')],
    [
      'cross-site form',
      403,
      await world.send('/signin', { method: 'POST', headers: foreign, body: 'a=b' }),
    ],
    ['form too large', 413, await world.send('/signin', tooLarge)],
    [
      'no form',
      415,
      await world.send('/mfa/verify', {
        method: 'POST',
        headers: { ...ownForm(world.issuer), ...json },
        body: '{}',
      }),
    ],
    ['prefetch', 204, await world.send('/signin', { headers: { 'sec-purpose': 'prefetch' } })],
    ['metadata', 200, await world.send('/.well-known/openid-configuration')],
    ['no such metadata', 404, await world.send('/.well-known/x')],
    ['keys', 200, await world.send('/jwks')],
    [
      'token, no client',
      401,
      await world.send('/token', { method: 'POST', body: new URLSearchParams() }),
    ],
    [
      'token, no grant',
      400,
      await world.send('/token', {
        method: 'POST',
        body: new URLSearchParams({ client_id: id, client_secret: secret }),
      }),
    ],
    [
      'token, no form',
      415,
      await world.send('/token', { method: 'POST', headers: json, body: '{}' }),
    ],
    ['userinfo, no token', 401, await world.send('/userinfo')],
    ['admin, no token', 401, await world.send('/manage/config')],
    ['admin, bad token', 401, await world.send('/manage/mfa-reset', badToken)],
    [
      'admin, no JSON',
      415,
      await world.send('/manage/mfa-reset', { method: 'POST', headers: admin, body: 'x' }),
    ],
    [
      'admin, wrong JSON',
      400,
      await world.send('/manage/mfa-reset', {
        method: 'POST',
        headers: { ...admin, ...json },
        body: '{}',
      }),
    ],
    [
      'admin, nobody',
      404,
      await world.send('/manage/mfa-reset', {
        method: 'POST',
        headers: { ...admin, ...json },
        body: JSON.stringify({ mail: 'x@y.example', reason: 'x' }),
      }),
    ],
    ['admin, configuration', 200, await world.send('/manage/config', { headers: admin })],
  ];
}

test('R50 A054 A055: every answer of every route carries the headers, and no script but its own', async () => {
  const answers = await everyAnswer();
  const names = new Set<string>();
  for (const [name, status, got] of answers) {
    expect([name, got.status]).toEqual([name, status]);
    guarded(got);
    expect([name, /<script>alert|<img src=x/.test(got.text) && isPage(got)]).toEqual([name, false]);
    names.add(name);
  }
  expect(names.size).toBe(answers.length);

  // and the 500: a row that nobody can read
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const url = answerOfNorthwind(world, idp, leaving);
  const partition = { table: 'guests', key: nora.id } as const;
  const row = insert('authorization.broken', { secretThing: 'x' });
  await world.store.commit(partition, [row], randomToken());
  const broken = await browser.open(url);
  const [stored] = await world.store.load(partition, { keys: [row.key] });
  if (stored) await world.store.commit(partition, [remove(stored)], randomToken());
  expect(broken.status).toBe(500);
  expect(referenceOn(broken)).toBeDefined();
  expect(/authorization\.|secretThing|storedRow|Zod/.test(broken.text)).toBe(false);
  guarded(broken);
});

const isPage = (got: Got) => Boolean(got.headers['content-type']?.startsWith('text/html'));

test('R50: pages with a form send their origin along, pages that carry something away send nothing', async () => {
  const browser = world.browser();
  const form = await browser.open(ask(world).url);
  expect(form.headers['referrer-policy']).toBe('same-origin');
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const enrol = await browser.open(answerOfNorthwind(world, idp, leaving));
  expect(enrol.headers['referrer-policy']).toBe('same-origin');
  const gone = await world.send(ask(world, { prompt: 'none' }).url);
  expect(gone.headers['referrer-policy']).toBe('no-referrer');
});

test('A041: the form_post page is one fixed form with one script, whatever state and error hold', async () => {
  for (const state of [
    script,
    '</form><form action="https://evil.example">',
    '" autofocus x="',
    '\r\n',
    '&lt;',
  ]) {
    const asked = ask(world, { response_mode: 'form_post', prompt: 'none', state, nonce: script });
    const got = await world.send(asked.url);
    expect(got.status).toBe(200);
    guarded(got);
    expect(got.headers['content-security-policy']).not.toContain('form-action');
    expect(got.headers['referrer-policy']).toBe('no-referrer');
    expect(got.text.match(/<form /g)).toHaveLength(1);
    expect(got.text.match(/<script/g)).toHaveLength(1);
    expect(got.text.match(/<input type="(?!hidden)/g)).toBeNull();
    const { action, fields } = formOf(got.text);
    expect(action).toBe(`${world.app}/callback`);
    expect([...fields.keys()]).toEqual(['error', 'error_description', 'state', 'iss']);
  }
});

test('A055: script in what a request or a person says comes back as text', async () => {
  const browser = world.browser();
  for (const name of [
    'login_hint',
    'ui_locales',
    'state',
    'nonce',
    'claims',
    'acr_values',
    'display',
  ]) {
    const got = await browser.open(ask(world, { [name]: script }).url);
    expect(got.status).toBe(200);
    guarded(got);
    expect(/<script>alert|<img/.test(got.text)).toBe(false);
    expect(got.text.includes('&lt;script&gt;alert')).toBe(true);
  }
  for (const name of ['client_id', 'redirect_uri']) {
    const got = await browser.open(ask(world, { [name]: script }).url);
    expect(got.status).toBe(400);
    expect(/<script>alert|<img/.test(got.text)).toBe(false);
    guarded(got);
  }
  const fields = await signInForm(browser, ask(world));
  fields.set('mail', `${script}@contoso.example`);
  const again = await postOwn(world, browser, '/signin', fields);
  guarded(again);
  expect(/<script>alert|<img/.test(again.text)).toBe(false);
  const query = new URLSearchParams({ error: script, error_description: script, state: script });
  const back = await browser.open(`${world.issuer}/callback/contoso?${query.toString()}`);
  guarded(back);
  expect(/<script>alert|<img/.test(back.text)).toBe(false);
});

// ── cross-site forms ─────────────────────────────────────────────────────────────────────────

const foreign: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another origin alone', { origin: 'https://evil.example' }],
  ['an opaque origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['an opaque origin alone', { origin: 'null' }],
  ['cross-site alone', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
  ['our origin, but cross-site', { origin: 'OWN', 'sec-fetch-site': 'cross-site' }],
  ['typed by hand', { 'sec-fetch-site': 'none' }],
  ['the other scheme', { origin: 'https://localhost' }],
  ['our origin with a slash', { origin: 'OWN/' }],
  ['an origin that begins like ours', { origin: 'OWN.evil.example' }],
  ['nothing at all', {}],
];

test.each(foreign)(
  'A056 R51: forms posted from %s are refused, nothing changes',
  async (_title, headers) => {
    const browser = world.browser();
    const signin = await signInForm(browser, ask(world));
    signin.set('mail', nora.mail);
    const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
    const page = await browser.open(answerOfNorthwind(world, idp, leaving));
    const enrol = formOf(page.text);
    enrol.fields.set('code', '000000');
    const before = await world.dumpTables();
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('OWN', world.issuer)]),
    );
    for (const [path, fields] of [
      ['/signin', signin],
      ['/mfa/enrol', enrol.fields],
      ['/mfa/verify', enrol.fields],
    ] as const) {
      const got = await browser.open(`${world.issuer}${path}`, {
        method: 'POST',
        headers: given,
        body: fields,
      });
      expect(got.status, path).toBe(403);
      expect(got.setCookies).toEqual([]);
      expect(got.location).toBeUndefined();
      guarded(got);
    }
    // a form cannot bring a bearer token, nor JSON
    const reset = await browser.open(`${world.issuer}/manage/mfa-reset`, {
      method: 'POST',
      headers: { ...given, 'content-type': 'text/plain' },
      body: JSON.stringify({ mail: nora.mail, reason: 'csrf' }),
    });
    expect(reset.status).toBe(401);
    expect(await world.dumpTables()).toBe(before);
  },
);

test('A056 R51: our own page’s form wants its own value, of this browser and this page', async () => {
  const browser = world.browser();
  const other = world.browser();
  const others = await signInForm(other, ask(world));
  const own = await signInForm(browser, ask(world));
  const before = await world.dumpTables();
  const changes: readonly ((fields: URLSearchParams) => void)[] = [
    (f) => f.delete('csrf'),
    (f) => f.set('csrf', ''),
    (f) => f.set('csrf', others.get('csrf') ?? ''),
    (f) => f.set('csrf', `${f.get('csrf')}A`),
    (f) => f.set('signin_id', others.get('signin_id') ?? ''),
    (f) => f.delete('signin_id'),
  ];
  for (const change of changes) {
    const fields = new URLSearchParams(own);
    fields.set('mail', nora.mail);
    change(fields);
    const got = await postOwn(world, browser, '/signin', fields);
    expect(got.status).toBe(200);
    expect(leavingOf(got.text)).toBeUndefined();
    expect(formOf(got.text).action).toBe('/signin');
  }
  own.set('mail', nora.mail);
  const elsewhere = await postOwn(world, other, '/signin', own);
  expect(leavingOf(elsewhere.text)).toBeUndefined();
  expect(await world.dumpTables()).toBe(before);
});

test('R51: nothing changes by GET, no other origin may read, no preflight is answered', async () => {
  const browser = world.browser();
  const leaving = await leaveForHome(world, browser, ask(world), nora.mail);
  const page = await browser.open(answerOfNorthwind(world, idp, leaving));
  const { fields } = formOf(page.text);
  fields.set('code', '000000');
  const before = await world.dumpTables();
  for (const path of ['/signin', '/mfa/enrol', '/mfa/verify', '/manage/mfa-reset'])
    await browser.open(`${world.issuer}${path}?${fields.toString()}`);
  expect(await world.dumpTables()).toBe(before);

  const origin = { origin: 'https://evil.example' };
  for (const path of ['/authorize', '/signin', '/mfa/verify', '/userinfo', '/manage/config']) {
    const got = await world.send(path, { headers: origin });
    expect(got.headers['access-control-allow-credentials']).toBeUndefined();
    if (path !== '/userinfo') expect(got.headers['access-control-allow-origin']).toBeUndefined();
    const preflight = await world.send(path, { method: 'OPTIONS', headers: origin });
    expect(preflight.status).toBe(404);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  }
});
