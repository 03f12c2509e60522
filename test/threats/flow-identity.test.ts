import { describe, expect, it } from 'vitest';
import { gateRow, identityPlace, mailPlace } from '../../shared/rows/directory.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import { comesAs, contosoIssuer, guestIds } from '../support/house-home.ts';
import { guestRowsOf, logEntries, signInLogs, standingOf } from '../support/house-rows.ts';
import {
  arrive,
  arriveAtChallenge,
  authorizeAndSignIn,
  comeBack,
  granted,
  redeem,
  registered,
  tokensOf,
} from '../support/house-steps.ts';

/**
 * Attack: somebody who really is somebody at some partner comes in as another guest. A guest is
 * partner, issuer and subject (at Entra tenant and object id); nothing else a token says counts.
 */

const entraTenant = 'e0000000-1111-4222-8333-444444444401';
const entraOid = 'E0000000-AAAA-4BBB-8CCC-DDDDDDDDDD01';

/** Two partners more: Woodgrove's tenant at Entra, with a guest of its own, and a second generic one. */
const withPartners = (files: Record<string, string>) => ({
  ...files,
  'partners/entra.json': JSON.stringify({
    id: 'entra',
    displayName: 'Adatum',
    type: 'entra',
    issuer: `https://login.example/${entraTenant}/v2.0`,
    tenantId: entraTenant,
    clientId: 'x',
    domains: ['adatum.example'],
  }),
  'partners/other.json': JSON.stringify({
    id: 'other',
    displayName: 'Other',
    issuer: 'https://other.example',
    clientId: 'x',
    domains: ['other.example'],
  }),
  'guests/ada.json': JSON.stringify({
    id: 'a0000009-0000-4000-8000-000000000009',
    userPrincipalName: 'ada_adatum.example#EXT#@fabrikam.onmicrosoft.example',
    displayName: 'Ada',
    mail: 'ada@adatum.example',
    identities: [{ partner: 'entra', subject: entraOid.toLowerCase() }],
  }),
});

/** Comes through a partner with what its token says. */
async function comeThrough(
  world: TestHouse,
  partner: string,
  domain: string,
  identity: Parameters<typeof comesAs>[1],
) {
  world.home.answers.set('token', comesAs('stranger', identity));
  const browser = newBrowser();
  const trip = await authorizeAndSignIn(world, browser, { mail: `x@${domain}` });
  return comeBack(world, browser, trip, 'token', partner);
}

describe('R20: who a guest is', () => {
  it("A001 A002 R20: another guest's address, name or UPN in the claims, verified or not → refused, nobody loaded", async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const before = await guestRowsOf(world, 'ann');
    world.home.answers.set(
      'thief',
      comesAs('stranger', { email: 'ann@contoso.example', name: 'Ann Abel' }),
    );
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser, { mail: 'ann@contoso.example' });
    const answer = await comeBack(world, browser, trip, 'thief');
    expect(answer).toMatchObject({ page: 'blocked', cause: 'noAccess', sponsor: undefined });
    expect(await guestRowsOf(world, 'ann')).toEqual(before);
    expect((await signInLogs(world)).at(-1)).toMatchObject({ cause: 'noAccess', code: 50020 });
  });

  it('A001: the refusal is the same page for an account nobody knows and for a guest without identity', async () => {
    await using world = await openTestHouse();
    const pages = [];
    for (const email of ['eva@contoso.example', 'nobody@contoso.example', undefined]) {
      world.home.answers.set('x', comesAs('stranger', { email }));
      const browser = newBrowser();
      const trip = await authorizeAndSignIn(world, browser);
      const answer = await comeBack(world, browser, trip, 'x');
      pages.push({ ...answer, reference: '', frame: { ...answer.frame, anotherAccount: '' } });
    }
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[2]).toEqual(pages[0]);
  });

  it("A003 R20: the guest's own address changes at home → the same guest, known here by what stands here", async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    world.home.answers.set('ann', comesAs('ann', { email: 'ben@contoso.example', name: 'Ben' }));
    const { trip, code } = await granted(world, 'ann', secret);
    const { id } = tokensOf(await redeem(world, trip, code));
    expect(id).toMatchObject({
      sub: guestIds.ann,
      oid: guestIds.ann,
      email: 'ann@contoso.example',
      name: 'Ann Abel',
    });
    expect((await standingOf(world, 'ben')).authorizations).toEqual([]);
  });

  it("A004 R20: Ann's subject from another partner's issuer → nobody, not Ann", async () => {
    await using world = await openTestHouse({ files: withPartners });
    await registered(world, 'ann');
    const answer = await comeThrough(world, 'other', 'other.example', {
      issuer: 'https://other.example',
      subject: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801',
    });
    expect(brief(answer)).toBe('blocked noAccess');
    expect((await standingOf(world, 'ann')).authorizations).toHaveLength(1);
  });

  it('A004: the same subject at two partners → two guests', async () => {
    await using world = await openTestHouse({
      files: (files) => ({
        ...withPartners(files),
        'guests/twin.json': JSON.stringify({
          id: 'a0000008-0000-4000-8000-000000000008',
          userPrincipalName: 'twin_other.example#EXT#@fabrikam.onmicrosoft.example',
          displayName: 'Twin',
          identities: [{ partner: 'other', subject: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801' }],
        }),
      }),
    });
    const subject = '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801';
    const twin = await comeThrough(world, 'other', 'other.example', { subject });
    const ann = await arrive(world, 'ann');
    expect(
      [twin, ann.answer].map(
        (answer) => answer.kind === 'page' && answer.page === 'enrol' && answer.account,
      ),
    ).toEqual(['Twin', 'ann@contoso.example']);
  });

  it("A132 R20: a generic partner sends an Entra guest's tid and oid → its own subject counts, the tenant stays the row's", async () => {
    await using world = await openTestHouse({ files: withPartners });
    const claims = { tenantId: entraTenant, objectId: entraOid };
    const refused = await comeThrough(world, 'other', 'other.example', claims);
    expect(brief(refused)).toBe('blocked noAccess');
    // Cho, with the same claims: Cho, of the tenant that the partner is registered with
    world.clock.advance(1_000);
    world.home.answers.set('cho', comesAs('cho', claims));
    expect(brief((await arrive(world, 'cho')).answer)).toBe('blocked blockedByPolicy');
    expect((await signInLogs(world)).at(-1)).toMatchObject({
      guest: guestIds.cho,
      facts: {
        user: { homeTenantId: 'c0a7050a-1111-4c0a-8b0b-0c0a70500001', identityProvider: 'oidc' },
      },
    });
  });

  it('A007 R20: at Entra the tenant of the token must be the partner’s, and the object id is the subject', async () => {
    await using world = await openTestHouse({ files: withPartners });
    const through = (identity: Parameters<typeof comesAs>[1]) =>
      comeThrough(world, 'entra', 'adatum.example', identity);
    const other = 'ffffffff-1111-4222-8333-444444444401';
    for (const identity of [
      { tenantId: other, objectId: entraOid },
      { objectId: entraOid },
      { tenantId: entraTenant },
      { tenantId: '', objectId: entraOid },
      // the oid in the place of sub
      { subject: entraOid.toLowerCase() },
      { subject: entraOid.toLowerCase(), tenantId: entraTenant },
    ])
      expect(brief(await through(identity)), JSON.stringify(identity)).toBe('blocked noAccess');
    const right = await through({ tenantId: entraTenant.toUpperCase(), objectId: entraOid });
    expect(brief(right)).toBe('enrol');
  });

  it('R20: the directory alone opens nothing: the guest must list the identity too', async () => {
    await using world = await openTestHouse();
    const place = identityPlace('oidc', contosoIssuer, '99999999-9999-4999-8999-999999999999');
    const change = { kind: 'insert', key: place.key, value: { guest: guestIds.ann } } as const;
    await world.direct.commit(place.partition, [change], 'somebody-with-table-access');
    expect(brief((await arrive(world, 'stranger')).answer)).toBe('blocked noAccess');
    expect((await standingOf(world, 'ann')).authorizations).toEqual([]);
  });

  it('R20: no sign-in ever writes to the directory of names', async () => {
    await using world = await openTestHouse();
    const place = mailPlace('ann@contoso.example');
    const read = async () => world.direct.load(place.partition);
    const before = await read();
    world.home.answers.set('x', comesAs('stranger', { email: 'new@contoso.example' }));
    await arrive(world, 'stranger');
    await registered(world, 'ann');
    expect(await read()).toEqual(before);
    expect(gateRow.schema.parse(before[0]?.value)).toEqual({ guest: guestIds.ann });
  });
});

describe('R27: what a home says of factors', () => {
  const trusting =
    (more: Record<string, unknown> = {}) =>
    (files: Record<string, string>) =>
      edited(files, 'partners/contoso.json', {
        inboundTrust: { isMfaAccepted: true },
        claimMapping: { mfa: { amr: ['mfa'], acr: ['urn:strong'] } },
        maxAuthenticationAgeSeconds: 3600,
        ...more,
      });

  it('A032 R27: a partner not trusted for it sends amr mfa → a second factor is asked here', async () => {
    await using world = await openTestHouse();
    world.home.answers.set('ann', comesAs('ann', { amr: ['pwd', 'mfa'], acr: 'urn:strong' }));
    const { secret } = await registered(world, 'ann');
    await arriveAtChallenge(world, 'ann');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it.each([
    ['amr mfa, just now', { amr: ['pwd', 'mfa'] }, 0, 'code'],
    ['a mapped acr', { acr: 'urn:strong' }, 0, 'code'],
    ['another amr', { amr: ['pwd', 'otp'] }, 0, 'blocked blockedByPolicy'],
    ['no auth_time', { amr: ['mfa'], authTime: undefined }, 0, 'blocked blockedByPolicy'],
    ['an hour old', { amr: ['mfa'] }, 3_600_000, 'blocked blockedByPolicy'],
    ['almost an hour old', { amr: ['mfa'] }, 3_599_000, 'code'],
    ['two minutes ahead', { amr: ['mfa'] }, -120_000, 'blocked blockedByPolicy'],
  ] as const)('R27: trusted for it, %s → %s', async (_, more, ageMs, expected) => {
    await using world = await openTestHouse({ files: trusting() });
    const authTime = new Date(world.now().getTime() - ageMs);
    world.home.answers.set('ann', comesAs('ann', { authTime, ...(more as object) }));
    expect(brief((await arrive(world, 'ann')).answer)).toBe(expected);
  });

  it('R27: trusted but not shown → nothing is enrolled here by the first factor alone', async () => {
    await using world = await openTestHouse({ files: trusting() });
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked blockedByPolicy');
    expect((await signInLogs(world)).at(-1)).toMatchObject({ code: 53003 });
    expect((await standingOf(world, 'ann')).methods).toBe(0);
  });

  it('R28 R20: of a home token its hash is kept, and who it names; nothing else', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const [row] = (await guestRowsOf(world, 'ann')).authorizations;
    expect(Object.keys(row?.value.firstFactor ?? {}).sort()).toEqual([
      'amr',
      'authenticatedAt',
      'cameAt',
      'issuer',
      'kind',
      'partner',
      'subject',
      'tokenHash',
    ]);
    expect(JSON.stringify(await logEntries(world))).not.toContain('ann@contoso.example');
  });
});
