import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { formOf } from '../../dev/browser.ts';
import { leavingOf } from '../../dev/walk.ts';

/** A request as it is written, so that a test can say what fetch would not. */
export type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer | URLSearchParams;
};

export type Got = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  readonly text: string;
  readonly location: string | undefined;
};

export type Send = (url: string, sent?: Sent) => Promise<Got>;

/** Every authorization answer that went through a sender, so that a test can see the rule was used. */
export type Watched = { authorizationAnswers: number; postRedirects: number };

const form = 'application/x-www-form-urlencoded';

/**
 * Sends over HTTP and holds every answer of these issuers, whatever the test is about, against two
 * rules: an authorization answer names its issuer (RFC 9207), and a POST is never answered by a
 * redirect that would carry its body along (307, 308).
 */
export function createSender(
  issuers: () => readonly string[],
  onAnswer: (got: Got, url: string) => void = () => undefined,
): {
  readonly send: Send;
  readonly watched: Watched;
} {
  const watched: Watched = { authorizationAnswers: 0, postRedirects: 0 };

  async function send(url: string, sent: Sent = {}): Promise<Got> {
    const got = await exchange(url, sent);
    const { origin } = new URL(url);
    if (!issuers().includes(origin)) return got;
    onAnswer(got, url);
    if ((sent.method ?? 'GET') === 'POST' && got.status >= 300 && got.status < 400) {
      watched.postRedirects++;
      if (got.status !== 303) throw new Error(`R09: a POST was answered by ${got.status}`);
    }
    const answer = authorizationAnswerOf(got, origin);
    if (answer) {
      watched.authorizationAnswers++;
      if (answer.get('iss') !== origin)
        throw new Error(`R05: an authorization answer without its issuer: ${answer.toString()}`);
    }
    return got;
  }
  return { send, watched };
}

async function exchange(url: string, { method = 'GET', headers = {}, body }: Sent): Promise<Got> {
  const bytes =
    body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body.toString());
  const given: Record<string, string | readonly string[]> = {
    ...(body instanceof URLSearchParams ? { 'content-type': form } : {}),
    ...headers,
  };
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  const outgoing = httpRequest(
    url,
    {
      method,
      headers: {
        ...(given as Record<string, string | string[]>),
        ...(bytes && !('content-length' in given) ? { 'content-length': bytes.length } : {}),
      },
    },
    (incoming) => {
      const { location } = incoming.headers;
      buffer(incoming).then(
        (answered) =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            setCookies: incoming.headers['set-cookie'] ?? [],
            text: answered.toString(),
            location: location === undefined ? undefined : new URL(location, url).href,
          }),
        reject,
      );
    },
  );
  outgoing.on('error', reject).end(bytes);
  return promise;
}

/** The parameters that leave for an app (or come back from a home), if this answer carries any. */
export function authorizationAnswerOf(got: Got, origin?: string): URLSearchParams | undefined {
  const leaving = got.location ?? leavingOf(got.text);
  if (leaving !== undefined && !(origin && leaving.startsWith(`${origin}/`))) {
    const { searchParams } = new URL(leaving);
    return searchParams.has('code') || searchParams.has('error') ? searchParams : undefined;
  }
  const { action, fields } = formOf(got.text);
  const leaves = /^https?:/.test(action) && (fields.has('code') || fields.has('error'));
  return leaves ? fields : undefined;
}

export const jsonOf = (got: Got): Record<string, unknown> =>
  JSON.parse(got.text) as Record<string, unknown>;
