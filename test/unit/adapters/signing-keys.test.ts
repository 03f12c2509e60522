import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyProver, thumbprintOf } from '../../../shared/adapters/keys/signing-keys.ts';
import type { JsonObject } from '../../../shared/core/json.ts';
import { morning } from '../../support/house-clock.ts';

describe('a key that is proven', () => {
  const pairs = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  } as const;

  it.each([
    ['RS256', 'rsa', true],
    ['ES256', 'p256', true],
    ['RS256', 'p256', false],
    ['ES256', 'rsa', false],
    ['ES256', 'p384', false],
  ] as const)('%s by a key of kind %s: %s', async (alg, kind, proven) => {
    const publicJwk = pairs[kind].publicKey.export({ format: 'jwk' }) as JsonObject;
    const kid = await thumbprintOf(publicJwk);
    const alarms: JsonObject[] = [];
    const { prove } = keyProver(
      {
        makesKeys: true,
        make: async () => undefined,
        open: async () => ({
          publicJwk,
          sign: async (input) => sign('sha256', input, pairs[kind].privateKey),
        }),
      },
      { line: (_, __, detail = {}) => void alarms.push(detail) },
    );
    const value = { alg, publicJwk: {}, createdAt: morning.toISOString() };
    const row = { key: kid, etag: 'x', value };
    for (let round = 0; round < 2; round++) {
      const { keys, foreign } = await prove([row], morning);
      expect(keys.map((key) => key.kid)).toEqual(proven ? [kid] : []);
      expect([...foreign]).toEqual(proven ? [] : [kid]);
    }
    // told once
    expect(alarms).toEqual(proven ? [] : [{ kid, why: 'another kind of key' }]);
  });
});
