import { z } from 'zod';
import { CliError, exitCodes } from './cli-error.ts';
import { faultOf, tokenFaultOf } from './faults.ts';
import { readIssuer } from './issuer.ts';

export type Connection = { readonly issuer: string } & (
  | { readonly clientId: string; readonly clientSecret: string }
  | { readonly token: string }
);

export type Method = 'GET' | 'PUT' | 'POST';

export type Sent = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: no JSON. Not checked against any schema. */
  readonly body: unknown;
};

export type Client = {
  readonly issuer: string;
  /**
   * `path` begins with `/`, or is a link that the server gave; one that leads elsewhere is refused.
   * Whatever is not 2xx is thrown as a `CliError`.
   */
  request(method: Method, path: string, sent?: Sent): Promise<Answer>;
};

/** As long as Azure lets a request take; that nobody listens at all shows after ten seconds. */
const timeoutMs = 230_000;
/** A token is not used in its last minute. */
const marginMs = 60_000;

/** Nothing is sent before the first request. */
export function openClient(connection: Connection): Client {
  const issuer = readIssuer(connection.issuer);
  const bearer = 'token' in connection ? given(connection.token) : earned(issuer, connection);
  return {
    issuer,
    async request(method, path, { body, headers } = {}) {
      const url = urlBelow(issuer, path);
      const token = await bearer();
      const answer = await send(url, {
        method,
        headers: {
          ...headers,
          Accept: 'application/json',
          Authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (isOk(answer)) return answer;
      throw faultOf(`${method} ${url.pathname}`, without(token, answer));
    },
  };
}

/** The body in its shape; an answer of another shape is no answer of the admin API. */
export function bodyOf<T>(schema: z.ZodType<T>, answer: Answer, what: string): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliError(
    `${what}: the answer is not understood (/${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''})`,
    {
      exitCode: exitCodes.unavailable,
      fix: 'check VESTIBULE_ISSUER, and that this CLI and the gateway are of the same version',
    },
  );
}

// ── tokens ───────────────────────────────────────────────────────────────────────────────────

/** What a header may carry; `fetch` would repeat anything else in its complaint. */
const tokenText = /^[\x21-\x7e]+$/;

function given(text: string) {
  const token = text.trim();
  if (!tokenText.test(token))
    throw new CliError('VESTIBULE_TOKEN is no access token', {
      exitCode: exitCodes.usage,
      fix: 'set it to the token alone, without "Bearer" and without line breaks',
    });
  return async () => token;
}

const tokenBody = z.object({
  access_token: z.string().regex(tokenText),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
});

/** By client credentials; one token serves every request until shortly before its end. */
function earned(issuer: string, client: { clientId: string; clientSecret: string }) {
  let kept: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    const asked = performance.now();
    if (kept && asked < kept.until) return kept.token;
    const answer = await send(new URL('/token', issuer), {
      method: 'POST',
      headers: {
        Accept: 'application/json',
        Authorization: basic(client.clientId, client.clientSecret),
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (!isOk(answer)) throw tokenFaultOf(issuer, without(client.clientSecret, answer));
    const { access_token: token, expires_in: seconds } = bodyOf(tokenBody, answer, 'POST /token');
    kept = { token, until: asked + seconds * 1000 - marginMs };
    return token;
  };
}

/** Both halves form-encoded: RFC 6749 §2.3.1. */
function basic(clientId: string, clientSecret: string): string {
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

// ── the wire ─────────────────────────────────────────────────────────────────────────────────

/** A refusal that repeats what it was sent must not carry it into somebody's build log. */
function without(secret: string, answer: Answer): Answer {
  // Anything shorter is no secret, and stands in the words of the answer itself.
  if (secret.length < 16) return answer;
  const text = JSON.stringify(answer.body) ?? '';
  return { ...answer, body: parsed(text.replaceAll(JSON.stringify(secret).slice(1, -1), '…')) };
}

const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** INVARIANT: a token goes to the issuer's own origin alone. */
function urlBelow(issuer: string, path: string): URL {
  const url = URL.canParse(path, issuer) ? new URL(path, issuer) : undefined;
  if (url?.origin === issuer && !url.username && !url.password) return url;
  throw new CliError(`the server's link leads away from ${issuer}: ${path}`, {
    exitCode: exitCodes.unavailable,
    fix: 'set VESTIBULE_ISSUER to the address that the gateway itself uses',
  });
}

async function send(url: URL, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      // A redirect would carry the secret elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(await response.text()),
    };
  } catch (cause) {
    throw new CliError(`${url.origin} cannot be reached: ${reasonOf(cause)}`, {
      exitCode: exitCodes.unavailable,
      fix: 'check VESTIBULE_ISSUER and that the gateway is running',
      cause,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` itself only says "fetch failed"; what happened is its cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
