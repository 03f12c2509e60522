/**
 * A partner's server, or whoever stands behind its name, answers with more than an answer: a way
 * on to somewhere else, a body without end, a bomb to unpack, or one byte a second for ever.
 */
import type http from 'node:http';
import { describe, expect, test } from 'vitest';
import { guardedFetch, guardedFetchLimits } from '../../shared/adapters/home-idp/guarded-fetch.ts';
import { json, openWatchedHome, redeemed, startFakeIdp } from '../support/fake-idp.ts';

const get = { method: 'GET', headers: {} };
const refused = (detail: string) => ({ code: 'homeUnavailable', status: 503, detail });

describe('A026 R26: redirects', () => {
  test.each([301, 302, 303, 307, 308, 304])('A026 R26: %i is an error', async (status) => {
    await using idp = await startFakeIdp();
    await using inside = await startFakeIdp();
    idp.instead.jwks = (_, outgoing) => {
      outgoing.writeHead(status, { location: `${inside.issuer}/jwks` }).end();
    };
    await expect(redeemed(idp)).rejects.toMatchObject(refused('redirect'));
    expect(inside.hits('jwks')).toBe(0);
  });
});

describe('A027 R26: answers without end', () => {
  test('A027 R26: the limits are 5 seconds and 256 KiB', () => {
    expect(guardedFetchLimits).toEqual({ totalMs: 5000, maxBytes: 262_144 });
  });

  test('A027 R26: 50 MB are cut at the limit, memory stays', async () => {
    await using idp = await startFakeIdp();
    const block = Buffer.alloc(64 * 1024, ' ');
    let sent = 0;
    idp.instead.jwks = (_, outgoing) => {
      const pump = () => {
        while (sent < 50_000_000 && !outgoing.destroyed) {
          sent += block.length;
          if (!outgoing.write(block)) {
            outgoing.once('drain', pump);
            return;
          }
        }
        outgoing.end();
      };
      pump();
    };
    const before = process.memoryUsage().rss;
    await expect(redeemed(idp)).rejects.toMatchObject(refused('tooLarge'));
    expect(process.memoryUsage().rss - before).toBeLessThan(20_000_000);
    expect(sent).toBeLessThan(20_000_000);
  });

  test('A027 R26: an announced length beyond the limit is not even read', async () => {
    await using idp = await startFakeIdp();
    idp.instead.jwks = (_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '52428800' });
      outgoing.write('{');
    };
    await expect(redeemed(idp)).rejects.toMatchObject(refused('tooLarge'));
  });

  test('A027 R26: the limit itself is allowed, one byte more is not', async () => {
    await using idp = await startFakeIdp();
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: [idp.host], maxBytes: 1000 });
    for (const [size, outcome] of [
      [1000, 'fulfilled'],
      [1001, 'rejected'],
    ] as const) {
      idp.instead.jwks = (_, outgoing) => {
        outgoing.write(' '.repeat(size - 1));
        setTimeout(() => outgoing.end(' '), 5);
      };
      const [settled] = await Promise.allSettled([fetch(`${idp.issuer}/jwks`, get)]);
      expect(settled?.status).toBe(outcome);
    }
  });

  test('A027 R26: 10,000 keys, and already 51, are too many', async () => {
    await using idp = await startFakeIdp();
    const small = (kid: number) => ({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: `${kid}` });
    idp.jwks = { keys: Array.from({ length: 10_000 }, (_, kid) => small(kid)) };
    await expect(redeemed(idp)).rejects.toMatchObject(refused('tooLarge'));
    idp.jwks = { keys: Array.from({ length: 51 }, (_, kid) => small(kid)) };
    const home = openWatchedHome();
    await expect(redeemed(idp, {}, { home })).rejects.toMatchObject(refused('tooManyKeys'));
    expect(home.alarms).toMatchObject([{ event: 'homeKeySetRefused' }]);
  });

  test.each(['gzip', 'br', 'deflate', 'identity, gzip', 'x'])(
    'A027 R26: content-encoding %s is refused, and was not asked for',
    async (encoding) => {
      await using idp = await startFakeIdp();
      let asked: unknown;
      idp.instead.jwks = (incoming, outgoing) => {
        asked = incoming.headers['accept-encoding'];
        outgoing.writeHead(200, { 'content-encoding': encoding }).end('bomb');
      };
      await expect(redeemed(idp)).rejects.toMatchObject(refused('compressed'));
      expect(asked).toBe('identity');
    },
  );

  const drips = {
    body: (outgoing: http.ServerResponse) => outgoing.writeHead(200).write(' '),
    headers: (outgoing: http.ServerResponse) => outgoing.socket?.write(' '),
    nothing: () => undefined,
  };
  test.each(Object.entries(drips))('A027 R26: a drip without end (%s)', async (name, start) => {
    await using idp = await startFakeIdp();
    let drip: NodeJS.Timeout | undefined;
    idp.instead.jwks = (_, outgoing) => {
      if (name === 'headers') outgoing.socket?.write('HTTP/1.1 200 OK\r\nx-drip:');
      else start(outgoing);
      drip = setInterval(() => {
        if (name === 'body') outgoing.write(' ');
        if (name === 'headers') outgoing.socket?.write('a');
      }, 20);
      outgoing.once('close', () => clearInterval(drip));
    };
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: [idp.host], totalMs: 300 });
    await expect(fetch(`${idp.issuer}/jwks`, get)).rejects.toMatchObject(refused('tooSlow'));
    clearInterval(drip);
  });

  test('A027 R26: a name server that never answers counts against the same time', async () => {
    const fetch = guardedFetch({
      allowLoopback: true,
      allowedHosts: ['idp.test'],
      totalMs: 100,
      resolve: () => new Promise(() => {}),
    });
    await expect(fetch('https://idp.test/', get)).rejects.toMatchObject(refused('tooSlow'));
  });

  test('A027 R26: a caller may stop earlier', async () => {
    await using idp = await startFakeIdp();
    idp.instead.jwks = () => {};
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: [idp.host] });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${idp.issuer}/jwks`, { ...get, signal })).rejects.toMatchObject(
      refused('aborted'),
    );
    await expect(
      fetch(`${idp.issuer}/jwks`, { ...get, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject(refused('aborted'));
  });

  test('A027 R26: a connection that breaks in the middle is an error, never half a document', async () => {
    await using idp = await startFakeIdp();
    idp.instead.jwks = (_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('{"keys":[]}');
      setTimeout(() => outgoing.destroy(), 20);
    };
    await expect(redeemed(idp)).rejects.toMatchObject(refused('unreachable'));
  });

  test('R26: what arrives is what was sent', async () => {
    await using idp = await startFakeIdp();
    idp.instead.token = (_, outgoing) => json(outgoing, { error: 'x' }, 400);
    const fetch = guardedFetch({ allowLoopback: true, allowedHosts: [idp.host] });
    const body = new URLSearchParams({ a: 'b' });
    const response = await fetch(`${idp.issuer}/token`, { method: 'POST', headers: {}, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/json',
    ]);
    expect(await response.json()).toEqual({ error: 'x' });
  });
});
