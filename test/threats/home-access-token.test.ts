/**
 * An administrator's bearer token, or something that only looks like one: a token of another
 * issuer, for another API, an ID token with roles in it, or one signed with what everybody knows.
 */
import { describe, expect, test } from 'vitest';
import {
  attackerKey,
  ecKey,
  type FakeIdp,
  later,
  macToken,
  noon,
  noonSeconds,
  openWatchedHome,
  publicJwk,
  rsaKey,
  signedToken,
  startFakeIdp,
  type TokenChanges,
} from '../support/fake-idp.ts';

function accessToken(idp: FakeIdp, { claims, header, key }: TokenChanges = {}): string {
  const payload = JSON.stringify({
    iss: idp.issuer,
    aud: 'https://gateway.test/manage',
    client_id: 'admin-cli',
    sub: 'admin',
    roles: ['Policy.Read.ConditionalAccess'],
    iat: noonSeconds,
    exp: noonSeconds + 3600,
    ...claims,
  });
  return signedToken({ payload, header: { typ: 'at+jwt', ...header }, ...(key ? { key } : {}) });
}

async function claimsOf(changes: TokenChanges | ((idp: FakeIdp) => string)): Promise<unknown> {
  await using idp = await startFakeIdp();
  const token = typeof changes === 'function' ? changes(idp) : accessToken(idp, changes);
  const trusted = { issuer: idp.issuer, audience: 'https://gateway.test/manage' };
  return await openWatchedHome().verifyAccessToken(trusted, token, noon);
}

describe('R24: access tokens of a trusted issuer', () => {
  test.each([
    ['RFC 9068', {}],
    ['with the long type', { header: { typ: 'application/AT+JWT' } }],
    ['by an EC key', { key: ecKey }],
    [
      'as Entra writes them',
      { header: { typ: 'JWT' }, claims: { client_id: undefined, azp: 'c' } },
    ],
    ['with several audiences', { claims: { aud: ['x', 'https://gateway.test/manage'] } }],
  ])('R24: %s is accepted', async (_, changes: TokenChanges) => {
    expect(await claimsOf(changes)).toMatchObject({
      sub: 'admin',
      roles: ['Policy.Read.ConditionalAccess'],
    });
  });

  test.each([
    ['another issuer', { claims: { iss: 'https://evil.test' } }],
    ['another audience', { claims: { aud: 'https://other.test' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['no exp', { claims: { exp: undefined } }],
    ['no iat', { claims: { iat: undefined } }],
    ['expired', { claims: { exp: noonSeconds - 60 } }],
    ['exp in ms', { claims: { exp: (noonSeconds + 60) * 1000 } }],
    ['from tomorrow', { claims: { iat: noonSeconds + 86_400 } }],
    ['not yet valid', { claims: { nbf: noonSeconds + 61 } }],
    ['no type', { header: { typ: undefined } }],
    ['another type', { header: { typ: 'logout+jwt' } }],
    ['an ID token', { header: { typ: 'JWT' }, claims: { nonce: 'n', azp: 'c' } }],
    ['an ID token with at_hash', { header: { typ: 'JWT' }, claims: { at_hash: 'h', azp: 'c' } }],
    ['an ID token of no client', { header: { typ: 'JWT' }, claims: { client_id: undefined } }],
    ['a stranger', { key: attackerKey }],
    ['an unknown kid', { header: { kid: '../../x' } }],
    ['a critical extension', { header: { crit: ['b64'] } }],
  ])('R24: %s is refused', async (_, changes: TokenChanges) => {
    expect(await claimsOf(changes)).toBeUndefined();
  });

  test('R24 A013: HS256 with the public key, alg none, junk', async () => {
    const header = { alg: 'HS256', kid: 'rsa-1', typ: 'at+jwt' };
    expect(
      await claimsOf((idp) => {
        const payload = Buffer.from(accessToken(idp).split('.')[1] ?? '', 'base64url');
        return macToken(header, payload.toString(), JSON.stringify(publicJwk(rsaKey)));
      }),
    ).toBeUndefined();
    expect(
      await claimsOf((idp) => {
        const [, payload, signature] = accessToken(idp).split('.');
        const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
        return `${none}.${payload}.${signature}`;
      }),
    ).toBeUndefined();
    expect(await claimsOf(() => 'junk')).toBeUndefined();
  });

  test('R24 A028: an issuer that cannot be reached is a 503, not a refusal', async () => {
    await using idp = await startFakeIdp();
    idp.instead.discovery = (_, outgoing) => outgoing.destroy();
    const trusted = { issuer: idp.issuer, audience: 'api' };
    await expect(
      openWatchedHome().verifyAccessToken(trusted, accessToken(idp), noon),
    ).rejects.toMatchObject({ code: 'homeUnavailable', status: 503 });
  });

  test('R24: a time that is none accepts nothing', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    const trusted = { issuer: idp.issuer, audience: 'https://gateway.test/manage' };
    expect(await home.verifyAccessToken(trusted, accessToken(idp), later(0))).toBeDefined();
    const never = home.verifyAccessToken(trusted, accessToken(idp), new Date(Number.NaN));
    await expect(never.catch(() => undefined)).resolves.toBeUndefined();
  });
});
