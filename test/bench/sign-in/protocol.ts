import { serveParent } from '../support/child.ts';
import { liveHeapBytes } from '../support/live-heap.ts';

/** What the bench asks of a server's process, and what it is told. */
export type Question = {
  /** Moves the server's clock on, so that the same guests come again some hours later. */
  readonly advanceMs?: number;
  /** Signs in this many guests inside the process, without HTTP. */
  readonly signIns?: number;
  /** Collects garbage before it answers. */
  readonly collect?: boolean;
};

export type State = {
  readonly url: string;
  /** CPU time of the whole process until now, thread pool included. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** What is reachable, where a collection was asked for. */
  readonly liveBytes: number;
  /** How far the server's clock is ahead. */
  readonly aheadMs: number;
  /** How long the asked sign-ins took. */
  readonly tookMs: number;
};

/** How many guests are under way at once. */
export const atOnce = 8;

export const redirectUri = 'http://127.0.0.1:9/callback';
export const clientId = 'b5c0a1de-7e57-4b3c-9a11-000000000001';
export const scope = 'openid profile email';

// one pair for everyone: making one is the app's work, not the server's
const verifier = 'a-verifier-of-the-bench-which-is-long-enough-0123456789';
const challenge = 'EtoYQ8fM8zAInK_AdTMu22JsaAyMs-W8GV0k7xKvmR8';

export const authorizationQuery = (state: string) => ({
  client_id: clientId,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope,
  state,
  nonce: `nonce-${state}`,
  code_challenge: challenge,
  code_challenge_method: 'S256',
});

export const tokenForm = (code: string) => ({
  grant_type: 'authorization_code',
  client_id: clientId,
  redirect_uri: redirectUri,
  code_verifier: verifier,
  code,
});

/** In the server's process. */
export function serveBench(
  url: string,
  own: {
    readonly clock?: { aheadMs: number };
    readonly signIns?: (count: number) => Promise<void>;
  } = {},
): void {
  const { clock = { aheadMs: 0 }, signIns } = own;
  const state = (tookMs: number, liveBytes = 0): State => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    const rssBytes = process.memoryUsage.rss();
    return { url, cpuMs, rssBytes, liveBytes, aheadMs: clock.aheadMs, tookMs };
  };
  serveParent<Question, State>(state(0), async (question) => {
    clock.aheadMs += question.advanceMs ?? 0;
    const started = performance.now();
    if (question.signIns) await signIns?.(question.signIns);
    const tookMs = performance.now() - started;
    return question.collect ? state(tookMs, liveHeapBytes()) : state(tookMs);
  });
}

/** Runs `work` for 0 … count−1, `atOnce` under way. */
export async function together(
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
