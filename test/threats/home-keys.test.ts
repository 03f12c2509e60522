/**
 * A partner's provider goes down, rotates its keys, or someone makes us ask it again and again.
 */
import { describe, expect, test } from 'vitest';
import {
  answerOf,
  attackerKey,
  type FakeIdp,
  idTokenOf,
  later,
  makeKey,
  openWatchedHome,
  publicJwk,
  redeemed,
  rsaKey,
  startFakeIdp,
  type TokenChanges,
  type WatchedHome,
} from '../support/fake-idp.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Signs in with a token made at that moment. */
async function at(idp: FakeIdp, home: WatchedHome, ms: number, changes: TokenChanges = {}) {
  const now = later(ms);
  const iat = now.getTime() / 1000;
  const token = idTokenOf(idp, { ...changes, claims: { iat, exp: iat + 300, ...changes.claims } });
  return redeemed(idp, token, { home, now });
}

const down = (idp: FakeIdp) => {
  idp.instead.jwks = (_, outgoing) => outgoing.writeHead(500).end();
  idp.instead.discovery = (_, outgoing) => outgoing.destroy();
};

describe('A028 R26: the provider is down', () => {
  test('A028 R26: documents are asked for once in five minutes', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    for (const ms of [0, minuteMs, 5 * minuteMs - 1]) await at(idp, home, ms);
    expect([idp.hits('discovery'), idp.hits('jwks')]).toEqual([1, 1]);
    await at(idp, home, 5 * minuteMs);
    expect([idp.hits('discovery'), idp.hits('jwks')]).toEqual([1, 2]);
  });

  test('A028 R26: with warm keys sign-ins go on for a day, not longer', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    expect(await at(idp, home, 0)).toMatchObject({ kind: 'identity' });
    down(idp);
    for (const ms of [10 * minuteMs, hourMs, 24 * hourMs - 1])
      expect(await at(idp, home, ms)).toMatchObject({ kind: 'identity' });
    await expect(at(idp, home, 24 * hourMs)).rejects.toMatchObject({ code: 'homeUnavailable' });
  });

  test('A028: while it is down it is asked twice a minute, not by every sign-in', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    await at(idp, home, 0);
    down(idp);
    for (let second = 0; second < 60; second += 1)
      await at(idp, home, 30 * minuteMs + second * 1000);
    expect([idp.hits('discovery'), idp.hits('jwks')]).toEqual([3, 3]);
  });

  test('A028: cold it is a clean 503, without a loop, and mends itself', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    idp.instead.jwks = (_, outgoing) => outgoing.writeHead(503).end();
    const many = Array.from({ length: 20 }, () => at(idp, home, 0));
    for (const outcome of await Promise.allSettled(many))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'homeUnavailable', status: 503, detail: 'status503' },
      });
    expect([idp.hits('discovery'), idp.hits('jwks')]).toEqual([1, 1]);
    delete idp.instead.jwks;
    await expect(at(idp, home, 4999)).rejects.toMatchObject({ code: 'homeUnavailable' });
    expect(await at(idp, home, 5000)).toMatchObject({ kind: 'identity' });
  });

  test('A028: a clock set back does not keep keys for ever', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    await at(idp, home, 48 * hourMs);
    down(idp);
    await expect(at(idp, home, 0)).rejects.toMatchObject({ code: 'homeUnavailable' });
  });
});

test('A029 R26: 1,000 tokens with random kids fetch at most twice a minute', async () => {
  await using idp = await startFakeIdp();
  const home = openWatchedHome();
  await at(idp, home, 0);
  const trusted = { issuer: idp.issuer, audience: 'api' };
  for (let i = 0; i < 1000; i += 1) {
    const token = idTokenOf(idp, { key: attackerKey, header: { kid: `random-${i}` } });
    expect(await home.verifyAccessToken(trusted, token, later(i * 60))).toBeUndefined();
  }
  expect(idp.hits('jwks')).toBeLessThanOrEqual(2);
  expect(await at(idp, home, minuteMs)).toMatchObject({ kind: 'identity' });
});

test('A029 R26: parallel unknown kids share one fetch', async () => {
  await using idp = await startFakeIdp();
  const home = openWatchedHome();
  await at(idp, home, 0);
  idp.idToken = idTokenOf(idp, { key: attackerKey, header: { kid: 'unknown' } });
  const many = Array.from({ length: 50 }, () =>
    home.redeem(idp.partner, answerOf(idp), later(31_000)),
  );
  for (const result of await Promise.all(many))
    expect(result).toEqual({ kind: 'invalid', check: 'kid' });
  expect(idp.hits('jwks')).toBe(2);
});

test('A029 A016: a kid no provider would write is not worth a fetch', async () => {
  await using idp = await startFakeIdp();
  const home = openWatchedHome();
  await at(idp, home, 0);
  const header = { kid: 'a'.repeat(8192) };
  expect(await at(idp, home, minuteMs, { header })).toEqual({ kind: 'invalid', check: 'kid' });
  expect(idp.hits('jwks')).toBe(1);
});

describe('A030: the partner rotates its key', () => {
  const next = makeKey('RS256', 'rsa-next');

  test('A030 R26: the new kid is accepted after one fetch', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    await at(idp, home, 0);
    idp.jwks = { keys: [publicJwk(rsaKey), publicJwk(next)] };
    expect(await at(idp, home, 30_000, { key: next })).toMatchObject({ kind: 'identity' });
    expect(await at(idp, home, 30_001, { key: next })).toMatchObject({ kind: 'identity' });
    expect(await at(idp, home, 30_002)).toMatchObject({ kind: 'identity' });
    expect(idp.hits('jwks')).toBe(2);
  });

  test('A030: the removed kid is refused from the end of the cache on', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    await at(idp, home, 0);
    idp.jwks = { keys: [publicJwk(next)] };
    expect(await at(idp, home, 5 * minuteMs - 1)).toMatchObject({ kind: 'identity' });
    expect(await at(idp, home, 5 * minuteMs)).toEqual({ kind: 'invalid', check: 'kid' });
  });

  test('A030: a key document that became unreadable leaves the kept keys in place', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    await at(idp, home, 0);
    idp.jwks = { keys: 'none' };
    expect(await at(idp, home, 6 * minuteMs)).toMatchObject({ kind: 'identity' });
    expect(home.alarms).toMatchObject([
      { event: 'homeKeySetRefused', detail: { check: 'notAKeySet' } },
    ]);
  });
});
