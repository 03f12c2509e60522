import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run } from '../../../cli/run.ts';

/**
 * A server that answers what a test says, for answers that the real admin API gives rarely or never:
 * 5xx, links to elsewhere, names full of control characters. The real one is used in test/e2e.
 */
export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Said = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

export const clientId = '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b0ad';
export const clientSecret = 'the secret: of + this / client %';
export const accessToken = 'header.payload-of-the-access-token.signature';

export async function startStandIn(answer: (asked: Asked, issuer: string) => Said) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      asked.push(one);
      const said = answer(one, issuer);
      response.writeHead(said.status ?? 200, {
        'content-type': 'application/json',
        ...said.headers,
      });
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    asked,
    env: {
      VESTIBULE_ISSUER: issuer,
      VESTIBULE_CLIENT_ID: clientId,
      VESTIBULE_CLIENT_SECRET: clientSecret,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const tokenSaid: Said = {
  body: { access_token: accessToken, token_type: 'Bearer', expires_in: 3600 },
};

/** Signs in whoever comes, and answers everything else by `answer`. */
export const startAdmin = (answer: (asked: Asked, issuer: string) => Said) =>
  startStandIn((asked, issuer) => (asked.url === '/token' ? tokenSaid : answer(asked, issuer)));

/** A command line within this process. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { isTTY = false } = {},
) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const exitCode = await run(args, { env, stdout: stream('stdout'), stderr: stream('stderr') });
  return { exitCode, ...written };
}
