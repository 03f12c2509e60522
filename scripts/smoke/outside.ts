/** A gateway seen from outside: what anybody gets who asks, without a secret. */
export type Outside = {
  readonly issuer: string;
  readonly get: (path: string, init?: RequestInit) => Promise<Answer>;
  /** The same path where nothing is encrypted; undefined where nobody answers. */
  readonly getPlain: (path: string) => Promise<Answer | undefined>;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds that the other clock is ahead, as far as its Date header says. */
  readonly aheadMs: number | undefined;
};

const patienceMs = 15_000;

export function lookAt(issuer: string, ask: typeof fetch = fetch): Outside {
  async function answerOf(url: string, init: RequestInit): Promise<Answer> {
    const response = await ask(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
      ...init,
    });
    const text = await response.text();
    const date = Date.parse(response.headers.get('date') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: objectOf(text),
      aheadMs: Number.isNaN(date) ? undefined : date - Date.now(),
    };
  }
  const { hostname } = new URL(issuer);
  return {
    issuer,
    get: (path, init = {}) => answerOf(`${issuer}${path}`, init),
    getPlain: (path) => answerOf(`http://${hostname}${path}`, {}).catch(() => undefined),
  };
}

/** `fetch failed` says nothing; its cause does (`ECONNREFUSED`, `ENOTFOUND`, a certificate's fault). */
export function noAnswer(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = cause instanceof Error ? cause.message : String(cause);
  return `no answer: ${typeof code === 'string' ? code : why}`;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
