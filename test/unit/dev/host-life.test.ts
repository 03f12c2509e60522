import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { app } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { startHost } from '../../../dev/host/start-host.ts';
import { closeServers, listen, localhostAddresses } from '../../../dev/listen.ts';
import { echo, start } from './started-host.ts';

describe('the app of the local host', () => {
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

describe('the address of the local host', () => {
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

describe('the end of the local host', () => {
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

describe('timers of the local host', () => {
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
