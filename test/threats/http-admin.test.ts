/**
 * The admin API decides who must prove up again and what the policies are. Guests, strangers,
 * administrators of another deployment, with too few roles or with an old token try it; and those
 * who may send it names, bodies and sizes that were never meant.
 */
import { generateKeyPairSync } from 'node:crypto';
import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { hashSecret } from '../../shared/checks/client-authentication.ts';
import { type AdminRole, adminRoles } from '../../shared/rows/configuration/app.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  type Person,
  postOwn,
  proveHere,
  random,
  redeem,
  signInAs,
  textOf,
  userinfo,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const secret = random();
const roleApp = (role: AdminRole) =>
  `3d9c5a1e-0b7f-4e26-8a44-17c2f0d6c00${adminRoles.indexOf(role)}`;

const appFile = (role: AdminRole, roles: readonly AdminRole[]) => ({
  [`apps/role-${adminRoles.indexOf(role)}.json`]: JSON.stringify({
    appId: roleApp(role),
    displayName: `Only ${role}`,
    clientType: 'confidential',
    clientSecretHashes: [hashSecret(secret)],
    appRoles: roles,
  }),
});

let world: HttpWorld;
let ann: Person;
let guestTokens: Record<string, unknown>;
const tokens = new Map<AdminRole, string>();
beforeAll(async () => {
  world = await startHttpWorld({
    seed: (files) =>
      Object.assign({}, files, ...adminRoles.map((role) => appFile(role, [role]))) as typeof files,
  });
  for (const role of adminRoles) {
    const client = { clientId: roleApp(role), clientSecret: secret };
    tokens.set(role, await world.adminToken(client));
  }
  ann = { mail: 'ann@contoso.example', authenticator: {}, browser: world.browser() };
  const asked = ask(world);
  guestTokens = jsonOf(
    await redeem(world, asked, (await signInAs(world, ann, asked)).get('code') ?? ''),
  );
});
afterAll(() => world.close());

const annsUpn = 'ann_contoso.example#EXT#@fabrikam.onmicrosoft.example';
const nobody = '00000000-0000-4000-8000-000000000000';
const whatIf = {
  signInIdentity: { userId: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801' },
  signInContext: { includeApplications: ['3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b001'] },
  signInConditions: {},
};

const routes: readonly {
  readonly method: string;
  readonly path: string;
  readonly body?: () => unknown;
  readonly may: readonly AdminRole[];
  /** Of somebody who may. */
  readonly status: number;
}[] = [
  {
    method: 'POST',
    path: '/manage/mfa-reset',
    body: () => ({ id: nobody, reason: 'test' }),
    may: ['UserAuthenticationMethod.ReadWrite.All'],
    status: 404,
  },
  {
    method: 'GET',
    path: '/manage/config',
    may: ['Configuration.Read.All', 'Configuration.ReadWrite.All'],
    status: 200,
  },
  {
    method: 'PUT',
    path: '/manage/config?dryRun=true',
    body: () => ({ files: world.files }),
    may: ['Configuration.ReadWrite.All'],
    status: 200,
  },
  {
    method: 'POST',
    path: '/v1.0/identity/conditionalAccess/evaluate',
    body: () => whatIf,
    may: ['Policy.Read.ConditionalAccess'],
    status: 200,
  },
  {
    method: 'GET',
    path: '/v1.0/reports/authenticationMethods/userRegistrationDetails',
    may: [
      'AuditLog.Read.All',
      'UserAuthenticationMethod.Read.All',
      'UserAuthenticationMethod.ReadWrite.All',
    ],
    status: 200,
  },
  {
    method: 'GET',
    path: '/manage/keys',
    may: ['Keys.Read.All', 'Keys.ReadWrite.All'],
    status: 200,
  },
  {
    method: 'POST',
    path: '/manage/keys',
    body: () => ({ action: 'revoke', kid: 'A'.repeat(43), reason: 'test' }),
    may: ['Keys.ReadWrite.All'],
    status: 404,
  },
  { method: 'GET', path: '/v1.0/auditLogs/signIns', may: ['AuditLog.Read.All'], status: 200 },
  {
    method: 'GET',
    path: '/v1.0/auditLogs/signIns/0000-0000-000',
    may: ['AuditLog.Read.All'],
    status: 404,
  },
  {
    method: 'GET',
    path: '/v1.0/auditLogs/directoryAudits',
    may: ['AuditLog.Read.All'],
    status: 200,
  },
  {
    method: 'GET',
    path: '/v1.0/auditLogs/directoryAudits/0000-0000-000',
    may: ['AuditLog.Read.All'],
    status: 404,
  },
];

function call(
  { method, path, body }: { method: string; path: string; body?: () => unknown },
  token: string | undefined,
  headers: Record<string, string> = {},
): Promise<Got> {
  return world.send(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body()) } : {}),
  });
}

function mustNot(got: Got, status: 401 | 403): void {
  expect(got.status, got.text).toBe(status);
  const code = status === 401 ? 'InvalidAuthenticationToken' : 'Authorization_RequestDenied';
  expect(jsonOf(got)).toMatchObject({ error: { code } });
  expect(got.text).not.toContain('ann_contoso');
}

test.each(routes)('R38 A093: $method $path is for its roles alone', async (route) => {
  for (const role of adminRoles) {
    const got = await call(route, tokens.get(role));
    if (route.may.includes(role)) expect(got.status, role).toBe(route.status);
    else mustNot(got, 403);
  }
});

test.each(routes)('R38 A093: $method $path by a stranger, a guest, a forger', async (route) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const pem = foreign.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = await importPKCS8(pem, 'RS256');
  const kid = (jsonOf(await world.send('/jwks'))['keys'] as { kid: string }[])[0]?.kid ?? '';
  const nowSeconds = Math.floor(world.clock().getTime() / 1000);
  const claims: JWTPayload = {
    iss: world.issuer,
    aud: `${world.issuer}/manage`,
    sub: world.admin.clientId,
    client_id: world.admin.clientId,
    iat: nowSeconds,
    exp: nowSeconds + 3600,
    jti: random(),
    roles: adminRoles,
  };
  const forged = (more: JWTPayload = {}) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
      .sign(key);
  const good = tokens.get('UserAuthenticationMethod.ReadWrite.All') ?? '';
  const [header = '', payload = '', signature = ''] = good.split('.');
  const widened = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object) };
  const strangers: readonly (string | undefined)[] = [
    undefined,
    '',
    'x',
    String(guestTokens['access_token']),
    String(guestTokens['id_token']),
    await forged(),
    await forged({ iss: 'https://other.example' }),
    await forged({ iss: world.partner.issuer }),
    `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.`,
    `${header}.${part({ ...widened, roles: adminRoles })}.${signature}`,
    `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${good}.x`,
  ];
  for (const token of strangers) mustNot(await call(route, token), 401);
  // no other door: neither a function key nor Basic nor a parameter
  const doors = { 'x-functions-key': 'x', 'x-ms-client-principal': part({ userRoles: ['admin'] }) };
  mustNot(await call(route, undefined, doors), 401);
  mustNot(await call(route, undefined, { authorization: `Basic ${part({})}` }), 401);
});

test('A093: a refused act of somebody known is in the audit, one of nobody only in the journal', async () => {
  const auditRows = async () =>
    (await world.dumpTables()).split('\n').filter((row) => row.includes('"kind":"audit"'));
  const before = (await auditRows()).length;
  const reset = routes[0];
  if (!reset) throw new Error('no route');
  await call(reset, tokens.get('AuditLog.Read.All'));
  const after = await auditRows();
  expect(after.length - before).toBe(1);
  const actor = `app:${roleApp('AuditLog.Read.All')}`;
  expect(after.some((row) => row.includes(actor) && row.includes('"refused"'))).toBe(true);

  await call(reset, undefined);
  expect((await auditRows()).length - before).toBe(1);
  expect(world.lines.slice(-3).join()).toContain('adminUnauthenticated');
});

test('A093 R38: a role that was taken away counts no more, whatever the token says', async () => {
  const role = 'Policy.Read.ConditionalAccess';
  const route = routes[3];
  if (!route) throw new Error('no route');
  expect((await call(route, tokens.get(role))).status).toBe(200);
  const gone = await world.apply(appFile(role, ['AuditLog.Read.All']));
  expect(gone.status).toBe(200);
  mustNot(await call(route, tokens.get(role)), 403);
  expect((await world.apply({})).status).toBe(200);
});

test('A113: a guest cannot ask What-If about anybody, not about themselves either', async () => {
  const route = routes[3];
  if (!route) throw new Error('no route');
  for (const userId of [whatIf.signInIdentity.userId, annsUpn, nobody])
    for (const token of [guestTokens['access_token'], guestTokens['id_token']]) {
      const body = () => ({ ...whatIf, signInIdentity: { userId } });
      mustNot(await call({ ...route, body }, String(token)), 401);
    }
});

// ── whom a reset names ───────────────────────────────────────────────────────────────────────

const reset = (body: unknown, headers: Record<string, string> = {}) =>
  world.adminRequest('POST', '/manage/mfa-reset', body, headers);

const oddNames: readonly Record<string, string>[] = [
  { userPrincipalName: "a'b" },
  { userPrincipalName: "x' or PartitionKey ne 'x" },
  { userPrincipalName: '#EXT#' },
  { userPrincipalName: '#EXT#@fabrikam.onmicrosoft.example' },
  { userPrincipalName: 'ann_contoso.example' },
  { userPrincipalName: 'ann@contoso.example' },
  { userPrincipalName: '../../guests' },
  { userPrincipalName: 'a/b\\c?d#e' },
  { userPrincipalName: '\u0000\u0001\t\n' },
  { userPrincipalName: '__proto__' },
  { userPrincipalName: '💥'.repeat(100) },
  { userPrincipalName: `${annsUpn}x` },
  { userPrincipalName: `x${annsUpn}` },
  { id: nobody },
  { id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' },
  { mail: "ann@contoso.example' or '1' eq '1" },
  { mail: 'ann@contoso.example\u0000' },
  { mail: 'ann+x@contoso.example' },
  { mail: 'аnn@contoso.example' },
  { mail: 'ann@contoso.example, ben@contoso.example' },
  { mail: 'dora@contoso.example' },
];

test.each(oddNames)('A094: a reset of %j finds nobody and changes nothing', async (name) => {
  const guests = async () =>
    (await world.dumpTables()).split('\n').filter((row) => !row.includes('"kind":"audit"'));
  const before = await guests();
  const got = await reset({ ...name, reason: 'test' });
  expect(got.status, got.text).toBe(404);
  expect(jsonOf(got)).toEqual({
    error: { code: 'Request_ResourceNotFound', message: 'There is no such guest.' },
  });
  expect(await guests()).toEqual(before);
});

test('A094: names that have no such form at all are refused with their place', async () => {
  for (const [body, target] of [
    [{ id: "a'b", reason: 'x' }, '/id'],
    [{ id: annsUpn, reason: 'x' }, '/id'],
    [{ userPrincipalName: 'x'.repeat(301), reason: 'x' }, '/userPrincipalName'],
    [{ mail: 'x'.repeat(255), reason: 'x' }, '/mail'],
    [{ reason: 'x' }, '/userPrincipalName'],
    [{ mail: ann.mail, userPrincipalName: annsUpn, reason: 'x' }, '/userPrincipalName'],
    [{ mail: ['ann@contoso.example'], reason: 'x' }, '/mail'],
    [{ mail: ann.mail }, '/reason'],
    [{ mail: ann.mail, reason: '  ' }, '/reason'],
    [{ mail: ann.mail, reason: 'x'.repeat(501) }, '/reason'],
    [{ mail: ann.mail, reason: 'x', methods: ['fido2'] }, '/methods/0'],
    [{ mail: ann.mail, reason: 'x', methods: [] }, '/methods'],
    [{ mail: ann.mail, reason: 'x', proofUp: 'never' }, '/proofUp'],
  ] as const) {
    const got = await reset(body);
    expect(got.status).toBe(400);
    const { error } = jsonOf(got) as { error: { details: { target: string }[] } };
    expect(error.details.map((detail) => detail.target)).toContain(target);
  }
});

test('R38: a reset ends the guest’s tokens, sessions and the sign-in under way', async () => {
  const running = await comeBack(world, world.browser(), ask(world), ann.mail);
  expect(formOf(running.text).action).toBe('/mfa/verify');
  expect((await userinfo(world, guestTokens['access_token'])).status).toBe(200);
  // as the old PowerShell prints it: one blank inside, and in any case
  const upn = 'Ann_contoso.example#EXT# @fabrikam.onmicrosoft.example';
  const got = await reset({ userPrincipalName: upn, reason: 'new phone' });
  expect(got.status, textOf(got)).toBe(200);
  expect(jsonOf(got)).toEqual({
    operationId: expect.any(String),
    user: { id: whatIf.signInIdentity.userId, userPrincipalName: annsUpn, displayName: 'Ann Abel' },
    methodsRemoved: ['softwareOath'],
    sessionsRevoked: 1,
  });
  expect((await userinfo(world, guestTokens['access_token'])).status).toBe(401);
  const page = await comeBack(world, ann.browser, ask(world), ann.mail);
  expect(formOf(page.text).action).toBe('/mfa/enrol');
  await proveHere(world, ann.browser, page, ann.authenticator);
});

test('R38: the page of a sign-in that waited while the reset came opens nothing any more', async () => {
  const browser = world.browser();
  const waiting = await comeBack(world, browser, ask(world), ann.mail);
  const { action, fields } = formOf(waiting.text);
  expect(action).toBe('/mfa/verify');
  expect((await reset({ mail: ann.mail, reason: 'stolen' })).status).toBe(200);
  fields.set('code', '000000');
  for (const path of ['/mfa/verify', '/mfa/enrol']) {
    const got = await postOwn(world, browser, path, fields);
    expect(got.status).toBe(400);
    expect(formOf(got.text).action).toBe('');
  }
  const page = await comeBack(world, ann.browser, ask(world), ann.mail);
  await proveHere(world, ann.browser, page, ann.authenticator);
});

test('A095: sent twice under one key: one act, the same answer; another body under it: 409', async () => {
  const key = { 'idempotency-key': random() };
  const body = { mail: ann.mail, reason: 'lost phone' };
  const [first, second] = [await reset(body, key), await reset(body, key)];
  expect(first.status).toBe(200);
  expect(second.text).toBe(first.text);
  expect(jsonOf(first)['methodsRemoved']).toEqual(['softwareOath']);
  expect((await reset({ ...body, reason: 'other' }, key)).status).toBe(409);
  expect((await reset(body, { 'idempotency-key': 'x'.repeat(129) })).status).toBe(400);
  expect((await reset(body, { 'idempotency-key': 'a b' })).status).toBe(400);
});

test('A095: five at once under one key: one operation, and one of them took the method away', async () => {
  const page = await comeBack(world, ann.browser, ask(world), ann.mail);
  await proveHere(world, ann.browser, page, ann.authenticator);
  const key = { 'idempotency-key': random() };
  const body = { mail: ann.mail, reason: 'lost phone' };
  const got = await Promise.all(Array.from({ length: 5 }, () => reset(body, key)));
  // who came too late three times is told to come again, and then gets the same answer
  for (const each of got) expect([200, 503]).toContain(each.status);
  const done = got.filter(({ status }) => status === 200).map(jsonOf);
  expect(new Set(done.map((answer) => answer['operationId'])).size).toBe(1);
  const took = done.filter((answer) => (answer['methodsRemoved'] as unknown[]).length > 0);
  expect(took.length).toBeGreaterThanOrEqual(1);
  const operation = String(done[0]?.['operationId']);
  const rows = (await world.dumpTables())
    .split('\n')
    .filter((row) => row.includes('"kind":"audit"') && row.includes(operation));
  expect(rows.some((row) => row.includes('"intent"'))).toBe(true);
  expect(rows.some((row) => row.includes('"result"'))).toBe(true);
});

test('A093: an administrator’s token is over after an hour', async () => {
  world.advance(3_600_000);
  for (const route of routes)
    for (const role of route.may) mustNot(await call(route, tokens.get(role)), 401);
});
