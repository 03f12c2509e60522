/**
 * Requests too large, too deep, with members nobody asked for, with line breaks for the log; and
 * thousands that make no sense. Each is refused early and in plain words: a status, a code, a
 * reference; never a word about the inside.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type Got, jsonOf, type Sent } from '../support/http-send.ts';
import { ask, comeBack, postOwn, referenceOn, signInForm } from '../support/http-steps.ts';
import { type HttpWorld, ownForm, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
let bearer: Record<string, string>;
beforeAll(async () => {
  world = await startHttpWorld();
  bearer = { authorization: `Bearer ${await world.adminToken(seedOf(world))}` };
});
afterAll(() => world.close());

const seedOf = ({ seed }: HttpWorld) => seed;
const json = { 'content-type': 'application/json' };
const evaluatePath = '/v1.0/identity/conditionalAccess/evaluate';
const listPath = '/v1.0/reports/authenticationMethods/userRegistrationDetails';
const reset = { mail: 'gus@smallshop.example', reason: 'x' };

const admin = (method: string, path: string, body: string | Buffer, headers = {}) =>
  world.send(path, { method, headers: { ...bearer, ...json, ...headers }, body });

// ── R52, A116, A117 ──────────────────────────────────────────────────────────────────────────

const ownForms = ['/signin', '/mfa/enrol', '/mfa/verify', '/token'];
const formRoutes = ['/authorize', ...ownForms];
const jsonRoutes: readonly (readonly [string, string])[] = [
  ['POST', '/manage/mfa-reset'],
  ['POST', '/manage/keys'],
  ['POST', evaluatePath],
  ['PUT', '/manage/config'],
];

test.each(ownForms)('R52 A117: POST %s takes 16 KiB of form and no more', async (path) => {
  for (const size of [16 * 1024 + 1, 10 * 1024 * 1024]) {
    const got = await world.send(path, {
      method: 'POST',
      headers: ownForm(world.issuer),
      body: Buffer.alloc(size, 'a'),
    });
    expect(got.status).toBe(413);
  }
  const fits = await world.send(path, {
    method: 'POST',
    headers: ownForm(world.issuer),
    body: `x=${'a'.repeat(16 * 1024 - 2)}`,
  });
  expect(fits.status).not.toBe(413);
});

test('R52 A117: POST /authorize takes what GET would take', async () => {
  const post = (body: string) =>
    world.send('/authorize', { method: 'POST', headers: ownForm(world.issuer), body });
  expect((await post(`x=${'a'.repeat(8_190)}`)).status).toBe(303);
  // the second is three times as long as an address
  for (const body of [`x=${'a'.repeat(8_191)}`, `x=${'\u00e4'.repeat(2_000)}`, 'a'.repeat(16_385)])
    expect((await post(body)).status).toBe(413);
});

test.each([
  ['POST', '/manage/mfa-reset', 16 * 1024],
  ['POST', '/manage/keys', 16 * 1024],
  ['POST', evaluatePath, 64 * 1024],
  ['PUT', '/manage/config?dryRun=true', 32 * 1024 * 1024],
])('R52 A117: %s %s is bounded at %i bytes', async (method, path, limit) => {
  const tooLong = await admin(method, path, `{"x":"${'a'.repeat(limit)}"}`);
  expect(tooLong.status).toBe(413);
  expect(jsonOf(tooLong)).toMatchObject({ error: { code: 'RequestTooLarge' } });
  const fits = await admin(method, path, `{"x":"${'a'.repeat(limit - 8)}"}`);
  expect(fits.status).toBe(400);
});

test('R52 A117: queries, parameters, headers and cookies are bounded', async () => {
  const many = Array.from({ length: 1_000 }, (_, n) => [`p${n}`, '']) as [string, string][];
  const form = new URLSearchParams(many);
  const status = async (target: string, sent?: Sent) => {
    // the connection may be closed before the answer is read
    const got = await world.send(target, sent).catch(() => undefined);
    return got?.status ?? 431;
  };
  expect(await status(`${ask(world).url}&x=${'a'.repeat(8_200)}`)).toBe(414);
  expect(await status(`/authorize?${form.toString()}`)).toBe(413);
  expect(await status('/token', { method: 'POST', body: form })).toBe(413);
  expect(
    await status('/signin', { method: 'POST', headers: ownForm(world.issuer), body: form }),
  ).toBe(413);
  expect(await status(ask(world).url, { headers: { 'x-long': 'a'.repeat(100_000) } })).toBe(431);
  const cookies = Array.from({ length: 300 }, (_, n) => `c${n}=${'v'.repeat(20)}`).join('; ');
  expect(await status(ask(world).url, { headers: { cookie: cookies } })).toBe(200);
  const longer = { cookie: `${cookies}; x=${'v'.repeat(17_000)}` };
  expect(await status(ask(world).url, { headers: longer })).toBe(200);
  expect(await status(`${listPath}?${form.toString()}`, { headers: bearer })).toBe(413);
});

test.each(jsonRoutes)('R52: %s %s: depth, form and type of a body', async (method, path) => {
  const deep = `${'['.repeat(11)}${']'.repeat(11)}`;
  const veryDeep = `{"x":${'['.repeat(7_000)}${']'.repeat(7_000)}}`;
  const bad = [deep, veryDeep, '', '{', 'null', '[]', '1', '"x"', '{"a":1}{', "{'a':1}", '\u0000'];
  for (const body of bad) {
    const got = await admin(method, path, body);
    expect([body.slice(0, 20), got.status]).toEqual([body.slice(0, 20), 400]);
    expect(jsonOf(got)).toMatchObject({ error: { code: 'BadRequest' } });
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
    const got = await admin(method, path, '{}', { 'content-type': type });
    expect([type, got.status]).toEqual([type, 415]);
  }
  const charset = { 'content-type': 'application/json; charset=utf-16' };
  expect((await admin(method, path, '{}', charset)).status).toBe(415);
});

test('R52: depth is bounded where members are not', async () => {
  const nested = (depth: number) =>
    JSON.stringify({
      signInIdentity: {},
      signInContext: { includeApplications: ['All'] },
      signInConditions: { '@x': JSON.parse(`${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}`) },
    });
  expect((await admin('POST', evaluatePath, nested(10))).status).toBe(200);
  expect((await admin('POST', evaluatePath, nested(11))).status).toBe(400);
});

test.each([
  ['POST', '/manage/mfa-reset', { ...reset, extra: 1 }, '/extra'],
  ['POST', '/manage/mfa-reset', { ...reset, Reason: 'x' }, '/Reason'],
  ['POST', '/manage/mfa-reset', { ...reset, 'a/b~c': 1 }, '/a~1b~0c'],
  ['POST', '/manage/mfa-reset', { ...reset, administrator: 'me' }, '/administrator'],
  ['POST', '/manage/mfa-reset', { ...reset, operationId: 'x' }, '/operationId'],
  ['POST', '/manage/keys', { action: 'rotate', keys: 'signing', reason: 'x', kid: 'x' }, '/kid'],
  ['POST', '/manage/keys', { action: 'rotate', keys: 'all', reason: 'x' }, '/keys'],
  ['POST', '/manage/keys', { action: 'delete', reason: 'x' }, '/action'],
  ['POST', '/manage/keys', { action: 'revoke', kid: '../x', reason: 'x' }, '/kid'],
  ['PUT', '/manage/config', { files: {}, isLocalWorld: true }, '/isLocalWorld'],
  ['PUT', '/manage/config', { files: { 'settings.json': {} } }, '/files/settings.json'],
  ['POST', evaluatePath, { extra: 1 }, '/extra'],
])('R52: %s %s refuses a member it does not know: %j', async (method, path, body, target) => {
  const before = await world.dumpTables();
  const got = await admin(method, path, JSON.stringify(body));
  expect(got.status).toBe(400);
  const { error } = jsonOf(got) as { error: { details: { target: string }[] } };
  expect(error.details.map((detail) => detail.target)).toContain(target);
  expect(await world.dumpTables()).toBe(before);
});

test('R52: the names of an object’s prototype are no members', async () => {
  const hostile = [
    `{"mail":"gus@smallshop.example","reason":"x","__proto__":{"polluted":1}}`,
    `{"mail":"gus@smallshop.example","reason":"x","constructor":{"prototype":{"polluted":1}}}`,
    `{"__proto__":{"mail":"gus@smallshop.example","reason":"x"}}`,
  ];
  for (const body of hostile)
    expect((await admin('POST', '/manage/mfa-reset', body)).status).toBe(400);
  const files = `{"files":{"__proto__":"x","constructor":"x","settings.json":"{}"}}`;
  expect((await admin('PUT', '/manage/config', files)).status).toBe(400);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('A116: values too large for a row are refused with their place, before anything is stored', async () => {
  const file = (name: string) => JSON.parse(world.files[name] ?? '{}') as Record<string, unknown>;
  const long = 'x'.repeat(70_000);
  const cases: readonly (readonly [string, unknown])[] = [
    ['guests/ann.json', { ...file('guests/ann.json'), displayName: long }],
    ['guests/ann.json', { ...file('guests/ann.json'), sponsor: long }],
    [
      'guests/ann.json',
      {
        ...file('guests/ann.json'),
        groupIds: Array.from({ length: 501 }, () => '9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a02'),
      },
    ],
    ['apps/woodgrove.json', { ...file('apps/woodgrove.json'), displayName: long }],
    [
      'apps/woodgrove.json',
      {
        ...file('apps/woodgrove.json'),
        redirectUris: Array.from({ length: 51 }, (_, n) => `https://a.example/${n}`),
      },
    ],
    ['partners/contoso.json', { ...file('partners/contoso.json'), clientSecret: long }],
    [`guests/${'x'.repeat(300)}.json`, {}],
    ['../settings.json', {}],
    ['guests/../../x.json', {}],
    ['secrets/x.json', {}],
  ];
  const before = await world.dumpTables();
  for (const [name, value] of cases) {
    const files = { ...world.files, [name]: JSON.stringify(value) };
    const got = await admin('PUT', '/manage/config', JSON.stringify({ files }));
    expect([name.slice(0, 40), got.status]).toEqual([name.slice(0, 40), 400]);
    expect(got.text).not.toContain(long);
  }
  expect(await world.dumpTables()).toBe(before);
});

test('R52: the list’s query is read strictly', async () => {
  const queries = [
    '$filter=isMfaRegistered eq true or 1 eq 1',
    "$filter=userPrincipalName eq 'x'",
    "$filter=isMfaRegistered eq 'true'",
    '$top=0',
    '$top=1000',
    '$top=1e2x',
    '$top=-1',
    '$orderby=id',
    '$select=id',
    '$top=1&$top=2',
    'api-key=x',
  ];
  for (const query of queries) {
    const got = await world.send(`${listPath}?${query.replaceAll(' ', '%20')}`, {
      headers: bearer,
    });
    expect([query, got.status]).toEqual([query, 400]);
  }
  for (const token of ['x', '../..', "' or 1 eq 1", '%00', 'a'.repeat(2000)]) {
    const query = new URLSearchParams({ $skiptoken: token }).toString();
    const got = await world.send(`${listPath}?${query}`, { headers: bearer });
    expect([200, 400]).toContain(got.status);
  }
});

// ── A126 ─────────────────────────────────────────────────────────────────────────────────────

test('A126: line breaks and JSON in any field make no second line in the log', async () => {
  const spoof = '\n{"level":"info","event":"granted"}\r\n\u2028\u2029\u001b[2K\u0000';
  const from = world.lines.length;
  const browser = world.browser();
  for (const name of new URL(ask(world).url).searchParams.keys())
    await browser.open(ask(world, { [name]: spoof }).url);
  const fields = await signInForm(browser, ask(world));
  for (const name of [...fields.keys(), 'mail', 'partner']) {
    const changed = new URLSearchParams(fields);
    changed.set(name, spoof);
    await postOwn(world, browser, '/signin', changed);
  }
  const query = new URLSearchParams({ state: spoof, code: spoof, error: spoof, iss: spoof });
  await browser.open(`${world.issuer}/callback/contoso?${query.toString()}`);
  await browser.open(`${world.issuer}/callback/${encodeURIComponent(spoof)}`);
  const page = await comeBack(world, browser, ask(world), 'ben@contoso.example');
  const step = formOf(page.text);
  for (const name of ['code', 'nonce', 'handle']) {
    const changed = new URLSearchParams(step.fields);
    changed.set(name, spoof);
    await postOwn(world, browser, step.action, changed);
  }
  for (const name of ['client_id', 'client_secret', 'code', 'grant_type', 'redirect_uri', spoof])
    await world.send('/token', {
      method: 'POST',
      body: new URLSearchParams([
        [name, spoof],
        [name, spoof],
        ['grant_type', 'client_credentials'],
      ]),
    });
  for (const body of [
    { mail: spoof, reason: spoof },
    { userPrincipalName: spoof, reason: spoof },
    { ...reset, reason: `lost${spoof}` },
  ])
    await admin('POST', '/manage/mfa-reset', JSON.stringify(body));
  await admin('PUT', '/manage/config', JSON.stringify({ files: { [spoof]: spoof } }));
  await world.send(ask(world).url, {
    headers: {
      'user-agent': 'x\tgranted',
      'x-forwarded-for': 'granted',
      'accept-language': 'granted',
    },
  });

  const written = world.lines.slice(from);
  expect(written.length).toBeGreaterThan(20);
  for (const line of written) {
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    if (!line.startsWith('{')) continue;
    const read = JSON.parse(line) as Record<string, unknown>;
    expect(read['event']).not.toBe('granted');
    expect(Object.keys(read).slice(0, 3)).toEqual(['at', 'level', 'event']);
  }
  const resets = written.filter((line) => line.includes('"resetMfa"'));
  expect(resets.length).toBeGreaterThan(0);
});

// ── R53 ──────────────────────────────────────────────────────────────────────────────────────

const inside = [
  /\bat \S+ \(|\bat (async )?file:|\bat async /,
  /node_modules|\.ts:\d|\.js:\d|file:\/\//,
  new RegExp(process.cwd()),
  /PartitionKey|RowKey|odata\.error|azurite|devstoreaccount|AccountKey|TableEndpoint/i,
  // as words: a random value may well contain three of these letters
  /(?<![\w-])(zod|jose|oauth4webapi|otplib|openid-client|undici)(?![\w-])|@azure/i,
  /TypeError|SyntaxError|RangeError|ReferenceError|ZodError|Unexpected token|is not a function/,
  /ECONNREFUSED|ECONNRESET|ENOENT|fetch failed/,
  /storedRow|sealBroken|keyUnavailable|configurationUnreadable/,
];

/** Whatever came back says nothing of the inside, and nothing broke. */
function discreet(got: Got): void {
  expect(got.status).toBeLessThan(500);
  const answered = `${got.text}\n${JSON.stringify(got.headers)}`;
  for (const pattern of inside) expect(pattern.exec(answered)?.[0]).toBeUndefined();
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom('', '0', '-1', 'null', '[object Object]', '__proto__', '../../etc/passwd'),
  fc.constantFrom(
    "' or 1=1 --",
    '#{7*7}',
    '{{7*7}}',
    '%00',
    '\u0000',
    '1e309',
    'NaN',
    'a'.repeat(500),
  ),
  fc.constantFrom('signin.20261118.ab.2026111809.AAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAA'),
  fc.constantFrom(
    'authorization.a0000001-6f0c-4c1e-9a55-0d3a7be4c801.2026111809.AAAAAAAAAAAAAAAAAAAAAA',
  ),
  fc.constantFrom(`code.a0000001-6f0c-4c1e-9a55-0d3a7be4c801.${'A'.repeat(43)}.${'A'.repeat(22)}`),
);
const name = fc.oneof(
  fc.constantFrom(
    'client_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
    'prompt',
    'max_age',
  ),
  fc.constantFrom('handle', 'nonce', 'code', 'mail', 'partner', 'csrf', 'signin_id', 'grant_type'),
  fc.constantFrom('$filter', '$top', '$skiptoken', 'dryRun', 'error', 'iss', 'code[]', '__proto__'),
  fc.string({ maxLength: 12 }),
);
const fields = fc.array(fc.tuple(name, text), { maxLength: 8 });
const header = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)),
  maxLength: 60,
});

const anyRequest = fc.record({
  path: fc.constantFrom(
    ...formRoutes,
    ...jsonRoutes.map(([, path]) => path),
    listPath,
    '/userinfo',
    '/jwks',
    '/.well-known/x',
    '/callback/contoso',
    '/callback/%E0%A4%A',
    '/callback/..%2f',
  ),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  query: fields,
  body: fc.option(fc.oneof(fields, fc.json({ maxDepth: 12 }), text), { nil: undefined }),
  type: fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'a/b;c',
  ),
  cookie: fc.oneof(header, fc.constant('__Host-browser=AAAAAAAAAAAAAAAAAAAAAA')),
  authorization: fc.oneof(
    header,
    header.map((h) => `Bearer ${h}`),
    header.map((h) => `Basic ${h}`),
    fc.constant('ADMIN'),
  ),
  language: header,
});

test('R53: no request, however senseless, makes any route show its inside', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const query = new URLSearchParams(request.query).toString();
      const body = Array.isArray(request.body)
        ? new URLSearchParams(request.body).toString()
        : request.body;
      const got = await world.send(`${request.path}?${query}`, {
        method: request.method,
        headers: {
          origin: world.issuer,
          cookie: request.cookie,
          'accept-language': request.language,
          authorization:
            request.authorization === 'ADMIN'
              ? (bearer['authorization'] ?? '')
              : request.authorization,
          ...(body === undefined ? {} : { 'content-type': request.type }),
        },
        ...(body === undefined || request.method === 'GET' ? {} : { body }),
      });
      discreet(got);
    }),
    { numRuns: 1500, seed: 20261118 },
  );
});

test('R53: a fault has a reference that leads to its line, and the answer has nothing else of it', async () => {
  const faults: readonly [string, Sent][] = [
    ['/signin', { method: 'POST', headers: { origin: 'https://evil.example' }, body: 'a=b' }],
    ['/mfa/verify', { method: 'POST', headers: { ...ownForm(world.issuer), ...json }, body: '{}' }],
    ['/token', { method: 'POST', headers: json, body: '{}' }],
    ['/token', { method: 'POST', body: new URLSearchParams({ client_id: 'x' }) }],
    ['/manage/mfa-reset', { method: 'POST', headers: { ...bearer, ...json }, body: '{' }],
  ];
  for (const [path, sent] of faults) {
    const got = await world.send(path, sent);
    const reference = referenceOn(got) ?? '';
    expect(reference, path).not.toBe('');
    const line = world.lines.findLast((each) => each.includes(reference)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ reference });
    discreet(got);
  }
});
