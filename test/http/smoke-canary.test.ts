import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canary } from '../../scripts/smoke/canary.ts';
import { lookAt } from '../../scripts/smoke/outside.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

/** A stand-in of Azure Monitor's query API, which cannot run here: it keeps what the gateway was asked. */

type Workspace = {
  /** Of the address that was asked. */
  readonly kept: (url: URL) => Readonly<Record<string, string>>;
  /** Queries that are answered before anything has arrived. */
  readonly lateBy?: number;
  readonly status?: number;
  readonly body?: string;
};

let world: HttpWorld;
let workspace: Workspace;
let asked: URL | undefined;
const queries: { readonly query: string; readonly authorization: string | undefined }[] = [];

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query } = JSON.parse(await text(request));
  queries.push({ query, authorization: request.headers.authorization });
  const word = /^search "\*(\w+)\*" \| distinct \$table$/.exec(query)?.[1] ?? '?';
  const kept = asked && queries.length > (workspace.lateBy ?? 0) ? workspace.kept(asked) : {};
  const rows = Object.entries(kept)
    .filter(([, line]) => line.includes(word))
    .map(([table]) => [table]);
  const columns = [{ name: '$table', type: 'string' }];
  response
    .writeHead(workspace.status ?? 200, { 'content-type': 'application/json' })
    .end(workspace.body ?? JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows }] }));
}
const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  world = await startHttpWorld();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}, 60_000);
afterAll(async () => {
  server.close();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  queries.length = 0;
  asked = undefined;
});

const workspaceId = '00000000-0000-4000-8000-000000000001';
const noting: typeof fetch = (input, init) => {
  asked = new URL(input as string);
  return fetch(input, init);
};
const look = (given: Workspace) => {
  workspace = given;
  const logs = { endpoint: endpoint(), workspaceId, token: 'readers', pauseMs: 1, pauses: 3 };
  return canary(lookAt(world.issuer, noting), logs);
};

const cut = ({ origin, pathname }: URL) => `${origin}${pathname}`;

describe('smoke looks for query strings in the logs', () => {
  it('finds none where they are cut off, however late the lines come', async () => {
    const found = await look({ kept: (url) => ({ AppRequests: cut(url) }), lateBy: 2 });
    expect(found).toEqual({ check: 'query strings in logs', faults: [] });
    expect(queries).toHaveLength(4);
    expect(new Set(queries.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer readers']),
    );
  });

  it('names the tables that keep them', async () => {
    const { faults } = await look({
      kept: (url) => ({
        AppTraces: `Executing ${url.href}`,
        AppRequests: cut(url),
        AppDependencies: url.href,
      }),
    });
    expect(faults).toEqual(['a query string is kept in AppDependencies, AppTraces']);
  });

  it('is not misled by a workspace that logs its queries', async () => {
    const { faults } = await look({
      kept: () => ({ LAQueryLogs: queries.map(({ query }) => query).join() }),
    });
    expect(faults[0]).toMatch(/nothing can be said/);
    const found = await look({
      kept: (url) => ({ AppRequests: cut(url), LAQueryLogs: url.href }),
    });
    expect(found.faults).toEqual([]);
  });

  it('finds it inside a longer word', async () => {
    const { faults } = await look({
      kept: (url) => ({
        AppRequests: cut(url),
        AppTraces: encodeURIComponent(url.href).replaceAll('%', ''),
      }),
    });
    expect(faults).toEqual(['a query string is kept in AppTraces']);
  });

  it.each<readonly [string, Partial<Workspace>, RegExp]>([
    ['nothing arrives', { kept: () => ({}) }, /nothing can be said/],
    ['only what is older arrives', { lateBy: 9 }, /nothing can be said/],
    ['the token is not good for it', { status: 403 }, /answers 403/],
    [
      'the answer is a part',
      { body: '{"tables":[{"rows":[["AppRequests"]]}],"error":{"code":"PartialError"}}' },
      /no table/,
    ],
    ['the answer is no table', { body: '{"tables":[]}' }, /no table/],
  ])('says nothing good when %s', async (_, given, said) => {
    const { faults } = await look({ kept: (url) => ({ AppRequests: cut(url) }), ...given });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(said);
  });

  it('the words it looks for are new each time', async () => {
    const kept = (url: URL) => ({ AppRequests: cut(url) });
    await look({ kept });
    await look({ kept });
    expect(new Set(queries.map(({ query }) => query)).size).toBe(4);
  });

  it.each([
    ['log-vestibule is no GUID', ['--workspace', 'log-vestibule'], 'token'],
    ['VESTIBULE_LOGS_TOKEN is missing', ['--workspace', workspaceId], undefined],
    ['VESTIBULE_LOGS_TOKEN is missing', ['--workspace', workspaceId], ''],
    [
      'http://api.loganalytics.example is not https',
      ['--workspace', workspaceId, '--logs', 'http://api.loganalytics.example'],
      'token',
    ],
    ['x is no origin', ['--workspace', workspaceId, '--logs', 'x'], 'token'],
    ['--logs says nothing without --workspace', ['--logs', 'https://x.example'], 'token'],
  ])('the command says what is wrong: %s', async (said, args, token) => {
    const { VESTIBULE_LOGS_TOKEN: __, ...env } = process.env;
    const ran = promisify(execFile)(
      process.execPath,
      ['scripts/smoke.ts', 'http://127.0.0.1:9', ...args],
      { env: token === undefined ? env : { ...env, VESTIBULE_LOGS_TOKEN: token } },
    );
    await expect(ran).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`${said.replaceAll('.', '\\.')}[^]*npm run smoke`)),
    });
  });
});
