/**
 * A partner claims more than it may: evidence of a strong sign-in nobody asked for, a tenant it is
 * not, a mail address of someone else. The adapter reports, it never judges; and it keeps nothing
 * that could be used again.
 */
import { describe, expect, test } from 'vitest';
import type { HomeIdentity } from '../../shared/ports.ts';
import {
  answerOf,
  idTokenOf,
  noon,
  noonSeconds,
  openWatchedHome,
  redeemed,
  startFakeIdp,
} from '../support/fake-idp.ts';

async function identityOf(claims: Record<string, unknown>): Promise<HomeIdentity> {
  await using idp = await startFakeIdp();
  const result = await redeemed(idp, { claims });
  if (result.kind !== 'identity') throw new Error(JSON.stringify(result));
  return result.identity;
}

test('R27: amr, acr and auth_time are reported as they came and change nothing else', async () => {
  const bare = await identityOf({});
  const rich = await identityOf({ amr: ['pwd', 'mfa'], acr: 'high', auth_time: noonSeconds - 30 });
  expect(bare).toMatchObject({ amr: [], acr: undefined, authTime: undefined });
  expect(rich).toMatchObject({ amr: ['pwd', 'mfa'], acr: 'high' });
  expect(rich.authTime).toEqual(new Date((noonSeconds - 30) * 1000));
  expect({
    ...rich,
    amr: [],
    acr: undefined,
    authTime: undefined,
    issuer: '',
    tokenHash: '',
  }).toEqual({
    ...bare,
    issuer: '',
    tokenHash: '',
  });
});

test.each(['mfa', { 0: 'mfa' }, ['mfa', 7], [['mfa']], Array(21).fill('mfa')])(
  'R27: amr that is no list of a few texts says nothing (%#)',
  async (amr) => {
    expect((await identityOf({ amr })).amr).toEqual([]);
  },
);

test.each(['yesterday', -1, noonSeconds * 1000, null])(
  'R27: auth_time %j is no time',
  async (at) => {
    expect((await identityOf({ auth_time: at })).authTime).toBeUndefined();
  },
);

describe('R27: max_age was asked for', () => {
  test.each([
    ['missing', undefined, 'invalid'],
    ['a text', String(noonSeconds), 'invalid'],
    ['older', noonSeconds - 361, 'invalid'],
    ['old enough', noonSeconds - 360, 'identity'],
    ['ahead within skew', noonSeconds + 60, 'identity'],
    ['ahead', noonSeconds + 61, 'invalid'],
  ])('R27: auth_time is %s', async (_, at, kind) => {
    await using idp = await startFakeIdp();
    idp.idToken = idTokenOf(idp, { claims: { auth_time: at } });
    const answer = { ...answerOf(idp), maxAgeSeconds: 300 };
    const result = await openWatchedHome().redeem(idp.partner, answer, noon);
    expect(result.kind).toBe(kind);
    if (result.kind === 'invalid') expect(result.check).toBe('auth_time');
  });
});

test('A007: tid and oid are told only together and only as text', async () => {
  expect(await identityOf({ tid: 't', oid: 'o' })).toMatchObject({ tenantId: 't', objectId: 'o' });
  for (const claims of [{ tid: 't' }, { oid: 'o' }, { tid: 't', oid: 7 }, { tid: ['t'], oid: 'o' }])
    expect(await identityOf(claims)).toMatchObject({ tenantId: undefined, objectId: undefined });
});

test('R28: nothing of the identity is a token, a code or a secret', async () => {
  await using idp = await startFakeIdp();
  const token = idTokenOf(idp, { claims: { email: 'a@contoso.test', name: 'A' } });
  const result = await redeemed(idp, token);
  expect(result.kind).toBe('identity');
  const text = JSON.stringify(result);
  for (const part of [...token.split('.'), 'eyJ', 'code-1', 'nonce-nonce', 'verifier-', '"at"'])
    expect(text).not.toContain(part);
  expect(Object.keys(result.kind === 'identity' ? result.identity : {}).sort()).toEqual([
    'acr',
    'amr',
    'authTime',
    'email',
    'issuedAt',
    'issuer',
    'name',
    'objectId',
    'subject',
    'tenantId',
    'tokenHash',
  ]);
});
