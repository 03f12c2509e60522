import type { JsonObject } from '../core/json.ts';
import { securityHeaders, type WebResponse } from './headers.ts';

/** Any origin may read the answer: for metadata, keys and the token endpoint alone. */
export const openToAnyOrigin = { 'Access-Control-Allow-Origin': '*' } as const;

/** Not cached unless `headers` says so. */
export function jsonAnswer(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): WebResponse {
  return {
    status,
    headers: {
      ...securityHeaders(),
      'Content-Type': 'application/json; charset=utf-8',
      ...headers,
    },
    cookies: [],
    body: JSON.stringify(body),
  };
}

/** Carries tokens. @see RFC 6749 §5.1 */
export function tokenAnswer(body: JsonObject): WebResponse {
  return jsonAnswer(200, body, { ...openToAnyOrigin, ...neverCached });
}

/**
 * `extra` are members beside the two standard ones (`suberror`, `error_codes`, `claims`, …).
 * @see RFC 6749 §5.2
 * @see RFC 6750 §3
 */
export function oauthError(
  status: number,
  error: string,
  description: string,
  extra: JsonObject = {},
): WebResponse {
  const plain = describable(description);
  return jsonAnswer(
    status,
    { error, error_description: plain, ...extra },
    { ...openToAnyOrigin, ...neverCached, ...challengeFor(status, error, plain) },
  );
}

export type GraphDetail = {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
};

/**
 * Microsoft Graph's error body. `details` name each fault of a request with several.
 * @see https://learn.microsoft.com/graph/errors
 */
export function graphError(
  status: number,
  code: string,
  message: string,
  more: {
    readonly details?: readonly GraphDetail[];
    readonly requestId?: string;
    readonly date?: Date;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): WebResponse {
  const innerError: JsonObject = {
    ...(more.date && { date: more.date.toISOString().slice(0, 19) }),
    ...(more.requestId !== undefined && { 'request-id': more.requestId }),
  };
  const error: JsonObject = {
    code,
    message,
    ...(more.details?.length ? { details: more.details } : {}),
    ...(Object.keys(innerError).length > 0 ? { innerError } : {}),
  };
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
  return jsonAnswer(status, { error }, { ...challenge, ...more.headers });
}

// `Pragma` is a MUST of RFC 6749 §5.1; no cache of today needs it
const neverCached = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** The characters that `error_description` may have; also safe inside a quoted header value. */
function describable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}

function challengeFor(status: number, error: string, description: string): Record<string, string> {
  if (status === 401 && error === 'invalid_client') {
    return { 'WWW-Authenticate': 'Basic realm="token", charset="UTF-8"' };
  }
  if (error === 'invalid_token' || error === 'insufficient_scope') {
    return {
      'WWW-Authenticate': `Bearer error="${error}", error_description="${description}"`,
    };
  }
  return {};
}
