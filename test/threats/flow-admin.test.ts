import { describe, expect, it } from 'vitest';
import { admit } from '../../shared/flows/admin/admit.ts';
import { token } from '../../shared/flows/token/token.ts';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import type { AdminRole } from '../../shared/rows/configuration/app.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { appIds, edited, secrets, without } from '../support/house-folder.ts';
import { logEntries, standingOf } from '../support/house-rows.ts';
import { claimsOf, granted, redeem, registered, reset, tokensOf } from '../support/house-steps.ts';

/** Attack: somebody administers who may not, or names a guest in a way that leads elsewhere. */

const writes: readonly AdminRole[] = ['UserAuthenticationMethod.ReadWrite.All'];

const admitWith = (world: TestHouse, shown: string | undefined, anyOf = writes) =>
  admit(world.house, { token: shown, activity: 'resetMfa', anyOf }, world.now());

async function adminToken(world: TestHouse): Promise<string> {
  const form = new Map([
    ['grant_type', 'client_credentials'],
    ['client_id', appIds.admin],
    ['client_secret', secrets.admin],
  ]);
  const answer = await token(
    world.house,
    { form, duplicates: [], authorization: undefined },
    world.now(),
  );
  const text = answer.kind === 'tokens' ? answer.body['access_token'] : undefined;
  if (typeof text !== 'string') throw new Error(JSON.stringify(answer));
  return text;
}

const refusedActs = async (world: TestHouse) =>
  (await logEntries(world)).filter((entry) => entry.kind === 'audit' && entry.phase === 'refused');

describe('A093: who may reset', () => {
  it('A093 R38: the automation with the role is admitted, under its own name', async () => {
    await using world = await openTestHouse();
    expect(await admitWith(world, await adminToken(world))).toMatchObject({
      kind: 'admitted',
      administrator: { name: `app:${appIds.admin}` },
    });
  });

  it('A124 R38: a token of an instance whose clock is ahead, a minute at most, is taken; its end is strict', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    // a whole second: the token says no earlier one
    world.clock.set(new Date(Math.ceil(world.now().getTime() / 1000) * 1000));
    const made = world.now().getTime();
    const tokens = tokensOf(await redeem(world, trip, code));
    const own = await adminToken(world);
    for (const claims of [claimsOf(own), tokens.access, tokens.id])
      expect(claims).not.toHaveProperty('nbf');
    for (const [ms, taken] of [
      [-60_001, false],
      [-60_000, true],
      [-10, true],
      [0, true],
      [3_599_999, true],
      [3_600_000, false],
    ] as const) {
      world.clock.set(new Date(made + ms));
      const admission = (await admitWith(world, own)).kind;
      expect([ms, admission]).toEqual([ms, taken ? 'admitted' : 'unauthenticated']);
      const known = (await userinfo(world.house, tokens.accessToken, world.now())) !== undefined;
      expect([ms, known]).toEqual([ms, taken]);
    }
  });

  it('A093 A113: nobody, garbage and a guest with any of their tokens → unauthenticated, a line for it', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann', { app: 'desktop' });
    const parameters = { resource: 'https://api.woodgrove.example' };
    const { trip, code } = await granted(world, 'ann', secret, { app: 'desktop', parameters });
    const guest = tokensOf(await redeem(world, trip, code));
    world.clock.advance(30_000);
    const plain = await granted(world, 'ann', secret);
    const own = tokensOf(await redeem(world, plain.trip, plain.code));
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${
      guest.accessToken.split('.')[1]
    }.`;
    const shown = [
      undefined,
      '',
      'x',
      'a.b.c',
      none,
      guest.accessToken,
      guest.idToken,
      own.accessToken,
    ];
    for (const text of shown)
      expect(await admitWith(world, text)).toEqual({ kind: 'unauthenticated' });
    const lines = world.lines.filter(({ event }) => event === 'adminUnauthenticated');
    expect(lines).toHaveLength(shown.length);
    // and an administrator's token opens nothing of a guest's
    expect(await userinfo(world.house, await adminToken(world), world.now())).toBeUndefined();
  });

  it('A093: an expired token, and one of another deployment → unauthenticated', async () => {
    await using world = await openTestHouse();
    const good = await adminToken(world);
    world.clock.advance(3_600_000);
    expect(await admitWith(world, good)).toEqual({ kind: 'unauthenticated' });
    const other = { ...world.house, issuer: 'https://elsewhere.example' };
    const form = new Map([
      ['grant_type', 'client_credentials'],
      ['client_id', appIds.admin],
      ['client_secret', secrets.admin],
    ]);
    const answer = await token(
      other,
      { form, duplicates: [], authorization: undefined },
      world.now(),
    );
    const foreign = answer.kind === 'tokens' ? answer.body['access_token'] : undefined;
    if (typeof foreign !== 'string') throw new Error(JSON.stringify(answer));
    expect(await admitWith(world, foreign)).toEqual({ kind: 'unauthenticated' });
  });

  it('A093 R38: a role that only reads → forbidden, with an audit row of the refusal', async () => {
    await using world = await openTestHouse({
      files: (files) =>
        edited(files, 'apps/admin-automation.json', {
          appRoles: ['UserAuthenticationMethod.Read.All', 'Configuration.Read.All'],
        }),
    });
    expect(await admitWith(world, await adminToken(world))).toEqual({
      kind: 'forbidden',
      needed: writes,
    });
    expect(await refusedActs(world)).toMatchObject([
      { activity: 'resetMfa', actor: `app:${appIds.admin}`, result: 'forbidden' },
    ]);
  });

  it('A093: a role or the app taken away since → the token of before does not carry it on', async () => {
    await using world = await openTestHouse();
    const held = await adminToken(world);
    await world.reconfigure((files) =>
      edited(files, 'apps/admin-automation.json', { appRoles: ['AuditLog.Read.All'] }),
    );
    expect(await admitWith(world, held)).toMatchObject({ kind: 'forbidden' });
    await world.reconfigure((files) => without(files, 'apps/admin-automation.json'));
    expect(await admitWith(world, held)).toEqual({ kind: 'unauthenticated' });
  });

  it("A093: the trusted issuer's token counts with its roles, another tenant's not", async () => {
    await using world = await openTestHouse();
    const trusted = { issuer: 'https://login.example/host', audience: 'api://vestibule' };
    const jwt = (iss: string) =>
      `x.${Buffer.from(JSON.stringify({ iss })).toString('base64url')}.x`;
    const good = jwt(trusted.issuer);
    world.home.accessTokens.set(good, { sub: 'admin-1', roles: [...writes, 'Made.Up'] });
    const house = { ...world.house, admission: { trusted } };
    const at = { ...world, house };
    expect(await admitWith(at, good)).toEqual({
      kind: 'admitted',
      administrator: { name: `${trusted.issuer} admin-1`, roles: writes },
    });
    for (const iss of ['https://login.example/other', `${trusted.issuer}/`, ''])
      expect(await admitWith(at, jwt(iss))).toEqual({ kind: 'unauthenticated' });
    world.home.accessTokens.set(good, { sub: 'admin-1', roles: 'not a list' });
    expect(await admitWith(at, good)).toMatchObject({ kind: 'forbidden' });
  });
});

describe('A094: whom a reset names', () => {
  const odd = [
    { id: "a'b" },
    { id: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c802' },
    { id: 'account.guest' },
    { id: '../a0000001-6f0c-4c1e-9a55-0d3a7be4c801' },
    { id: '' },
    { userPrincipalName: '#EXT#' },
    { userPrincipalName: "x' or PartitionKey ne 'x" },
    { userPrincipalName: 'ann@contoso.example' },
    { userPrincipalName: '' },
    { mail: 'ann_contoso.example#EXT#@fabrikam.onmicrosoft.example' },
    { mail: 'ann@contoso.example, ben@contoso.example' },
    { mail: 'ann@cоntoso.example' },
    {},
  ];
  it.each(odd)('A094: %j → unknown, nothing changed, the refusal in the audit', async (guest) => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const before = await dump(world, ['guests', 'directory', 'expiring']);
    expect(await reset(world, 'ann', { guest })).toEqual({ kind: 'unknownGuest' });
    expect(await dump(world, ['guests', 'directory', 'expiring'])).toEqual(before);
    expect(await refusedActs(world)).toMatchObject([{ result: 'unknownGuest' }]);
  });

  it.each([
    { id: 'A0000001-6F0C-4C1E-9A55-0D3A7BE4C801' },
    { userPrincipalName: 'ann_contoso.example#EXT#@fabrikam.onmicrosoft.example' },
    { userPrincipalName: 'Ann_contoso.example #EXT# @Fabrikam.onmicrosoft.example' },
    { mail: 'ann@contoso.example' },
    { mail: ' ann@CONTOSO.example ' },
  ])('A094: %j → Ann, and nobody else', async (guest) => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    await registered(world, 'ben');
    expect(await reset(world, 'cho', { guest })).toMatchObject({
      kind: 'done',
      answer: { methodsRemoved: ['softwareOath'], user: { displayName: 'Ann Abel' } },
    });
    expect((await standingOf(world, 'ann')).methods).toBe(0);
    expect((await standingOf(world, 'ben')).methods).toBe(1);
  });
});
