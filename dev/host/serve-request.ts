import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { runCounted } from './call-counter.ts';
import { findRoute, type Route } from './http-functions.ts';
import { readBody, toRpcRequest, writeResponse } from './http-message.ts';
import { type HostLog, invokeHttp } from './invoke.ts';

/** One request: its path never carries the query, which may hold codes and states. */
export type RequestRecord = {
  method: string;
  path: string;
  /** The function that answered, if one did. */
  name?: string;
  status: number;
  /** Table calls the function made. */
  calls: number;
  ms: number;
};

export type ServeOptions = {
  routes: readonly Route[];
  functionTimeoutMs: number;
  maxBodyBytes: number;
  hostKey: string;
  log: HostLog;
};

type Served = { name?: string; status: number; calls: number };

// the platform's front end refuses longer ones
const maxUrlLength = 8192;

/** Answers one request as the platform's host would. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
): Promise<RequestRecord> {
  const started = performance.now();
  const method = request.method ?? 'GET';
  const url = requestUrl(request);
  const served = url
    ? await serve(request, response, url, options)
    : refuse(response, (request.url?.length ?? 0) > maxUrlLength ? 414 : 400);
  const path = url?.pathname ?? '?';
  return { method, path, ...served, ms: performance.now() - started };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  options: ServeOptions,
): Promise<Served> {
  const found = findRoute(options.routes, request.method ?? 'GET', url.pathname);
  if (!found) return refuse(response, 404);
  const { route, params } = found;
  const { name } = route;
  if (!mayCall(route, request, url, options.hostKey)) return { name, ...refuse(response, 401) };
  const body = await readBody(request, options.maxBodyBytes);
  if (!body) return { name, ...refuse(response, 413) };
  const rpc = toRpcRequest(request, url, params, body);
  const { result, calls } = await runCounted(async () => {
    try {
      const answer = invokeHttp(route.registration, rpc, options.log);
      return { answer: await withinMs(options.functionTimeoutMs, answer) };
    } catch (error) {
      // the function's own words may name a secret: they are for this log, not for the answer
      options.log(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      return undefined;
    }
  });
  if (!result) return { name, ...refuse(response, 500), calls };
  return { name, status: writeResponse(response, result.answer), calls };
}

function refuse(response: ServerResponse, status: number): Served {
  // a body that nobody read must not be taken for the next request
  if (status === 413) response.setHeader('connection', 'close');
  response.writeHead(status).end();
  return { status, calls: 0 };
}

function requestUrl(request: IncomingMessage): URL | undefined {
  const { url = '', headers } = request;
  const { host = '' } = headers;
  if (!url.startsWith('/') || url.includes('#') || url.length > maxUrlLength) return undefined;
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host)) return undefined;
  return URL.parse(`http://${host}${url}`) ?? undefined;
}

/** Function keys, only where a function asks for one; admin endpoints of ours use tokens. */
function mayCall(route: Route, request: IncomingMessage, url: URL, hostKey: string): boolean {
  if (route.authLevel === 'anonymous') return true;
  const given = request.headers['x-functions-key'] ?? url.searchParams.get('code') ?? '';
  const [a, b] = [Buffer.from(String(given)), Buffer.from(hostKey)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function withinMs<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
