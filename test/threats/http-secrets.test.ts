/**
 * Somebody reads everything that leaves the gateway: answers, log lines, table rows. After whole
 * sign-ins, administrators' work and mistakes of every kind, each secret must have been seen only
 * where it belongs: the key of an authenticator on the enrolment page, a code on its way to the
 * app, a token in the answer of the token endpoint.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type Authenticator, mailedCode } from '../../dev/walk.ts';
import { authorizationAnswerOf, type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  postOwn,
  proveHere,
  redeem,
  signInForm,
  userinfo,
} from '../support/http-steps.ts';
import { basic, type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
/** By name, each with the pages and answers that may show it. */
const secrets = new Map<string, { readonly value: string; readonly shownOn: readonly Got[] }>();
let rows = '';
/** Too short to be looked for in everything at once: digits like these stand in numbers, too. */
let passcode = '';
const gusMail = 'gus@smallshop.example';

beforeAll(async () => {
  world = await startHttpWorld({ keepAnswers: true });
  const browser = world.browser();
  const authenticator: Authenticator = {};

  const asked = ask(world, { response_mode: 'form_post' });
  const enrolment = await comeBack(world, browser, asked, 'ann@contoso.example');
  const step = formOf(enrolment.text);
  step.fields.set('code', '000000');
  const wrong = await postOwn(world, browser, '/mfa/enrol', step.fields);
  const leaving = await proveHere(world, browser, wrong, authenticator);
  const code = authorizationAnswerOf(leaving, world.issuer)?.get('code') ?? '';
  const answered = await redeem(world, asked, code);
  const tokens = jsonOf(answered);
  await userinfo(world, tokens['access_token']);
  await redeem(world, asked, code);

  // again by query, with a wrong code first
  const again = ask(world, {}, 'public');
  const challenge = await comeBack(world, browser, again, 'ann@contoso.example');
  const verify = formOf(challenge.text);
  verify.fields.set('code', '000000');
  const second = await proveHere(
    world,
    browser,
    await postOwn(world, browser, '/mfa/verify', verify.fields),
    authenticator,
  );
  const secondCode = authorizationAnswerOf(second, world.issuer)?.get('code') ?? '';
  const secondAnswer = await redeem(world, again, secondCode);

  const cookies = new Map(browser.cookies(world.issuer));

  // somebody without an account
  const gus = world.browser();
  const byMail = ask(world);
  const form = await signInForm(gus, byMail);
  form.set('mail', gusMail);
  const asksForCode = await postOwn(world, gus, '/signin', form);
  passcode = await mailedCode(world, gusMail);
  const wrongStep = formOf(asksForCode.text);
  wrongStep.fields.set('code', passcode === '00000000' ? '00000001' : '00000000');
  const rightStep = formOf((await postOwn(world, gus, '/otp/verify', wrongStep.fields)).text);
  rightStep.fields.set('code', passcode);
  const gusKey: Authenticator = {};
  const gusEnrols = await postOwn(world, gus, '/otp/verify', rightStep.fields);
  const gusLeaves = await proveHere(world, gus, gusEnrols, gusKey);
  const gusCode = authorizationAnswerOf(gusLeaves, world.issuer)?.get('code') ?? '';
  await redeem(world, byMail, gusCode);
  await world.fireTimer('mail-outbox');

  // mistakes that carry secrets to where they do not belong
  const { id, secret } = world.clients.confidential;
  await world.send('/token', { method: 'POST', headers: basic(id, `${secret}x`) });
  await world.send(`/token?client_secret=${secret}`, {
    method: 'POST',
    body: new URLSearchParams({ client_secret: secret, code }),
  });
  await world.send(
    ask(world, { state: 'x', client_secret: secret, code_verifier: asked.verifier }).url,
  );
  await signInForm(browser, ask(world, { client_secret: secret }));
  await world.send('/callback/contoso?code=x&state=y', {
    headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
  });

  const admin = await world.adminToken();
  await world.adminRequest('GET', '/manage/config');
  await world.apply({});
  await world.apply({
    'partners/contoso.json': (world.files['partners/contoso.json'] ?? '').replace(
      '"contoso"',
      '"con toso"',
    ),
  });
  await world.adminRequest('GET', '/v1.0/reports/authenticationMethods/userRegistrationDetails');
  await world.adminRequest('POST', '/v1.0/identity/conditionalAccess/evaluate', {
    signInIdentity: { userId: 'ann@contoso.example' },
    signInContext: { includeApplications: [id] },
    signInConditions: {},
  });
  await world.adminRequest('POST', '/manage/mfa-reset', {
    mail: 'ann@contoso.example',
    reason: 'x',
    secret,
  });
  rows = await world.dumpTables();
  await world.adminRequest('POST', '/manage/mfa-reset', {
    mail: 'ann@contoso.example',
    reason: 'x',
  });
  rows += await world.dumpTables();

  const know = (name: string, value: unknown, shownOn: readonly Got[] = []) => {
    expect(String(value).length, name).toBeGreaterThan(12);
    secrets.set(name, { value: String(value), shownOn });
  };
  know('TOTP secret of the guest without an account', gusKey.secret, [gusEnrols]);
  know('TOTP secret', authenticator.secret, [enrolment, wrong]);
  know('code', code, [leaving]);
  know('second code', secondCode, [second]);
  know('access token', tokens['access_token'], [answered]);
  know('id token', tokens['id_token'], [answered]);
  know('second access token', jsonOf(secondAnswer)['access_token'], [secondAnswer]);
  know(
    'administrator’s token',
    admin,
    world.answers.filter(({ url }) => url.endsWith('/token')).map(({ got }) => got),
  );
  know('browser cookie', cookies.get('__Host-browser'));
  know('session cookie', cookies.get('__Host-session'));
  know('device cookie', cookies.get('__Host-device'));
  know('code verifier', asked.verifier);
  know('client secret', secret);
  know('second client secret', world.clients.timesheets.secret);
  know('administrator’s secret', world.admin.clientSecret);
  know('seeded secret', world.seed.clientSecret);
  know('master key', process.env['VESTIBULE_LOCAL_KEY']);
  know('account key', /AccountKey=([^;]*)/.exec(world.tables.connectionString)?.[1]);
  know(
    'partner’s secret',
    /"clientSecret":\s*"([^"]*)"/.exec(world.files['partners/contoso.json'] ?? '')?.[1],
  );
  for (const { mail, password } of world.people.slice(0, 1)) know(`password of ${mail}`, password);
});
afterAll(() => world.close());

test('A127 A087 R36 R53: no answer shows a secret but the one that hands it over', () => {
  expect(world.answers.length).toBeGreaterThan(30);
  const { clients: _, ...leaks } = { clients: 0, list: [] as string[] };
  for (const [name, { value, shownOn }] of secrets) {
    const escaped = value.replaceAll('&', '&amp;');
    for (const { url, got } of world.answers) {
      if (shownOn.includes(got)) continue;
      const { 'set-cookie': _cookies, ...headers } = got.headers;
      const seen = `${got.text}${JSON.stringify(headers)}`;
      if (seen.includes(value) || seen.includes(escaped))
        leaks.list.push(`${name} on ${url.slice(0, 80)}`);
    }
  }
  expect(leaks.list).toEqual([]);
});

test('A127 A087 R36: no line of the log holds one', () => {
  expect(world.lines.length).toBeGreaterThan(30);
  const leaks = [...secrets].flatMap(([name, { value }]) =>
    world.lines.filter((line) => line.includes(value)).map((line) => `${name}: ${line}`),
  );
  expect(leaks).toEqual([]);
  for (const line of world.lines) {
    expect(line).not.toMatch(/(?<![\w-])eyJ[\w-]{60,}/);
    expect(line).not.toMatch(/AccountKey|BEGIN [A-Z ]*PRIVATE KEY/);
  }
});

test('A127 R36 R28: no row of any table holds one, nor a token of the home’s', () => {
  const leaks = [...secrets].filter(([, { value }]) => rows.includes(value)).map(([name]) => name);
  expect(leaks).toEqual([]);
  expect(rows).not.toMatch(/(?<![\w-])eyJ[\w-]{60,}/);
  expect(rows).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
  // 128 bits of a cookie or a code are no part of a row either
  for (const name of ['session cookie', 'code', 'device cookie']) {
    const parts = (secrets.get(name)?.value ?? '').split('.');
    const bits = name === 'device cookie' ? parts[0] : parts.at(-1);
    expect(bits).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(rows.includes(bits ?? '')).toBe(false);
  }
});

test('A127: log lines name guests by their id, never by an address or a name', () => {
  const own = world.lines.filter((line) => line.startsWith('{'));
  expect(own.length).toBeGreaterThan(10);
  for (const line of own)
    expect(line).not.toMatch(/contoso\.example|Ann Abel|smallshop\.example|Gus Greve/);
});

test('A081 R30: the mailed code is in its mail and nowhere else: no page, line, row or subject', () => {
  const spelled = new RegExp(
    `(?<![0-9])${passcode.slice(0, 4)}[ \u00a0]?${passcode.slice(4)}(?![0-9])`,
  );
  const mails = world.mailbox.mailsTo(gusMail);
  expect(mails.filter(({ plainText }) => spelled.test(plainText))).toHaveLength(1);
  for (const { subject } of mails) expect(subject).not.toMatch(spelled);
  for (const { url, got } of world.answers)
    expect(spelled.test(`${got.text}${JSON.stringify(got.headers)}`), url).toBe(false);
  expect(world.lines.filter((line) => spelled.test(line))).toEqual([]);
  expect(spelled.test(rows)).toBe(false);
});

test('A127: no mail address stands in rows that expire, in the log, or in a line', async () => {
  for (const table of ['expiring', 'log'] as const) {
    const page = await world.store.scan(table, { from: '!', to: '~' }, { limit: 1000 });
    expect(page.rows.length, table).toBeGreaterThan(5);
    for (const row of page.rows)
      expect(JSON.stringify(row)).not.toMatch(/(contoso|smallshop)\.example/i);
  }
  for (const line of world.lines) expect(line).not.toMatch(/@(contoso|smallshop)\.example/i);
});
