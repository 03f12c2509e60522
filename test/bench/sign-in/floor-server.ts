import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { clientId, redirectUri, serveBench } from './protocol.ts';

/**
 * The floor: the same four requests written by hand, with PKCE and the same two signatures, and
 * with next to no validation. Nobody should use it; nobody can be faster.
 */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const requests = new Map<string, URLSearchParams>();
const codes = new Map<string, URLSearchParams>();
const token = () => randomBytes(16).toString('base64url');

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', url);
  const go = (to: string) => void response.writeHead(303, { location: to }).end();
  const id = searchParams.get('id') ?? '';
  switch (pathname) {
    case '/authorize': {
      const fresh = token();
      requests.set(fresh, searchParams);
      return go(`/login?id=${fresh}`);
    }
    case '/login':
      return go(`/back?id=${id}`);
    case '/back': {
      const asked = requests.get(id);
      requests.delete(id);
      const code = token();
      if (asked) codes.set(code, asked);
      return go(`${redirectUri}?code=${code}&state=${asked?.get('state')}`);
    }
    default:
      return redeem(new URLSearchParams(await text(request)), response);
  }
}

async function redeem(form: URLSearchParams, response: ServerResponse): Promise<void> {
  const code = form.get('code') ?? '';
  const asked = codes.get(code);
  codes.delete(code);
  const verifier = form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (asked?.get('code_challenge') !== challenge) return void response.writeHead(400).end();
  const sign = (typ: string, audience: string) =>
    new SignJWT({ nonce: asked.get('nonce'), name: 'Guest', tid: 'bench', scope: 'openid' })
      .setProtectedHeader({ alg: 'RS256', typ, kid: 'bench' })
      .setIssuer(url)
      .setSubject('guest')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
  const [access, id] = await Promise.all([sign('at+jwt', url), sign('JWT', clientId)]);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ access_token: access, token_type: 'Bearer', id_token: id }));
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
serveBench(url);
