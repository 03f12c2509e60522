import http from 'node:http';
import https from 'node:https';
import { isAddressLiteral } from '../../checks/home-address.ts';
import { Fault } from '../../core/errors.ts';
import { isLoopbackHost } from '../../core/loopback.ts';
import { guardedLookup, type Resolve, systemResolve } from './guarded-fetch-lookup.ts';

export type GuardedFetchOptions = {
  /** http, and this machine by its three plain names: development and tests only. */
  readonly allowLoopback: boolean;
  /** `URL.host` values: a port other than the scheme's own is part of the name. */
  readonly allowedHosts: readonly string[];
  /** From the first DNS question to the last byte of the body. */
  readonly totalMs?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly resolve?: Resolve | undefined;
};

/** The part of `fetch`'s second argument that is understood; fits oauth4webapi's `customFetch`. */
export type GuardedRequest = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};

export type GuardedFetch = (address: string, request: GuardedRequest) => Promise<Response>;

export const guardedFetchLimits = { totalMs: 5000, maxBytes: 256 * 1024 } as const;

/**
 * A `fetch` for addresses that partners can influence. Every answer is read whole, within time and
 * size, before it is given out; redirects and compressed answers are errors. Throws
 * `Fault('homeUnavailable')`, whose `detail` names the refusal. The status has **not** been judged
 * beyond 3xx, nor the content type.
 */
export function guardedFetch(options: GuardedFetchOptions): GuardedFetch {
  return async (address, request) => {
    const url = URL.parse(address);
    const refusal = url ? urlRefusal(url, options) : 'addressMalformed';
    if (!url || refusal)
      throw new Fault('homeUnavailable', { detail: refusal ?? 'addressMalformed' });
    return exchange(url, request, options);
  };
}

function urlRefusal(url: URL, options: GuardedFetchOptions): string | undefined {
  const loopback = options.allowLoopback && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'notHttps';
  if (url.username || url.password) return 'addressWithCredentials';
  if (isAddressLiteral(url.hostname) && !loopback) return 'addressLiteral';
  return options.allowedHosts.includes(url.host) ? undefined : 'hostNotAllowed';
}

function exchange(
  url: URL,
  request: GuardedRequest,
  options: GuardedFetchOptions,
): Promise<Response> {
  const { totalMs = guardedFetchLimits.totalMs, maxBytes = guardedFetchLimits.maxBytes } = options;
  const body = bodyText(request.body);
  const expected = isLoopbackHost(url.hostname) ? 'loopback' : 'public';
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
    method: request.method,
    headers: { ...request.headers, 'accept-encoding': 'identity' },
    // A connection of its own: one kept alive may be dead, and a code must not be sent twice.
    agent: false,
    lookup: guardedLookup(expected, options.resolve ?? systemResolve),
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  });

  const fail = (detail: string, cause?: unknown) => {
    reject(cause instanceof Fault ? cause : new Fault('homeUnavailable', { detail, cause }));
    outgoing.destroy();
  };
  const deadline = setTimeout(() => fail('tooSlow'), totalMs);
  const aborted = () => fail('aborted', request.signal?.reason);
  request.signal?.addEventListener('abort', aborted, { once: true });
  if (request.signal?.aborted) aborted();

  outgoing.on('error', (cause) => fail('unreachable', cause));
  outgoing.on('response', (incoming) => {
    incoming.on('error', (cause) => fail('unreachable', cause));
    const refusal = answerRefusal(incoming, maxBytes);
    if (refusal) {
      fail(refusal);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail('tooLarge');
      else chunks.push(chunk);
    });
    incoming.on('end', () => {
      try {
        resolve(answerOf(incoming, Buffer.concat(chunks)));
      } catch (cause) {
        // Thrown in an event handler it would end the process.
        fail('answerMalformed', cause);
      }
    });
  });
  outgoing.end(body);

  return promise.finally(() => {
    clearTimeout(deadline);
    request.signal?.removeEventListener('abort', aborted);
  });
}

function answerRefusal(incoming: http.IncomingMessage, maxBytes: number): string | undefined {
  const { statusCode = 0, headers } = incoming;
  if (statusCode < 200 || statusCode > 599) return 'statusUnknown';
  if (statusCode >= 300 && statusCode < 400) return 'redirect';
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return 'compressed';
  return Number(headers['content-length'] ?? 0) > maxBytes ? 'tooLarge' : undefined;
}

function answerOf(incoming: http.IncomingMessage, bytes: Buffer<ArrayBuffer>): Response {
  const status = incoming.statusCode ?? 0;
  const contentType = incoming.headers['content-type'];
  return new Response(status === 204 || status === 205 ? null : bytes, {
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  });
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only text and form bodies are sent');
}
