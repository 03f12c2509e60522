/**
 * A partner's provider, or someone who holds a genuine token of it, shows a token that was made for
 * another audience, another issuer, another sign-in or another time. The signature is right in
 * every case here: only the claims can give it away.
 */
import { describe, expect, test } from 'vitest';
import {
  idTokenOf,
  noonSeconds,
  openWatchedHome,
  redeemed,
  rsaKey,
  signedToken,
  startFakeIdp,
  type TokenChanges,
  transaction,
} from '../support/fake-idp.ts';

const day = 86_400;

async function verdict(changes: TokenChanges | string): Promise<string> {
  await using idp = await startFakeIdp();
  const result = await redeemed(idp, changes);
  return result.kind === 'invalid' ? result.check : result.kind;
}

test('R23: an honest token is accepted', async () => {
  expect(await verdict({})).toBe('identity');
});

describe('R23 A018: a required claim is missing or of the wrong type', () => {
  test.each(['iss', 'aud', 'exp', 'iat', 'sub', 'nonce'])('A018 R23: no %s', async (claim) => {
    expect(await verdict({ claims: { [claim]: undefined } })).toBe(claim);
  });

  test.each([
    ['exp', String(noonSeconds + 300)],
    ['exp', -1],
    ['exp', 0],
    ['exp', (noonSeconds + 300) * 1000],
    ['exp', null],
    ['exp', [noonSeconds + 300]],
    ['iat', String(noonSeconds)],
    ['iat', noonSeconds * 1000],
    ['iat', true],
    ['nbf', String(noonSeconds)],
    ['nbf', noonSeconds + 61],
    ['sub', 42],
    ['sub', ''],
    ['sub', ['subject-1']],
    ['sub', 'a'.repeat(256)],
    ['sub', 'subject\u00e4'],
    ['sub', 'subject-1\n'],
    ['sub', ' subject-1'],
    ['nonce', [transaction.nonce]],
    ['iss', null],
    ['aud', { 0: 'vestibule-client' }],
    ['aud', []],
  ])('A018 R23: %s is %j', async (claim, value) => {
    expect(await verdict({ claims: { [claim]: value } })).toBe(claim);
  });

  test.each(['1e309', '-1e309', '1e20'])('A018 R23: exp is written %s', async (written) => {
    await using idp = await startFakeIdp();
    const payload = JSON.stringify({
      iss: idp.issuer,
      sub: 'subject-1',
      aud: idp.partner.clientId,
      nonce: transaction.nonce,
      iat: noonSeconds,
      exp: 'EXP',
    }).replace('"EXP"', written);
    const token = signedToken({ payload });
    expect(await redeemed(idp, token)).toEqual({ kind: 'invalid', check: 'exp' });
  });
});

describe('R23: times', () => {
  test('R23: exp counts with at most 60 s of skew', async () => {
    expect(await verdict({ claims: { exp: noonSeconds - 59 } })).toBe('identity');
    expect(await verdict({ claims: { exp: noonSeconds - 60 } })).toBe('exp');
  });

  test('R23 A019: iat a day ahead is refused, one minute is skew', async () => {
    expect(await verdict({ claims: { iat: noonSeconds + 60 } })).toBe('identity');
    expect(await verdict({ claims: { iat: noonSeconds + 61 } })).toBe('iat');
    expect(await verdict({ claims: { iat: noonSeconds + day, exp: noonSeconds + 2 * day } })).toBe(
      'iat',
    );
  });

  test("R23 A020: yesterday's token inside its exp is refused, so is one of 10 min 1 s", async () => {
    expect(await verdict({ claims: { iat: noonSeconds - 600 } })).toBe('identity');
    expect(await verdict({ claims: { iat: noonSeconds - 601 } })).toBe('iat');
    expect(await verdict({ claims: { iat: noonSeconds - day, exp: noonSeconds + day } })).toBe(
      'iat',
    );
  });
});

describe('R23: audience', () => {
  test('R23 A010: the token of another client at the same provider is refused', async () => {
    expect(await verdict({ claims: { aud: 'another-client' } })).toBe('aud');
    expect(await verdict({ claims: { aud: ['another-client', 'third'] } })).toBe('aud');
    expect(await verdict({ claims: { aud: 'VESTIBULE-CLIENT' } })).toBe('aud');
  });

  test('R23 A011: a second audience counts only with azp = us', async () => {
    const aud = ['vestibule-client', 'evil'];
    expect(await verdict({ claims: { aud } })).toBe('azp');
    expect(await verdict({ claims: { aud, azp: 'evil' } })).toBe('azp');
    expect(await verdict({ claims: { aud, azp: ['vestibule-client'] } })).toBe('azp');
    expect(await verdict({ claims: { aud: ['vestibule-client', 7] } })).toBe('azp');
    expect(await verdict({ claims: { aud, azp: 'vestibule-client' } })).toBe('identity');
    expect(await verdict({ claims: { azp: 'evil' } })).toBe('azp');
    expect(await verdict({ claims: { aud: ['vestibule-client'] } })).toBe('identity');
  });
});

describe('R23: issuer', () => {
  test('R23 A007: a token of tenant X is no token of tenant Y on the same host', async () => {
    const tenant = (id: string) => `https://login.example/${id}/v2.0`;
    await using idp = await startFakeIdp();
    const claims = { iss: tenant('x'), tid: 'y', oid: 'o' };
    expect(await redeemed(idp, { claims })).toEqual({ kind: 'invalid', check: 'iss' });
  });

  test.each([
    (issuer: string) => `${issuer}/`,
    (issuer: string) => issuer.toUpperCase(),
    (issuer: string) => issuer.replace('http:', 'https:'),
    (issuer: string) => `${issuer} `,
    (issuer: string) => [issuer],
  ])('R23: iss differs in form only (%#)', async (change) => {
    await using idp = await startFakeIdp();
    const token = idTokenOf(idp, { claims: { iss: change(idp.issuer) } });
    expect(await redeemed(idp, token)).toEqual({ kind: 'invalid', check: 'iss' });
  });

  test('A004: the same sub at two issuers is two identities', async () => {
    await using one = await startFakeIdp();
    await using other = await startFakeIdp();
    const home = openWatchedHome();
    const results = [await redeemed(one, {}, { home }), await redeemed(other, {}, { home })];
    const identities = results.map((r) => r.kind === 'identity' && r.identity);
    expect(identities).toMatchObject([
      { issuer: one.issuer, subject: 'subject-1' },
      { issuer: other.issuer, subject: 'subject-1' },
    ]);
    expect(one.issuer).not.toBe(other.issuer);
  });

  test('A004 R24: a key counts for its own issuer: a genuine key of another one opens nothing', async () => {
    await using one = await startFakeIdp();
    await using other = await startFakeIdp();
    const home = openWatchedHome();
    other.jwks = { keys: [] };
    expect(await redeemed(one, {}, { home })).toMatchObject({ kind: 'identity' });
    const forged = idTokenOf(other, { key: rsaKey });
    expect(await redeemed(other, forged, { home })).toEqual({ kind: 'invalid', check: 'kid' });
  });
});

describe('R21: the nonce', () => {
  test('R21: the nonce of another sign-in is refused', async () => {
    const nonce = 'other-other-other-other-other';
    expect(await verdict({ claims: { nonce } })).toBe('nonce');
    expect(await verdict({ claims: { nonce: transaction.nonce.toUpperCase() } })).toBe('nonce');
  });
});
