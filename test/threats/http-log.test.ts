/**
 * The log tells who signed in from where. An administrator reads it by reference, guest and time;
 * somebody who may read one guest's sign-ins writes a filter that would show everybody's.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { directoryAudit, type SignIn, signIn } from '../../shared/api/log.ts';
import { pageOf } from '../../shared/api/page.ts';
import { logKeys, newLogPlace } from '../../shared/core/reference.ts';
import { insert } from '../../shared/rows/row.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  type Person,
  postOwn,
  random,
  redeem,
  referenceOn,
  signInAs,
  signInForm,
} from '../support/http-steps.ts';
import { basic, type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const path = '/v1.0/auditLogs/signIns';
const guestIds = {
  ann: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801',
  cho: 'a0000003-0b84-49a2-8f7e-e1d2c3b4a503',
};

let world: HttpWorld;
let refused: string;
let begun: Date | undefined;
beforeAll(async () => {
  world = await startHttpWorld({
    seed: (files) => ({
      ...files,
      'guests/ben.json': JSON.stringify({
        ...JSON.parse(files['guests/ben.json'] ?? ''),
        userPrincipalName: 'cho@contoso.example',
      }),
    }),
  });
  // the partner's clock cannot be turned, so what is older than this hour is written as flows do
  for (const hours of [2, 1]) {
    const at = new Date(world.clock().getTime() - hours * 3_600_000);
    begun ??= at;
    const { partition, row } = logKeys('signin', newLogPlace(at));
    const entry = { kind: 'signIn', at: at.toISOString(), result: 'success', events: [] };
    const change = insert(row, { ...entry, guest: guestIds.ann });
    await world.store.commit({ table: 'log', key: partition }, [change], random());
  }
  const suspended = await comeBack(world, world.browser(), ask(world), 'cho@contoso.example');
  refused = referenceOn(suspended) ?? '';
  const ann: Person = { mail: 'ann@contoso.example', authenticator: {}, browser: world.browser() };
  const asked = ask(world);
  await redeem(world, asked, (await signInAs(world, ann, asked)).get('code') ?? '');
});
afterAll(() => world.close());

const get = (parameters: Readonly<Record<string, string>> = {}, of = path): Promise<Got> =>
  world.adminRequest('GET', `${of}?${new URLSearchParams(parameters).toString()}`);

const listOf = (got: Got): readonly SignIn[] => {
  expect(got.status, got.text).toBe(200);
  return pageOf(signIn).parse(jsonOf(got)).value;
};

describe('lists', () => {
  test('newest first, each hour of the day before', async () => {
    const value = listOf(await get());
    expect(value.map(({ userId }) => userId)).toEqual([
      guestIds.ann,
      guestIds.cho,
      guestIds.ann,
      guestIds.ann,
    ]);
    const times = value.map(({ createdDateTime }) => createdDateTime);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(value.map((entry) => entry['@vestibule.result'])).toEqual([
      'success',
      'failure',
      'success',
      'success',
    ]);
  });

  test('paging goes over hours and ends', async () => {
    const whole = listOf(await get());
    const paged: SignIn[] = [];
    let link: unknown = `${path}?$top=1`;
    let pages = 0;
    for (; typeof link === 'string' && pages < 50; pages++) {
      const got = await world.adminRequest('GET', link);
      paged.push(...listOf(got));
      link = jsonOf(got)['@odata.nextLink'];
      if (typeof link === 'string') expect(link.startsWith(`${world.issuer}${path}?`)).toBe(true);
    }
    expect(paged).toEqual(whole);
    expect(pages).toBeLessThanOrEqual(whole.length + 1);
  });

  test('a window, a guest, failures alone, and all of these', async () => {
    const from = begun?.getTime() ?? 0;
    const since = `createdDateTime ge ${new Date(from).toISOString()}`;
    const until = `createdDateTime le ${new Date(from + 1_800_000).toISOString()}`;
    const size = async ($filter: string) => listOf(await get({ $filter })).length;
    expect(await size(since)).toBe(4);
    expect(await size(`${since} and ${until}`)).toBe(1);
    expect(await size(`userId eq '${guestIds.ann}'`)).toBe(3);
    expect(await size("userId eq 'ann@contoso.example'")).toBe(3);
    expect(await size('status/errorCode ne 0')).toBe(1);
    expect(
      await size(`${since} and ${until} and userId eq '${guestIds.ann}' and status/errorCode ne 0`),
    ).toBe(0);
  });

  test('who did what in the administration', async () => {
    const mail = 'ann@contoso.example';
    const reset = { mail, reason: 'a test of the log' };
    await world.adminRequest('POST', '/manage/mfa-reset', reset);
    const got = await get({}, '/v1.0/auditLogs/directoryAudits');
    const { value } = pageOf(directoryAudit).parse(jsonOf(got));
    const acts = value.filter((entry) => entry['@vestibule.reason'] === reset.reason);
    expect(acts.map((entry) => [entry['@vestibule.phase'], entry.result])).toEqual(
      expect.arrayContaining([
        ['intent', undefined],
        ['result', 'success'],
      ]),
    );
    for (const act of acts) {
      const { appId } = act.initiatedBy.app ?? {};
      expect([appId, act.targetResources]).toEqual([
        world.admin.clientId,
        [{ id: guestIds.ann, type: 'User' }],
      ]);
      const one = await get({}, `/v1.0/auditLogs/directoryAudits/${act.id}`);
      expect(jsonOf(one)).toMatchObject(act);
    }
    // the reset is no sign-in, and its reference leads to none
    expect((await get({}, `${path}/${acts[0]?.id}`)).status).toBe(404);
  });
});

describe('one sign-in', () => {
  test('a refusal by the reference on its page', async () => {
    const got = await get({}, `${path}/${refused}`);
    expect(got.status).toBe(200);
    expect(signIn.parse(jsonOf(got))).toMatchObject({
      id: refused,
      userId: guestIds.cho,
      appDisplayName: 'Woodgrove',
      ipAddress: expect.any(String),
      conditionalAccessStatus: 'failure',
      status: { errorCode: 53003, failureReason: expect.stringContaining('Fabrikam') },
      '@vestibule.cause': 'blockedByPolicy',
      '@vestibule.outcome': 'block',
    });
    const policies = signIn.parse(jsonOf(got)).appliedConditionalAccessPolicies;
    expect(policies).toContainEqual({
      id: expect.any(String),
      displayName: 'CA002 Suspended guests: block',
      result: 'failure',
    });
    expect(got.text).not.toContain('cho@');
    expect(got.text).not.toContain('Cho Chen');
  });

  test('as somebody reads it out', async () => {
    const spoken = refused.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    const got = await get({}, `${path}/${encodeURIComponent(spoken)}`);
    expect(jsonOf(got)).toMatchObject({ id: refused });
  });

  test.each([
    '0000-0000-000',
    'ZZZZ-ZZZZ-ZZZ',
    'x',
    "x'",
    '..%2F..%2Fconfig',
    '%00',
    "'%20or%20PartitionKey%20ne%20'x",
    'signin.2026111809.0',
    `${'A'.repeat(300)}`,
    '__proto__',
    '%F0%9F%92%A5',
  ])('A115: %s leads to nothing, and says where else to look', async (id) => {
    const got = await world.adminRequest('GET', `${path}/${id}`);
    expect(got.status).toBe(404);
    expect(jsonOf(got)).toEqual({
      error: {
        code: 'Request_ResourceNotFound',
        message: expect.stringContaining('JSON lines'),
      },
    });
  });

  test('a page that was refused before anything was stored has a reference that leads nowhere', async () => {
    const got = await world.send('/callback/contoso?state=x&code=y');
    const reference = referenceOn(got);
    expect(reference).toBeDefined();
    expect((await get({}, `${path}/${reference}`)).status).toBe(404);
    expect(world.lines.some((line) => line.includes(reference ?? '?'))).toBe(true);
  });
});

describe('filters that were never meant', () => {
  test.each([
    "userId eq 'x' or userId ne 'x'",
    "userId eq 'x') or (userId ne 'x'",
    "userId eq 'x' or PartitionKey ne 'x",
    "userId eq 'x' and PartitionKey ge 'a'",
    'userId ne null',
    'true',
    "contains(userId,'a')",
    'createdDateTime ge 1970-01-01T00:00:00Z',
    "createdDateTime ge datetime'2026-01-01T00:00:00Z'",
  ])('A115: $filter=%s is refused', async ($filter) => {
    const got = await get({ $filter });
    expect(got.status).toBe(400);
    expect(jsonOf(got)).toMatchObject({ error: { details: [{ target: '$filter' }] } });
    expect(got.text).not.toContain(guestIds.ann);
  });

  test.each(["x'' or userId ne ''x", "x'' or PartitionKey ne ''x", '%', '*', "''", '../guests'])(
    "A115: userId eq '%s' is the name of nobody",
    async (name) => {
      const got = await get({ $filter: `userId eq '${name}'` });
      expect(got.status).toBe(404);
      expect(jsonOf(got)).toMatchObject({ error: { code: 'Request_ResourceNotFound' } });
    },
  );

  test.each([
    ['$skiptoken', "2026111809.0' or '1' eq '1"],
    ['$skiptoken', '../config'],
    ['$top', '100000'],
    ['$orderby', 'userId'],
  ])('A115: %s=%s is refused by its name', async (name, value) => {
    const got = await get({ [name]: value });
    expect(got.status).toBe(400);
    expect(jsonOf(got)).toMatchObject({ error: { details: [{ target: name }] } });
  });

  test('A155: a name of two guests is a conflict, in the log and in What-If', async () => {
    const userId = 'Cho@Contoso.example';
    const listed = await get({ $filter: `userId eq '${userId}'` });
    const tried = await world.adminRequest('POST', '/v1.0/identity/conditionalAccess/evaluate', {
      signInIdentity: { userId },
      signInContext: { includeApplications: [world.clients.confidential.id] },
      signInConditions: {},
    });
    for (const got of [listed, tried]) {
      expect(got.status).toBe(409);
      expect(jsonOf(got)).toMatchObject({
        error: { code: 'Conflict', message: expect.stringContaining('ambiguous') },
      });
      expect(got.text).not.toContain(guestIds.cho);
    }
  });
});

describe('what the journal does not hold', () => {
  // whatever the gateway writes of a value is held against these two
  const mail = 'zoe.marker@leak.example';
  const values = [
    mail,
    `mailto:${mail}?leakquery`,
    `https://${mail}/a?leakquery=1#leakquery`,
    `https://leak.example/${mail}?leakquery=1`,
  ];

  /** Each parameter with each value, then twice, then as a name of its own. */
  function changed(fields: URLSearchParams, each = values): readonly URLSearchParams[] {
    const all = each.flatMap((value) =>
      [...fields.keys(), 'more'].map((name) => {
        const given = new URLSearchParams(fields);
        given.set(name, value);
        return given;
      }),
    );
    const twice = new URLSearchParams(fields);
    for (const value of values) twice.append(value, value);
    for (const value of values) twice.append(value, value);
    return [...all, twice];
  }

  async function everyPage(): Promise<void> {
    const browser = world.browser({ 'user-agent': mail, 'accept-language': mail });
    const query = (given: URLSearchParams) => given.toString();
    for (const given of changed(new URL(ask(world).url).searchParams)) {
      await browser.open(`${world.issuer}/authorize?${query(given)}`);
      await browser.open(`${world.issuer}/authorize`, { method: 'POST', body: given });
    }
    for (const given of changed(await signInForm(browser, ask(world)), [mail]))
      await postOwn(world, browser, '/signin', given);
    for (const given of changed(new URLSearchParams('state=x&code=x&iss=x&error=x')))
      for (const partner of ['contoso', encodeURIComponent(mail)])
        await browser.open(`${world.issuer}/callback/${partner}?${query(given)}`);
    const step = formOf((await comeBack(world, browser, ask(world), 'ben@contoso.example')).text);
    for (const given of changed(step.fields)) await postOwn(world, browser, step.action, given);
    // one value: these are answered at their moment, whatever is asked
    for (const path of ['/otp/send', '/otp/verify', '/mfa/verify', '/logout'])
      for (const given of changed(new URLSearchParams('handle=x&nonce=x&csrf=x'), [mail]))
        await postOwn(world, browser, path, given);
    await browser.open(`${world.issuer}/${mail}?leakquery`);
  }

  async function everyAppRequest(): Promise<void> {
    const grant = 'grant_type=authorization_code&code=x&redirect_uri=x&code_verifier=x&resource=x';
    const { id, secret } = world.clients.confidential;
    for (const headers of [basic(id, secret), basic(mail, mail), { authorization: mail }, {}])
      for (const body of changed(new URLSearchParams(`${grant}&client_id=x&client_secret=x`)))
        await world.send('/token', { method: 'POST', headers, body });
    for (const body of changed(new URLSearchParams(grant)))
      await world.send('/token', { method: 'POST', headers: basic(id, secret), body });
    await world.send('/userinfo', { headers: { authorization: `Bearer ${mail}` } });
  }

  async function everyAdminRequest(): Promise<void> {
    const to = (method: string, target: string, body?: unknown) =>
      world.adminRequest(method, target, body, { 'idempotency-key': mail });
    const evaluate = '/v1.0/identity/conditionalAccess/evaluate';
    for (const value of values) {
      for (const name of [{ mail: value }, { userPrincipalName: value }, { id: value }])
        await to('POST', '/manage/mfa-reset', { ...name, reason: value });
      await to('POST', '/manage/mfa-reset', { id: guestIds.ann, reason: value });
      await to('POST', '/manage/keys', { action: 'rotate', keys: 'signing', reason: value });
      await to('POST', '/manage/keys', { action: 'revoke', kid: value, reason: value });
      await to('PUT', '/manage/config', { files: { [value]: value, 'settings.json': value } });
      await to('POST', evaluate, {
        signInIdentity: { userId: value },
        signInContext: { includeApplications: [value] },
        signInConditions: { [value]: value },
      });
      const found = new URLSearchParams({ $filter: `userId eq '${value}'`, $skiptoken: value });
      await to('GET', `${path}?${found.toString()}`);
      await to('GET', `${path}/${encodeURIComponent(value)}`);
    }
    const authorization = `Bearer ${await world.adminToken()}`;
    for (const target of ['/manage/mfa-reset', '/manage/keys', evaluate])
      await world.send(target, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: mail,
      });
  }

  test.each([
    ['of a guest’s browser', everyPage, ['authorizationRequestRefused', 'callbackRefused']],
    ['of an app', everyAppRequest, ['tokenRefused']],
    ['of an administrator', everyAdminRequest, ['audit', 'fault']],
  ] as const)(
    'an address or a query in any parameter %s is in no line',
    async (_, send, events) => {
      const from = world.lines.length;
      await send();
      const lines = world.lines.slice(from).filter((line) => line.startsWith('{'));
      const told = new Set(lines.map((line) => JSON.parse(line).event as string));
      for (const event of events) expect(told).toContain(event);
      expect(lines.filter((line) => /zoe\.marker|leakquery/i.test(line))).toEqual([]);
      for (const line of lines) expect(line.length).toBeLessThan(2_000);
    },
  );

  test('what the line of an act leaves out, its row has', async () => {
    const reason = `asked for by ${mail}`;
    await world.adminRequest('POST', '/manage/mfa-reset', { id: guestIds.ann, reason });
    const audits = await get({}, '/v1.0/auditLogs/directoryAudits');
    expect(audits.text).toContain(reason);
  });
});
