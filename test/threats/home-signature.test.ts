/**
 * A forger writes any header and any payload. What he lacks is a key the partner publishes: every
 * way of doing without one, or of bringing one along, ends in a refusal.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  attackerKey,
  ecKey,
  type FakeIdp,
  idTokenOf,
  macToken,
  makeKey,
  noonSeconds,
  openWatchedHome,
  publicJwk,
  redeemed,
  rsaKey,
  signedToken,
  startFakeIdp,
  transaction,
  unsigned,
} from '../support/fake-idp.ts';

function payloadOf(idp: FakeIdp): string {
  return JSON.stringify({
    iss: idp.issuer,
    sub: 'subject-1',
    aud: idp.partner.clientId,
    nonce: transaction.nonce,
    iat: noonSeconds,
    exp: noonSeconds + 300,
  });
}

const invalid = (check: string) => ({ kind: 'invalid', check });

test('R23: a signature by a stranger under the right kid is refused', async () => {
  await using idp = await startFakeIdp();
  expect(await redeemed(idp, { key: attackerKey })).toEqual(invalid('signature'));
  const ecAttacker = makeKey('ES256', 'ec-1');
  expect(await redeemed(idp, { key: ecAttacker })).toEqual(invalid('signature'));
});

test('R23: a changed payload or signature is refused', async () => {
  await using idp = await startFakeIdp();
  const [header, , signature] = idTokenOf(idp).split('.');
  const payload = Buffer.from(payloadOf(idp).replace('subject-1', 'subject-2'));
  const changed = `${header}.${payload.toString('base64url')}.${signature}`;
  expect(await redeemed(idp, changed)).toEqual(invalid('signature'));
  const [h, p] = idTokenOf(idp).split('.');
  expect(await redeemed(idp, `${h}.${p}.AAAA`)).toEqual(invalid('signature'));
});

test.each(['none', 'None', 'nOnE', 'NONE', ''])('A012: alg %j', async (alg) => {
  await using idp = await startFakeIdp();
  const input = unsigned({ alg, kid: 'rsa-1' }, payloadOf(idp));
  const signature = idTokenOf(idp).split('.')[2];
  expect(await redeemed(idp, `${input}.`)).toEqual(invalid('format'));
  expect(await redeemed(idp, input)).toEqual(invalid('format'));
  expect(await redeemed(idp, `${input}.${signature}`)).toEqual(invalid('alg'));
});

test('A012: an empty signature under an honest alg', async () => {
  await using idp = await startFakeIdp();
  const [header, payload] = idTokenOf(idp).split('.');
  expect(await redeemed(idp, `${header}.${payload}.`)).toEqual(invalid('format'));
});

describe('A013: HS256 with the public key as its secret', () => {
  const secrets = {
    pem: rsaKey.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    der: rsaKey.publicKey.export({ format: 'der', type: 'spki' }).toString('latin1'),
    jwk: JSON.stringify(publicJwk(rsaKey)),
  };
  test.each(Object.entries(secrets))('A013: %s', async (_, secret) => {
    await using idp = await startFakeIdp();
    const token = macToken({ alg: 'HS256', kid: 'rsa-1' }, payloadOf(idp), secret);
    expect(await redeemed(idp, token)).toEqual(invalid('alg'));
    // Even a partner row that allows HS256 by mistake allows nothing by it.
    const partner = { ...idp.partner, algorithms: ['HS256', 'none'] };
    expect(await redeemed(idp, token, { partner })).toEqual(invalid('alg'));
  });
});

test('A014: RS256 where the partner is pinned to ES256', async () => {
  await using idp = await startFakeIdp();
  const partner = { ...idp.partner, algorithms: ['ES256'] };
  expect(await redeemed(idp, {}, { partner })).toEqual(invalid('alg'));
  expect(await redeemed(idp, { key: ecKey }, { partner })).toMatchObject({ kind: 'identity' });
});

test('A014: a key published for another algorithm does not fit', async () => {
  await using idp = await startFakeIdp();
  idp.jwks = { keys: [{ ...publicJwk(rsaKey), alg: 'PS256' }] };
  expect(await redeemed(idp)).toEqual(invalid('kid'));
  expect(await redeemed(idp, { key: ecKey, header: { kid: 'rsa-1' } })).toEqual(invalid('kid'));
});

describe('R24 A015: the header brings its own key', () => {
  async function withTrap(check: (url: string, visits: () => number) => Promise<void>) {
    let visits = 0;
    const trap = createServer((_, outgoing) => {
      visits += 1;
      outgoing.end(JSON.stringify({ keys: [publicJwk(attackerKey)] }));
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/jwks`;
      await check(url, () => visits);
    } finally {
      await new Promise((resolve) => trap.close(resolve));
    }
  }

  test.each(['jku', 'x5u', 'jwk', 'x5c'])('A015 R24: %s', async (name) => {
    await withTrap(async (url, visits) => {
      await using idp = await startFakeIdp();
      const values = { jku: url, x5u: url, jwk: publicJwk(attackerKey), x5c: ['MIIB'] };
      const header = { [name]: values[name as keyof typeof values] };
      const forged = idTokenOf(idp, { key: attackerKey, header });
      expect(await redeemed(idp, forged)).toEqual(invalid('signature'));
      const unknown = idTokenOf(idp, { key: attackerKey, header: { ...header, kid: 'mine' } });
      expect(await redeemed(idp, unknown)).toEqual(invalid('kid'));
      // Providers exist that send such headers honestly: then the published key decides alone.
      expect(await redeemed(idp, { header })).toMatchObject({ kind: 'identity' });
      expect(visits()).toBe(0);
    });
  });
});

describe('R24 A016: kid is a name and nothing else', () => {
  test.each(['../../x', "'; --", '__proto__', 'constructor', 'toString', '', 'a'.repeat(8192)])(
    'A016: %j',
    async (kid) => {
      await using idp = await startFakeIdp();
      expect(await redeemed(idp, { header: { kid } })).toEqual(invalid('kid'));
    },
  );

  test.each([7, null, ['rsa-1'], { rsa: 1 }])('A016: not even a text: %j', async (kid) => {
    await using idp = await startFakeIdp();
    expect(await redeemed(idp, { header: { kid } })).toEqual(invalid('kid'));
  });

  test('A016 R24: a published key may be named __proto__ and is found by that name only', async () => {
    await using idp = await startFakeIdp();
    const key = makeKey('ES256', '__proto__');
    idp.jwks = { keys: [publicJwk(key)] };
    expect(await redeemed(idp, { key })).toMatchObject({ kind: 'identity' });
    expect(await redeemed(idp, { key, header: { kid: 'constructor' } })).toEqual(invalid('kid'));
  });
});

describe('R23: no kid', () => {
  test('R23: with one fitting key the token is accepted', async () => {
    await using idp = await startFakeIdp();
    expect(await redeemed(idp, { header: { kid: undefined } })).toMatchObject({ kind: 'identity' });
  });

  test('R23: with several fitting keys it is refused', async () => {
    await using idp = await startFakeIdp();
    idp.jwks = { keys: [publicJwk(rsaKey), publicJwk(makeKey('RS256', 'rsa-2'))] };
    expect(await redeemed(idp, { header: { kid: undefined } })).toEqual(invalid('kid'));
  });
});

describe('A017: forms that are no signed ID token', () => {
  test.each([
    ['crit', { crit: ['b64'], b64: true }, 'crit'],
    ['b64 alone', { b64: false }, 'crit'],
    ['an unknown extension', { crit: ['exp'], exp: 1 }, 'crit'],
    ['a nested token', { cty: 'JWT' }, 'cty'],
    ['an access token', { typ: 'at+jwt' }, 'typ'],
    ['a logout token', { typ: 'logout+jwt' }, 'typ'],
    ['typ that is no text', { typ: 7 }, 'typ'],
  ])('A017: %s', async (_, header, check) => {
    await using idp = await startFakeIdp();
    expect(await redeemed(idp, { header })).toEqual(invalid(check));
  });

  test('A017: a token inside a token, JWE, JSON serialisation, junk', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    const [header, payload, signature] = idTokenOf(idp).split('.');
    const nested = signedToken({ payload: idTokenOf(idp) });
    expect(await redeemed(idp, nested, { home })).toEqual(invalid('signature'));
    for (const token of [
      `${header}.${payload}.${signature}.${payload}.${signature}`,
      JSON.stringify({ payload, protected: header, signature }),
      JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
      `${header}.${payload}.${signature}\n`,
      ` ${idTokenOf(idp)}`,
      '..',
      '',
    ])
      expect(await redeemed(idp, token, { home })).toEqual(invalid('format'));
    for (const broken of ['bm90IGpzb24', 'W10', 'bnVsbA'])
      expect(await redeemed(idp, `${broken}.${payload}.${signature}`, { home })).toEqual(
        invalid('header'),
      );
  });

  test.each(['[]', '"text"', 'null', '{"iss":'])('A017: the payload is %s', async (payload) => {
    await using idp = await startFakeIdp();
    expect(await redeemed(idp, signedToken({ payload }))).toEqual(invalid('signature'));
  });
});
