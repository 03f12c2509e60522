import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { app, type HttpRequest } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { countCall } from '../../../dev/host/call-counter.ts';
import type { RequestRecord } from '../../../dev/host/serve-request.ts';
import { type HostOptions, startHost } from '../../../dev/host/start-host.ts';
import { closeServers, listen, localhostAddresses } from '../../../dev/listen.ts';

function start(register: () => void, options: Partial<HostOptions> = {}) {
  const lines: string[] = [];
  const load = async () => register();
  return startHost({ port: 0, load, log: (line) => lines.push(line), ...options }).then((host) =>
    Object.assign(host, { lines }),
  );
}

const echo = async (request: HttpRequest) => ({
  jsonBody: {
    method: request.method,
    url: request.url,
    params: request.params,
    query: [...request.query],
    headers: [...request.headers],
    body: await request.text(),
  },
});

type Echo = { params: unknown; query: unknown; headers: [string, string][]; body: string };

const echoOf = async (response: Response) => (await response.json()) as Echo;

/** One request as bytes, for what fetch would not send. */
async function raw(url: string, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  return text(socket);
}

describe('requests', () => {
  test('arrive with parameters, query and body; repeated names are joined', async () => {
    await using host = await start(() => app.http('a', { route: 'x/{id}', handler: echo }));
    const url = `${host.url}/x/a%20b?q=1&Q=2&empty=`;
    const answer = await fetch(url, { method: 'POST', body: 'hello' });
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      url,
      params: { id: 'a b' },
      query: [
        ['q', '1,2'],
        ['empty', ''],
      ],
      body: 'hello',
    });
  });

  test('carry the socket’s address as the last one that forwarded them', async () => {
    await using host = await start(() => app.http('a', { handler: echo }));
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const v4 = await echoOf(await fetch(`http://127.0.0.1:${host.port}/a`, { headers }));
    expect(v4.headers).toContainEqual([
      'x-forwarded-for',
      expect.stringMatching(/^203\.0\.113\.9, 127\.0\.0\.1:\d+$/),
    ]);
    const v6 = await echoOf(await fetch(`http://[::1]:${host.port}/a`));
    expect(v6.headers).toContainEqual(['x-forwarded-for', expect.stringMatching(/^\[::1\]:\d+$/)]);
  });

  test('lose a body whose length nobody announced', async () => {
    await using host = await start(() => app.http('a', { handler: echo }));
    const chunked = ['POST /a HTTP/1.1', 'Transfer-Encoding: chunked'];
    expect(await raw(host.url, chunked, '2\r\nhi\r\n0\r\n\r\n')).toContain('"body":""');
  });

  test('too long are refused', async () => {
    await using host = await start(() => app.http('a', { handler: echo }), { maxBodyBytes: 10 });
    const tooMuch = { method: 'POST', body: 'x'.repeat(11) };
    expect((await fetch(`${host.url}/a`, tooMuch)).status).toBe(413);
    expect((await fetch(`${host.url}/a?${'x'.repeat(9000)}`)).status).toBe(414);
  });

  test('without a sound Host or path are refused', async () => {
    await using host = await start(() => app.http('a', { handler: echo }));
    expect(await raw(host.url, ['GET http://evil.example/a HTTP/1.1'])).toContain(' 400 ');
    const evil = httpRequest(`${host.url}/a`, { headers: { host: 'user@evil' } }).end();
    const status = new Promise((done) => evil.on('response', (r) => done(r.statusCode)));
    expect(await status).toBe(400);
  });

  test('with another method are not found, HEAD included', async () => {
    await using host = await start(() => {
      app.http('read', { methods: ['GET'], route: 'both', handler: () => ({ body: 'read' }) });
      app.http('write', { methods: ['PUT'], route: 'both', handler: () => ({ body: 'write' }) });
      app.http('headed', { methods: ['GET', 'HEAD'], handler: () => ({ body: 'here' }) });
    });
    const answerTo = async (method: string, path: string) => {
      const answer = await fetch(host.url + path, { method });
      return [answer.status, await answer.text()];
    };
    expect(await answerTo('GET', '/both')).toEqual([200, 'read']);
    expect(await answerTo('PUT', '/both')).toEqual([200, 'write']);
    expect(await answerTo('DELETE', '/both')).toEqual([404, '']);
    expect(await answerTo('HEAD', '/both')).toEqual([404, '']);
    expect(await answerTo('HEAD', '/headed')).toEqual([200, '']);
  });

  test('need the key only where a function asks for one', async () => {
    await using host = await start(
      () => {
        app.http('open', { handler: echo });
        app.http('keyed', { authLevel: 'function', handler: echo });
      },
      { hostKey: 'the-key' },
    );
    expect((await fetch(`${host.url}/open?code=an-oauth-code`)).status).toBe(200);
    expect((await fetch(`${host.url}/keyed`)).status).toBe(401);
    expect((await fetch(`${host.url}/keyed?code=an-oauth-code`)).status).toBe(401);
    expect((await fetch(`${host.url}/keyed?code=the-key`)).status).toBe(200);
  });
});

describe('answers', () => {
  test('set each cookie in a header of its own', async () => {
    const base = { name: 'c', value: 'v' };
    await using host = await start(() =>
      app.http('a', {
        handler: () => ({
          headers: { 'set-cookie': 'raw=1' },
          cookies: [
            { ...base, sameSite: 'Lax', httpOnly: true, secure: true, maxAge: 60 },
            { ...base, sameSite: 'None' },
            { ...base, value: 'a b!', path: '/x' },
            { ...base, value: '', maxAge: 0, expires: new Date(0) },
          ],
        }),
      }),
    );
    expect((await fetch(`${host.url}/a`)).headers.getSetCookie()).toEqual([
      'raw=1',
      'c=v; max-age=60; path=/; secure; samesite=lax; httponly',
      'c=v; path=/; samesite=none',
      'c=a%20b%21; path=/x',
      'c=; max-age=0; path=/',
    ]);
  });

  test('of a function that throws or hangs say nothing', async () => {
    await using host = await start(
      () => {
        app.http('throws', {
          handler: () => {
            throw new Error('a detail');
          },
        });
        app.http('wrong', { handler: () => 'a string' as never });
        app.http('hangs', { handler: () => new Promise(() => undefined) });
        app.http('nothing', { handler: () => undefined as never });
      },
      { hostJson: await hostJson('00:00:01') },
    );
    for (const name of ['throws', 'wrong', 'hangs']) {
      const answer = await fetch(`${host.url}/${name}`);
      expect([answer.status, await answer.text()]).toEqual([500, '']);
    }
    expect((await fetch(`${host.url}/nothing`)).status).toBe(204);
    expect(host.lines.join('\n')).toContain('throws failed: Error: a detail');
    expect(host.lines.join('\n')).toContain('hangs failed: Error: no answer within 1000 ms');
  });

  test('are logged by path and table calls, without the query', async () => {
    const records: RequestRecord[] = [];
    await using host = await start(
      () =>
        app.http('a', {
          route: 'mfa/verify',
          handler: async () => {
            countCall();
            await setTimeout(1);
            countCall();
            return {};
          },
        }),
      { onRequest: (record) => records.push(record) },
    );
    countCall();
    await Promise.all([
      fetch(`${host.url}/mfa/verify?secret=s`, { method: 'POST' }),
      fetch(`${host.url}/mfa/verify?secret=s`),
      fetch(`${host.url}/nowhere?secret=s`),
    ]);
    expect(host.lines.toSorted()).toEqual([
      'GET /mfa/verify 200 · 2 calls',
      'GET /nowhere 404 · 0 calls',
      'GET,POST /mfa/verify  a',
      'POST /mfa/verify 200 · 2 calls',
    ]);
    expect(records).toContainEqual({
      method: 'POST',
      path: '/mfa/verify',
      name: 'a',
      status: 200,
      calls: 2,
      ms: expect.any(Number),
    });
  });
});

describe('the app', () => {
  test.each(['admin/x', '/Runtime', 'administrators'])('may not claim %s', async (route) => {
    await expect(start(() => app.http('a', { route, handler: echo }))).rejects.toThrow('reserved');
  });

  test('may not have two functions of one name or one address', async () => {
    const twice = (names: [string, string], routes: [string, string]) =>
      start(() => {
        app.http(names[0], { route: routes[0], handler: echo });
        app.http(names[1], { route: routes[1], handler: echo });
      });
    await expect(twice(['a', 'a'], ['x', 'y'])).rejects.toThrow('two functions are named a');
    await expect(twice(['a', 'b'], ['x/{id}', 'X/{name}'])).rejects.toThrow('functions a and b');
  });

  test('may not have other triggers', async () => {
    const queue = { queueName: 'q', connection: 'c', handler: () => undefined };
    await expect(start(() => app.storageQueue('a', queue))).rejects.toThrow('HTTP and timers only');
  });

  test('that does not load leaves no server behind', async () => {
    const { port, servers } = await listen(() => undefined, { port: 0, addresses: ['127.0.0.1'] });
    await closeServers(servers);
    const load = () => Promise.reject(new Error('no configuration'));
    await expect(startHost({ port, load })).rejects.toThrow('no configuration');
    await using host = await start(() => undefined, { port });
    expect(host.port).toBe(port);
  });

  test('may be modules, which serve several hosts of one process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'host-'));
    const file = join(folder, 'hello.mjs');
    const library = JSON.stringify(import.meta.resolve('@azure/functions'));
    const handler = '() => ({ body: process.env.GREETING })';
    await writeFile(
      file,
      `import { app } from ${library};\napp.http('hello', { handler: ${handler} });\n`,
    );
    for (const greeting of ['hi', 'hello again']) {
      const env = (url: string) => ({ GREETING: `${greeting} from ${url}` });
      await using host = await startHost({ port: 0, load: [file], env, log: () => undefined });
      expect(host.functions).toEqual([
        {
          kind: 'http',
          name: 'hello',
          methods: ['GET', 'POST'],
          route: '/hello',
          authLevel: 'anonymous',
        },
      ]);
      expect(await (await fetch(`${host.url}/hello`)).text()).toBe(`${greeting} from ${host.url}`);
    }
    expect(process.env['GREETING']).toBeUndefined();
    await rm(folder, { recursive: true });
  });
});

describe('the address', () => {
  test('localhost is served on both of its addresses', async () => {
    await using host = await start(() => app.http('a', { handler: echo }));
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${name}:${host.port}/a`)).status).toBe(200);
    }
  });

  test.each(localhostAddresses)('a port busy on %s is named', async (address) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, address, resolve));
    const { port } = other.address() as { port: number };
    await expect(start(() => undefined, { port })).rejects.toThrow(
      new RegExp(`^port ${port} is in use: `),
    );
    other.close();
  });
});

describe('the end', () => {
  test('comes after the requests that run', async () => {
    let ended = false;
    const host = await start(() =>
      app.http('slow', {
        handler: async () => {
          await setTimeout(120);
          ended = true;
          return { body: 'done' };
        },
      }),
    );
    const answer = fetch(`${host.url}/slow`).then((response) => response.text());
    await setTimeout(40);
    await host.close();
    expect(ended).toBe(true);
    expect(await answer).toBe('done');
    await expect(fetch(`${host.url}/slow`)).rejects.toThrow();
  });
});

describe('timers', () => {
  test('run when fired, one run after the other, and tell of failures', async () => {
    const runs: string[] = [];
    await using host = await start(
      () => {
        app.timer('tick', {
          schedule: '0 */5 * * * *',
          handler: async (timer) => {
            runs.push(`start ${timer.isPastDue}`);
            await setTimeout(20);
            runs.push('end');
          },
        });
        app.timer('broken', {
          schedule: '*/30 * * * * *',
          handler: () => {
            throw new Error('no luck');
          },
        });
      },
      { schedule: false },
    );
    expect(host.lines).toContain('timer 0 */5 * * * *  tick');
    await Promise.all([host.fireTimer('tick'), host.fireTimer('tick')]);
    expect(runs).toEqual(['start false', 'end', 'start false', 'end']);
    await expect(host.fireTimer('broken')).rejects.toThrow('no luck');
    await expect(host.fireTimer('nobody')).rejects.toThrow('no timer is named nobody');
  });

  test('run by their schedule', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const schedule = '* * * * * *';
    await using host = await start(() => app.timer('tick', { schedule, handler: () => resolve() }));
    await promise;
    expect(host.functions).toEqual([{ kind: 'timer', name: 'tick', schedule }]);
  });

  test('need six fields', async () => {
    const wrong = () => app.timer('tick', { schedule: '*/5 * * * *', handler: () => undefined });
    await expect(start(wrong)).rejects.toThrow('timer tick: */5 * * * * is no schedule');
  });
});

async function hostJson(functionTimeout: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'host-')), 'host.json');
  const extensions = { http: { routePrefix: '' } };
  await writeFile(file, JSON.stringify({ version: '2.0', extensions, functionTimeout }));
  return file;
}
