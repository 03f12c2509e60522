/**
 * A guest outside makes the gateway believe to be in an office, or makes it believe nothing at all:
 * by forwarding headers of every make, by a user agent, by claims about a device. The address is the
 * one that the platform appended; what a browser says of itself earns no trust.
 */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { collectRegistrations } from '../../dev/host/functions-core.ts';
import { invokeHttp } from '../../dev/host/invoke.ts';
import { logKeys, readReference } from '../../shared/core/reference.ts';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import type { Got } from '../support/http-send.ts';
import { ask, leaveForHome, postOwn, referenceOn, textOf } from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const office = '203.0.113.5';
const otherClients = '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b0fe';

let idp: FakeIdp;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({
    seed: (files) => ({
      ...withNorthwind(idp)(files),
      'apps/old.json': JSON.stringify({
        ...(JSON.parse(files['apps/woodgrove.json'] ?? '') as object),
        appId: otherClients,
        clientAppType: 'other',
      }),
      'policies/compliant.json': JSON.stringify({
        id: 'b0110099-0c0a-4a10-9e01-1f0000000099',
        displayName: 'Woodgrove Desktop: compliant device',
        state: 'enabled',
        conditions: {
          users: { includeUsers: ['All'] },
          applications: { includeApplications: ['3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b002'] },
          clientAppTypes: ['all'],
        },
        grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] },
      }),
    }),
  });
});
afterAll(async () => {
  await world.close();
  await idp[Symbol.asyncDispose]();
});

/** Nora's way to the callback, all requests with these headers. */
async function atCallback(
  headers: Record<string, string>,
  request: Parameters<typeof ask>[1] = {},
  client: Parameters<typeof ask>[2] = 'timesheets',
  claims: Record<string, unknown> = {},
): Promise<{ readonly browser: HttpBrowser; readonly got: Got }> {
  const browser = world.browser(headers);
  const leaving = await leaveForHome(world, browser, ask(world, request, client), nora.mail);
  return { browser, got: await browser.open(answerOfNorthwind(world, idp, leaving, claims)) };
}

async function factsOf(got: Got): Promise<Record<string, unknown>> {
  const place = readReference(referenceOn(got) ?? '');
  if (!place) throw new Error(`no reference on: ${textOf(got)}`);
  const { partition, row } = logKeys('signin', place);
  const [stored] = await world.store.load({ table: 'log', key: partition }, { keys: [row] });
  return stored?.value['facts'] as Record<string, unknown>;
}

const spoofed: readonly Readonly<Record<string, string>>[] = [
  { 'x-forwarded-for': office },
  { 'x-forwarded-for': `${office}:443` },
  { 'x-forwarded-for': `${office}, ${office}, ${office}` },
  { 'x-forwarded-for': `1.2.3.4, ${office}` },
  { 'x-forwarded-for': `${office},` },
  { 'x-forwarded-for': `${office}, unknown, a` },
  { 'x-forwarded-for': ',,,,' },
  { 'x-forwarded-for': '' },
  { 'x-forwarded-for': `"${office}"` },
  { 'x-forwarded-for': '[2001:db8:fab::1]:443' },
  { 'x-real-ip': office, 'true-client-ip': office, 'client-ip': office, 'x-client-ip': office },
  { forwarded: `for=${office};by=${office}`, via: office, 'x-cluster-client-ip': office },
  { 'x-azure-clientip': office, 'x-azure-socketip': office, 'x-azure-fdid': 'x' },
  { 'cf-connecting-ip': office, 'fastly-client-ip': office, 'x-original-forwarded-for': office },
  {
    'x-forwarded': office,
    'forwarded-for': office,
    'x-remote-ip': office,
    'x-remote-addr': office,
  },
  { 'x-appengine-user-ip': office, 'x-envoy-external-address': office, 'x-originating-ip': office },
];

test.each(spoofed)('A097 R42: %j puts nobody into the office', async (headers) => {
  const { got } = await atCallback(headers);
  expect(got.status, textOf(got)).toBe(403);
  const facts = await factsOf(got);
  expect(['127.0.0.1', '::1']).toContain(facts['ipAddress']);
  expect(JSON.stringify(facts)).not.toContain(office);
});

test('A097 R42: several lines of one header are still left of the last entry', async () => {
  const { browser, got: first } = await atCallback({}, {}, 'timesheets');
  expect(first.status).toBe(403);
  const leaving = await leaveForHome(world, browser, ask(world, {}, 'timesheets'), nora.mail);
  const url = answerOfNorthwind(world, idp, leaving);
  const cookie = [...browser.cookies(world.issuer)].map((pair) => pair.join('=')).join('; ');
  const got = await world.send(url, {
    headers: { cookie, 'x-forwarded-for': [office, office, `${office}:1`] },
  });
  expect(got.status).toBe(403);
  expect(['127.0.0.1', '::1']).toContain((await factsOf(got))['ipAddress']);
});

// ── the platform's own entry ─────────────────────────────────────────────────────────────────

/** The function as a front end in front of it would call it, with this header and nothing added. */
async function behindFrontEnd(
  name: 'callback' | 'mfa-verify' | 'mfa-enrol',
  url: string,
  request: { method: string; cookie: string; body?: URLSearchParams; forwardedFor?: string },
) {
  const module = resolve(import.meta.dirname, `../../functions/${name}.ts`);
  const [registration] = await collectRegistrations(
    async () => undefined,
    pathToFileURL(module).href,
  );
  if (!registration) throw new Error(`${name} is not loaded`);
  const headers: Record<string, string> = {
    cookie: request.cookie,
    origin: world.issuer,
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    ...(request.body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(request.forwardedFor === undefined ? {} : { 'x-forwarded-for': request.forwardedFor }),
  };
  const { pathname } = new URL(url);
  const rpc = {
    url,
    method: request.method,
    nullableHeaders: Object.fromEntries(
      Object.entries(headers).map(([header, value]) => [header, { value }]),
    ),
    nullableQuery: {},
    nullableParams: { partner: { value: pathname.split('/').at(-1) ?? '' } },
    body: request.body && { bytes: Buffer.from(request.body.toString()) },
  };
  const answer = await invokeHttp(registration, rpc, () => undefined);
  const text = Buffer.from(answer?.body?.bytes ?? []).toString();
  return { status: Number(answer?.statusCode), headers: answer?.headers ?? {}, text };
}

const cookieOf = (browser: HttpBrowser) =>
  [...browser.cookies(world.issuer)].map((pair) => pair.join('=')).join('; ');

const unreadable: readonly (string | undefined)[] = [
  undefined,
  '',
  ' ',
  ',',
  'a',
  'unknown',
  '1.2.3.4:99999',
  '1.2.3',
  '1.2.3.4.5',
  '0x7f.1',
  '010.0.0.1',
  '127.1',
  '2130706433',
  '[::1',
  '::1]',
  '[::1]:99999',
  'fe80::1%eth0',
  ':0',
  '1.2.3.4, ',
  `${'1.2.3.4, '.repeat(1200)}1.2.3.4`,
];

test.each(unreadable)(
  'A098 R42: with %j where the platform’s entry must be: 503, no decision, nothing spent',
  async (forwardedFor) => {
    const browser = world.browser();
    const leaving = await leaveForHome(world, browser, ask(world, {}, 'timesheets'), nora.mail);
    const url = answerOfNorthwind(world, idp, leaving);
    const before = await world.dumpTables();
    const got = await behindFrontEnd('callback', url, {
      method: 'GET',
      cookie: cookieOf(browser),
      ...(forwardedFor === undefined ? {} : { forwardedFor }),
    });
    expect(got.status).toBe(503);
    expect(got.headers['retry-after']).toBeDefined();
    expect(await world.dumpTables()).toBe(before);
    expect((await browser.open(url)).status).toBe(403);
  },
);

test('A098: nor is a code judged without an address', async () => {
  const { browser, got } = await atCallback({}, {}, 'confidential');
  const { action, fields } = formOf(got.text);
  expect(action).toBe('/mfa/enrol');
  fields.set('code', '000000');
  const before = await world.dumpTables();
  for (const forwardedFor of ['', 'a', '1.2.3.4:99999']) {
    const refused = await behindFrontEnd('mfa-enrol', `${world.issuer}/mfa/enrol`, {
      method: 'POST',
      cookie: cookieOf(browser),
      body: fields,
      forwardedFor,
    });
    expect(refused.status).toBe(503);
  }
  expect(await world.dumpTables()).toBe(before);
  expect((await postOwn(world, browser, action, fields)).status).toBe(200);
});

test('R42: the platform’s entry is read in either family, with its port and without', async () => {
  for (const [forwardedFor, status] of [
    [`9.9.9.9, ${office}`, 200],
    [`9.9.9.9, ${office}:50123`, 200],
    ['9.9.9.9, [2001:db8:fab::1]:50123', 200],
    ['9.9.9.9, ::ffff:203.0.113.5', 200],
    ['9.9.9.9, 2001:DB8:FAB:0::1', 200],
    [`${office}, 203.0.113.64:1`, 403],
    [`${office}, [2001:db8:fac::1]:1`, 403],
  ] as const) {
    const browser = world.browser();
    const leaving = await leaveForHome(world, browser, ask(world, {}, 'timesheets'), nora.mail);
    const url = answerOfNorthwind(world, idp, leaving);
    const got = await behindFrontEnd('callback', url, {
      method: 'GET',
      cookie: cookieOf(browser),
      forwardedFor,
    });
    expect([forwardedFor, got.status]).toEqual([forwardedFor, status]);
  }
});

// ── what a browser says of itself ────────────────────────────────────────────────────────────

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36';
const android = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36';

test.each([
  [{ 'user-agent': windows }, 'windows'],
  [{ 'user-agent': android }, 'android'],
  [{ 'user-agent': windows, 'sec-ch-ua-platform': '"Windows"' }, 'windows'],
  [{ 'user-agent': windows, 'sec-ch-ua-platform': '"Android"' }, undefined],
  [{ 'user-agent': android, 'sec-ch-ua-platform': '"Fuchsia"' }, undefined],
  [{ 'user-agent': '' }, undefined],
  [{ 'user-agent': 'curl/8' }, undefined],
  [{ 'user-agent': `${windows} ${'x'.repeat(8_000)}` }, undefined],
  [{ 'user-agent': '\u00fc\u00fc' }, undefined],
] as const)(
  'A103 R44: %j makes the platform %s and changes nothing else',
  async (headers, platform) => {
    const { got } = await atCallback(headers);
    expect(got.status).toBe(403);
    const { now: _now, devicePlatform, ...facts } = await factsOf(got);
    expect(devicePlatform).toBe(platform);
    const {
      now: _then,
      devicePlatform: _other,
      ...usual
    } = await factsOf((await atCallback({})).got);
    const ageless = (text: unknown) => JSON.stringify(text).replaceAll(/"at":"[^"]*"/g, '');
    expect(ageless(facts)).toBe(ageless(usual));
  },
);

test('A103: a user agent of 64 KiB is refused before it is read', async () => {
  const headers = { 'user-agent': 'x'.repeat(65_536) };
  // the connection may be closed before the answer is read
  const got = await world.send(ask(world).url, { headers }).catch(() => undefined);
  expect(got?.status ?? 431).toBe(431);
});

test.each(['Outlook/16.0', 'Microsoft Office/16.0', 'ActiveSync/14', 'Thunderbird', windows, ''])(
  'A105 R44: the client type is the registration’s, whatever %j says',
  async (agent) => {
    const headers = { 'user-agent': agent };
    expect((await factsOf((await atCallback(headers)).got))['clientAppType']).toBe('browser');
    const { got } = await atCallback(headers, { client_id: otherClients }, 'confidential');
    expect(got.status).toBe(403);
    expect((await factsOf(got))['clientAppType']).toBe('other');
  },
);

test.each([
  [{}, {}, {}],
  [{ 'x-ms-device-id': 'x', 'x-device-compliant': 'true', 'x-ms-client-principal': 'x' }, {}, {}],
  [{ 'x-ms-refreshtokencredential': 'x', 'sec-ch-ua-platform': '"Windows"' }, {}, {}],
  [{}, { device_compliant: 'true', isCompliant: 'true', deviceid: 'x', claims: '{"x":1}' }, {}],
  [{}, {}, { deviceid: 'x', is_compliant: true, isCompliant: true, dvc_cmp: 'true' }],
  [{}, {}, { amr: ['mfa', 'pop', 'hwk'], acr: 'urn:compliant', xms_dvc: { isCompliant: true } }],
] as const)(
  'A104 R44: a compliant device by %j, %j or claims %j is none',
  async (headers, request, claims) => {
    const { got } = await atCallback(headers, request, 'public', claims);
    expect(got.status, textOf(got)).toBe(403);
    const facts = await factsOf(got);
    expect(facts).not.toHaveProperty('device');
    expect(JSON.stringify(facts)).not.toMatch(/"isCompliant":true/);
  },
);
