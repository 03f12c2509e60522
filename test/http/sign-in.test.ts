/** Whole sign-ins through an app that uses openid-client as it comes, and those that are refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type Authenticator, type Walked, walk } from '../../dev/walk.ts';
import { logKeys, readReference } from '../../shared/core/reference.ts';
import { compileConfiguration, loadParts } from '../../shared/flows/configuration/configuration.ts';
import { decide, type SignInFacts } from '../../shared/policy/index.ts';
import { logRow } from '../../shared/rows/log.ts';
import { readRow } from '../../shared/rows/row.ts';
import {
  ask,
  comeBack,
  leaveForHome,
  proveAtHome,
  referenceOn,
  textOf,
} from '../support/http-steps.ts';
import { walkingWith } from '../support/http-walk.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
});
afterAll(() => world.close());

const authenticator: Authenticator = {};

async function annAt(query: string): Promise<Walked> {
  world.advance(30_000);
  const [ann] = world.people;
  if (!ann) throw new Error('Contoso knows nobody');
  const browser = walkingWith(world.browser());
  return walk(world, { person: ann, authenticator, browser, query, now: world.clock });
}

const signedIn = {
  signedIn: true,
  claims: {
    sub: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801',
    amr: ['otp', 'mfa'],
    tid: 'f4b21ca0-7e55-4d0b-9c11-5a9d0e6b1f01',
    acct: 1,
    email: 'ann@contoso.example',
  },
};

test.each([
  ['confidential', ''],
  ['confidential', '&response_mode=form_post'],
  ['public', ''],
  ['public', '&response_mode=form_post'],
  ['confidential', '&max_age=3600&ui_locales=de'],
  ['confidential', '&domain_hint=contoso&login_hint=ann@contoso.example'],
  ['public', '&resource=https%3A%2F%2Fapi.woodgrove.example'],
])('an unmodified openid-client signs Ann in: %s%s', async (client, more) => {
  const { steps, result } = await annAt(`client=${client}${more}`);
  expect(result, JSON.stringify(steps)).toMatchObject(signedIn);
  expect(result).toMatchObject({ client });
  expect(world.watched.authorizationAnswers).toBeGreaterThan(0);
});

test('prompt=none tells the app login_required', async () => {
  const { url } = ask(world, { prompt: 'none' });
  const { location } = await world.send(url);
  expect(new URL(location ?? '').searchParams.get('error')).toBe('login_required');
});

// ── refusals ─────────────────────────────────────────────────────────────────────────────────

/** The log's row that a page's reference leads to. */
async function logOf(reference: string) {
  const place = readReference(reference);
  if (!place) throw new Error(`no reference: ${reference}`);
  const { partition, row } = logKeys('signin', place);
  const [stored] = await world.store.load({ table: 'log', key: partition }, { keys: [row] });
  if (!stored) throw new Error(`no log row for ${reference}`);
  const { value } = readRow(logRow, stored);
  if (value.kind !== 'signIn') throw new Error('an audit row');
  return value;
}

test.each([
  [
    'Timesheets from outside the offices',
    'timesheets',
    'ann@contoso.example',
    'b0110004-0c0a-4a10-9e01-1f0000000004',
  ],
  ['suspended', 'confidential', 'cho@contoso.example', 'b0110002-0c0a-4a10-9e01-1f0000000002'],
] as const)(
  '%s: a 403 page with a reference, from whose row the decision is made again',
  async (_title, client, mail, policy) => {
    const page = await comeBack(world, world.browser(), ask(world, {}, client), mail);
    expect(page.status, textOf(page)).toBe(403);
    expect(page.text).toContain('Sam Sponsor');
    const reference = referenceOn(page) ?? '';
    const log = await logOf(reference);
    expect(log).toMatchObject({
      result: 'failure',
      cause: 'blockedByPolicy',
      code: 53003,
      outcome: 'block',
      app: world.clients[client].id,
    });
    expect(log.policies?.[policy]).toBe('failure');

    const loaded = await loadParts(world.store);
    if (!loaded) throw new Error('no configuration');
    const { policySet, setVersion } = compileConfiguration(loaded.pointer.value, loaded.parts);
    expect(log.setVersion).toBe(setVersion);
    const again = decide(policySet, log.facts as unknown as SignInFacts);
    expect(again.outcome).toBe(log.outcome);
    expect(again.reason?.code).toBe(log.code);
    const results = Object.fromEntries(again.policies.map(({ id, result }) => [id, result]));
    expect(results).toEqual(log.policies);

    // for the administrator at once, as one line, without a name or an address
    const line = world.lines.findLast((text) => text.includes(reference)) ?? '';
    expect(JSON.parse(line)).toMatchObject({ event: 'signIn', cause: 'blockedByPolicy' });
    const applied = Object.entries(results).filter(([, result]) => result !== 'notApplied');
    expect(JSON.parse(line).policies).toEqual(Object.fromEntries(applied));
    expect(line).not.toContain('contoso.example');
  },
);

test('Dora, whom nobody invited, is told no more than that', async () => {
  const page = await comeBack(world, world.browser(), ask(world), 'dora@contoso.example');
  expect(page.status).toBe(403);
  expect(page.text).not.toContain('Sam Sponsor');
  expect(await logOf(referenceOn(page) ?? '')).toMatchObject({ cause: 'noAccess', code: 50020 });
  expect(await logOf(referenceOn(page) ?? '')).not.toHaveProperty('guest');
});

test('who cancels at home is told so, and may start again', async () => {
  const browser = world.browser();
  const url = new URL(await leaveForHome(world, browser, ask(world)));
  const back = new URLSearchParams({
    error: 'access_denied',
    state: url.searchParams.get('state') ?? '',
    iss: world.partner.issuer,
  });
  const page = await browser.open(`${world.issuer}/callback/contoso?${back.toString()}`);
  expect(page.status).toBe(403);
  expect(await logOf(referenceOn(page) ?? '')).toMatchObject({ cause: 'homeDeclined' });
  const again = await proveAtHome(world, browser, await leaveForHome(world, browser, ask(world)));
  expect((await browser.open(again)).status).toBe(200);
});

test('an address nobody is responsible for, and one that is none, stay on the page', async () => {
  const browser = world.browser();
  for (const mail of ['gus@smallshop.example', 'nonsense', '', 'a@b@c'])
    await expect(leaveForHome(world, browser, ask(world), mail)).rejects.toThrow('stays here, 200');
});

// ── many sign-ins of one guest ───────────────────────────────────────────────────────────────

test('refused more often than sign-ins are kept, a guest still gets in', async () => {
  const browser = world.browser();
  const enter = (client: 'confidential' | 'timesheets') =>
    comeBack(world, browser, ask(world, {}, client), 'ben@contoso.example');
  for (let round = 0; round < 61; round++) expect((await enter('timesheets')).status).toBe(403);
  expect((await enter('confidential')).status).toBe(200);
});

test('more sign-ins under way than are kept: 503 with a time and a reference, none is lost', async () => {
  const browser = world.browser();
  const enter = () => comeBack(world, browser, ask(world), 'ben@contoso.example');
  const first = await enter();
  let last = first;
  for (let round = 0; round < 60 && last.status === 200; round++) last = await enter();
  expect(last.status).toBe(503);
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  expect(world.lines.join('\n')).toContain(referenceOn(last) ?? 'none');
  const { fields } = formOf(first.text);
  const handle = new URLSearchParams({ handle: fields.get('handle') ?? '' }).toString();
  const still = await browser.open(`${world.issuer}/mfa/enrol?${handle}`);
  expect(formOf(still.text).action).toBe('/mfa/enrol');
});
