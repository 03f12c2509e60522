/**
 * The log tells who signed in from where. An administrator reads it by reference, guest and time;
 * somebody who may read one guest's sign-ins writes a filter that would show everybody's.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directoryAudit, type SignIn, signIn } from '../../shared/api/log.ts';
import { pageOf } from '../../shared/api/page.ts';
import { logKeys, newLogPlace } from '../../shared/core/reference.ts';
import { insert } from '../../shared/rows/row.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  type Person,
  random,
  redeem,
  referenceOn,
  signInAs,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

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
