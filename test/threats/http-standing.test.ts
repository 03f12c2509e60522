/**
 * Between two steps of a sign-in the world changes: a policy is tightened, a guest suspended or
 * disabled, a partner or an app taken away. What was decided before counts for nothing after.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import {
  ask,
  comeBack,
  leaveForHome,
  type Person,
  postOwn,
  proveAtHome,
  proveHere,
  redeem,
  signInAs,
  signInForm,
  textOf,
  userinfo,
} from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
let ann: Person;
beforeAll(async () => {
  world = await startHttpWorld();
  ann = { mail: 'ann@contoso.example', authenticator: {}, browser: world.browser() };
});
beforeEach(async () => {
  expect((await world.apply({})).status).toBe(200);
});
afterAll(() => world.close());

function changed(name: string, change: Record<string, unknown>): Record<string, string> {
  const before = JSON.parse(world.files[name] ?? '{}') as Record<string, unknown>;
  return { [name]: JSON.stringify({ ...before, ...change }) };
}

const suspended = changed.bind(undefined, 'guests/ann.json', {
  groupIds: ['9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a01'],
});
const disabled = changed.bind(undefined, 'guests/ann.json', { accountEnabled: false });
const unbound = changed.bind(undefined, 'guests/ann.json', { identities: [] });
const partnerOff = changed.bind(undefined, 'partners/contoso.json', { enabled: false });
const blockAll = () =>
  changed('policies/ca001-guests-mfa.json', {
    grantControls: { operator: 'OR', builtInControls: ['block'] },
  });

async function apply(change: Record<string, string | undefined>): Promise<void> {
  const got = await world.apply(change);
  expect(got.status, got.text).toBe(200);
}

const noAnswer = (got: Got) => {
  expect(got.status, textOf(got)).toBeGreaterThanOrEqual(400);
  expect(got.text.includes('code=')).toBe(false);
};

test.each([
  [
    'A108: put into a suspended group',
    suspended,
    { suberror: 'access_denied', error_codes: [53003] },
  ],
  [
    'A106: blocked by a policy tightened since',
    blockAll,
    { suberror: 'access_denied', error_codes: [53003] },
  ],
  ['A060: disabled', disabled, {}],
  ['R20: no longer bound to the account', unbound, {}],
  ['A060: of a partner that was disabled', partnerOff, {}],
])(
  'A060 A106 A108: a guest %s between the code and the token gets none',
  async (_title, change, more) => {
    const asked = ask(world);
    const code = (await signInAs(world, ann, asked)).get('code') ?? '';
    await apply(change());
    const got = await redeem(world, asked, code);
    expect(got.status).toBe(400);
    expect(jsonOf(got)).toMatchObject({ error: 'invalid_grant', ...more });
    await apply({});
    // the code stays spent where it was judged, and was ended where the guest was changed
    expect((await redeem(world, asked, code)).status).toBe(400);
  },
);

test.each([
  ['suspended', suspended],
  ['disabled', disabled],
  ['unbound', unbound],
  ['of a disabled partner', partnerOff],
  ['blocked by a new policy', blockAll],
])(
  'A106 A108: a guest who is %s while the code page waits goes no further',
  async (_title, change) => {
    const browser = world.browser();
    const page = await comeBack(world, browser, ask(world), ann.mail);
    expect(formOf(page.text).action).toMatch(/^\/mfa\//);
    await apply(change());
    const app = formOf(page.text).action === '/mfa/enrol' ? {} : ann.authenticator;
    noAnswer(await proveHere(world, browser, page, app));
  },
);

test.each([
  ['disabled', disabled],
  ['unbound', unbound],
  ['of a disabled partner', partnerOff],
])('A060: the tokens of a guest who is %s now are dead at userinfo', async (_title, change) => {
  const asked = ask(world);
  const tokens = jsonOf(
    await redeem(world, asked, (await signInAs(world, ann, asked)).get('code') ?? ''),
  );
  expect((await userinfo(world, tokens['access_token'])).status).toBe(200);
  await apply(change());
  expect((await userinfo(world, tokens['access_token'])).status).toBe(401);
  await apply({});
  expect((await userinfo(world, tokens['access_token'])).status).toBe(401);
});

test.each([
  ['disabled', disabled],
  ['unbound', unbound],
])('A060: a guest who is %s is told what a stranger is told', async (_title, change) => {
  await apply(change());
  const page = await comeBack(world, world.browser(), ask(world), ann.mail);
  const strangers = await comeBack(world, world.browser(), ask(world), 'dora@contoso.example');
  expect(page.status).toBe(403);
  const plain = (got: Got) =>
    got.text.replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}|(state|nonce|challenge)=[^&]*/g, '');
  expect(plain(page)).toBe(plain(strangers));
});

test('A139: a redirect URI withdrawn on the way: no code leaves, whatever was begun', async () => {
  const elsewhere = changed('apps/woodgrove.json', {
    redirectUris: ['https://elsewhere.example/'],
  });
  const [early, late] = [world.browser(), world.browser()];
  const fields = await signInForm(early, ask(world));
  fields.set('mail', ann.mail);
  const atHome = await proveAtHome(
    world,
    late,
    await leaveForHome(world, late, ask(world), ann.mail),
    ann.mail,
  );
  await apply(elsewhere);
  const posted = await postOwn(world, early, '/signin', fields);
  expect(posted.status).toBe(400);
  noAnswer(await late.open(atHome));
});

test('A143: an enabled policy that asks for risk is refused while risk is not computed', async () => {
  const got = await world.apply(changed('policies/ca005-sign-in-risk.json', { state: 'enabled' }));
  expect(got.status).toBe(400);
  expect(got.text).toContain('policies/ca005-sign-in-risk.json#/conditions/signInRiskLevels');
});
