import { Fault } from '../../core/errors.ts';

/** What a fetch brought. `refused`: it was read and must not be used, nor what was kept before. */
export type Fetched<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'refused'; readonly detail: string };

export type Kept<T> = {
  /** A fresh value, or a stale one while the source is down. */
  current(now: Date): Promise<T>;
  /** Fetched again unless that was tried within `retryMs`: for a value that seems outdated. */
  refetched(now: Date): Promise<T>;
};

export type KeptSpans = {
  readonly freshMs: number;
  readonly staleMs: number;
  /** Between two attempts while a value is kept … */
  readonly retryMs: number;
  /** … and while none is: shorter, because nobody can sign in. */
  readonly coldRetryMs: number;
};

/**
 * One document of a partner, kept in memory. Parallel callers share one fetch. Both verbs throw
 * `Fault('homeUnavailable')` when there is nothing to give; a failed attempt is remembered, so that
 * a source that is down is not asked by every request.
 *
 * ```
 * fetched ── freshMs ──► fetched again, waited for ── fails ──► stale, tried every retryMs ── staleMs ──► nothing
 *                                └ refused ─────────────────────────────────────────────────────────────────┘
 * ```
 */
export function keep<T>(fetch: (now: Date) => Promise<Fetched<T>>, spans: KeptSpans): Kept<T> {
  let kept: { readonly value: T; readonly atMs: number } | undefined;
  let tried: { readonly atMs: number; readonly fault?: unknown } | undefined;
  let running: Promise<void> | undefined;

  async function attempt(now: Date): Promise<void> {
    // The moment of asking, not of the answer: a slow answer must not make its content younger.
    const atMs = now.getTime();
    tried = { atMs };
    try {
      const fetched = await fetch(now);
      kept = fetched.kind === 'value' ? { value: fetched.value, atMs } : undefined;
      if (fetched.kind === 'refused') {
        tried = { atMs, fault: new Fault('homeUnavailable', { detail: fetched.detail }) };
      }
    } catch (fault) {
      tried = { atMs, fault };
    }
  }

  function attemptTogether(now: Date): Promise<void> {
    running ??= attempt(now).finally(() => {
      running = undefined;
    });
    return running;
  }

  function mayTry(now: Date): boolean {
    const waitMs = usable(now) ? spans.retryMs : spans.coldRetryMs;
    return running !== undefined || !tried || !within(now, tried.atMs, waitMs);
  }

  function usable(now: Date): { readonly value: T } | undefined {
    return kept && within(now, kept.atMs, spans.staleMs) ? kept : undefined;
  }

  async function refetched(now: Date): Promise<T> {
    if (mayTry(now)) await attemptTogether(now);
    const found = usable(now);
    if (found) return found.value;
    const { fault } = tried ?? {};
    const detail = fault instanceof Fault ? fault.detail : undefined;
    throw new Fault('homeUnavailable', { detail: detail ?? 'unreadable', cause: fault });
  }

  return {
    current: async (now) =>
      kept && within(now, kept.atMs, spans.freshMs) ? kept.value : refetched(now),
    refetched,
  };
}

/** Either way, so that a clock set back does not keep a value fresh for ever. */
function within(now: Date, atMs: number, spanMs: number): boolean {
  return Math.abs(now.getTime() - atMs) < spanMs;
}
