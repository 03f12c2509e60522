import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { app } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { echo, start } from './started-host.ts';

type Echo = { params: unknown; query: unknown; headers: [string, string][]; body: string };

const echoOf = async (response: Response) => (await response.json()) as Echo;

/** One request as bytes, for what fetch would not send. */
async function raw(url: string, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  return text(socket);
}

describe('requests to the local host', () => {
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
