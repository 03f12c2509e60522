import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { app } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { countCall } from '../../../dev/host/call-counter.ts';
import type { RequestRecord } from '../../../dev/host/serve-request.ts';
import { start } from './started-host.ts';

describe('answers of the local host', () => {
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

async function hostJson(functionTimeout: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'host-')), 'host.json');
  const extensions = { http: { routePrefix: '' } };
  await writeFile(file, JSON.stringify({ version: '2.0', extensions, functionTimeout }));
  return file;
}
