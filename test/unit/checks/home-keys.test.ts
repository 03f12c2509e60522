import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { addressKind, isAddressLiteral } from '../../../shared/checks/home-address.ts';
import { verifiedPayload } from '../../../shared/checks/home-jws.ts';
import { readKeySet, selectKey } from '../../../shared/checks/home-keys.ts';
import { isLoopbackHost } from '../../../shared/core/loopback.ts';
import { signedToken } from '../../support/fake-idp.ts';

const rsa = { kty: 'RSA', n: 'n', e: 'AQAB', kid: 'r' };
const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'e' };
const ed = { kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'o' };

function keysOf(...keys: unknown[]) {
  const reading = readKeySet({ keys });
  return reading.kind === 'keys' ? reading.keys : [];
}

test('public members only are kept', () => {
  const extra = { x5c: ['MIIB'], x5u: 'https://evil.test', oth: 1, alg: 'RS256', use: 'sig' };
  expect(keysOf({ ...rsa, ...extra })).toEqual([
    { kid: 'r', alg: 'RS256', jwk: { kty: 'RSA', n: 'n', e: 'AQAB' } },
  ]);
});

test('what is no verification key of a known type is left out', () => {
  expect(
    keysOf(
      null,
      'text',
      [],
      {},
      { kty: 'RSA', n: 7, e: 'AQAB' },
      { ...rsa, n: 'n'.repeat(1367), kid: '1' },
      { ...rsa, key_ops: ['encrypt'], kid: '2' },
      { ...rsa, key_ops: 'verify', kid: '3' },
      { ...ec, y: undefined },
      { ...ed, crv: 'X25519' },
      { kty: 'AKP', pub: 'x', kid: 'a' },
    ),
  ).toEqual([]);
  expect(keysOf({ ...rsa, key_ops: ['verify'] }, ec, ed)).toHaveLength(3);
});

test('each algorithm has its own kind of key', () => {
  const keys = keysOf(rsa, ec, ed, { ...ec, crv: 'P-384', kid: 'e3' });
  const chosen = (alg: string) => selectKey(keys, { alg })?.kid;
  expect(['RS256', 'RS512', 'PS256'].map(chosen)).toEqual(['r', 'r', 'r']);
  expect(['ES256', 'ES384', 'ES512'].map(chosen)).toEqual(['e', 'e3', undefined]);
  expect(['EdDSA', 'Ed25519'].map(chosen)).toEqual(['o', 'o']);
  expect(['HS256', 'none', 'RSA-OAEP'].map(chosen)).toEqual([undefined, undefined, undefined]);
});

test('keys without a kid are found only by tokens without one', () => {
  const keys = keysOf({ ...rsa, kid: undefined });
  expect(selectKey(keys, { alg: 'RS256' })).toBeDefined();
  expect(selectKey(keys, { alg: 'RS256', kid: 'r' })).toBeUndefined();
  expect(selectKey(keys, { alg: 'RS256', kid: '' })).toBeUndefined();
});

test('an RSA key below 2048 bits proves nothing', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const [key] = keysOf({ ...pair.publicKey.export({ format: 'jwk' }), kid: 'weak' });
  const token = signedToken({ payload: '{}', key: { alg: 'RS256', kid: 'weak', ...pair } });
  expect(key && (await verifiedPayload(token, key, 'RS256'))).toBeUndefined();
});

test('addresses and hosts by what they stand for', () => {
  expect(['8.8.8.8', '2606:4700::1111', '20.190.128.1'].map(addressKind)).toEqual([
    'public',
    'public',
    'public',
  ]);
  expect(['127.0.0.1', '127.1.2.3', '::1'].map(addressKind)).toEqual([
    'loopback',
    'loopback',
    'loopback',
  ]);
  expect(['0x7f.1', '2130706433', '127.1', '::1%lo', '::ffff:127.0.0.1'].map(addressKind)).toEqual(
    Array(5).fill('refused'),
  );
  expect(['localhost', '127.0.0.1', '[::1]'].every(isLoopbackHost)).toBe(true);
  expect(['localhost.', '127.0.0.2', 'LOCALHOST', '::1', 'x.localhost'].some(isLoopbackHost)).toBe(
    false,
  );
  expect(['1.2.3.4', '[::1]', '127.0.0.1.'].map(isAddressLiteral)).toEqual([true, true, false]);
  expect(['idp.test', 'dead.beef', '1.2.3.4.test'].some(isAddressLiteral)).toBe(false);
});
