import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RpcCookie, RpcRequest, RpcResponse } from './invoke.ts';

type Nullable = Record<string, { value: string }>;

/**
 * The whole body. A body whose length was not announced arrives empty, as on the platform;
 * `undefined`: longer than allowed.
 */
export async function readBody(request: IncomingMessage, maxBytes: number) {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    if (announced > 0) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function toRpcRequest(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
): RpcRequest {
  return {
    url: url.href,
    method: request.method ?? 'GET',
    nullableHeaders: headersOf(request),
    nullableQuery: queryOf(url),
    nullableParams: toNullable(Object.entries(params)),
    body: body.length > 0 ? { bytes: body } : undefined,
  };
}

/** Writes the answer; the cookies' form is the platform's, attribute by attribute. */
export function writeResponse(response: ServerResponse, answer: RpcResponse | undefined): number {
  if (!answer) {
    response.writeHead(204).end();
    return 204;
  }
  const cookies: string[] = [];
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name === 'set-cookie') cookies.push(value);
    else if (!setByTheHost.has(name)) response.setHeader(name, value);
  }
  cookies.push(...answer.cookies.map(setCookie));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.statusCode = Number(answer.statusCode);
  response.end(answer.body?.bytes);
  return response.statusCode;
}

const setByTheHost = new Set(['content-length', 'transfer-encoding', 'connection', 'date']);

function setCookie(cookie: RpcCookie): string {
  const parts = [`${cookie.name}=${percentEscape(cookie.value)}`];
  if (cookie.expires) {
    parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  }
  if (cookie.maxAge) parts.push(`max-age=${Math.trunc(cookie.maxAge.value)}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  // in this reply 'none' is "no attribute", and a real None is 'explicitNone'
  if (cookie.sameSite === 'explicitNone') parts.push('samesite=none');
  else if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`samesite=${cookie.sameSite}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}

function percentEscape(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Repeated headers are joined, none is dropped; the socket's address comes last. */
function headersOf(request: IncomingMessage): Nullable {
  const { remoteAddress = '', remotePort = 0 } = request.socket;
  const address = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  const headers = toNullable(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      values?.join(',') ?? '',
    ]),
  );
  const forwarded = request.headersDistinct['x-forwarded-for'] ?? [];
  headers['x-forwarded-for'] = { value: [...forwarded, `${address}:${remotePort}`].join(', ') };
  return headers;
}

/** Names are one in any case and repeated values are joined by commas, as on the platform. */
function queryOf(url: URL): Nullable {
  const byName = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of url.searchParams) {
    const known = byName.get(name.toLowerCase());
    if (known) known.values.push(value);
    else byName.set(name.toLowerCase(), { name, values: [value] });
  }
  return toNullable([...byName.values()].map(({ name, values }) => [name, values.join(',')]));
}

function toNullable(entries: readonly (readonly [string, string])[]): Nullable {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
