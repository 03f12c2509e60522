import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../core/errors.ts';
import { secondsMs } from '../../core/time.ts';

/** What the vault said in the place of an answer. */
export type VaultRefusal = {
  /** Undefined: no answer in time, or none at all. */
  readonly status: number | undefined;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
};

/** Of these the pace learns how the vault fares. */
export class VaultRefused extends Error {
  override readonly name = 'VaultRefused';
  readonly refusal: VaultRefusal;
  constructor(refusal: VaultRefusal) {
    super(`${refusal.status ?? 'no answer'} ${refusal.code}`);
    this.refusal = refusal;
  }
}

/**
 * How often a vault that does not serve is asked. A vault is shared by every instance and throttles all of
 * them together: whoever is told to wait waits, and until then nothing is asked and nobody is kept waiting.
 * When the time is over one request tries; the others go as it went.
 */
export type VaultPace = {
  /** `lane`: what is held back together where the fault is not the whole vault's. */
  call<T>(lane: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

/** Stands from a failure to the next success: nothing is asked until it is over, then one request at a time. */
type Hold = {
  readonly since: number;
  readonly until: number;
  /** Trials that failed as well. */
  readonly failedTrials: number;
  trial?: Promise<void> | undefined;
};

/** One attempt; what hangs longer than this is not waited for. */
const attemptMs = 3 * secondsMs;
/** As the vault says, though no longer than `toldMost`; otherwise twice as long after each failed trial. */
const holdMs = {
  throttled: 5 * secondsMs,
  refused: 2 * secondsMs,
  unanswered: secondsMs,
  most: 30 * secondsMs,
  toldMost: 60 * secondsMs,
} as const;
const retryPauseMs = 100;
const wholeVault = '*';

export function vaultPace(clock: () => Date, timeoutMs: number = attemptMs): VaultPace {
  const holds = new Map<string, Hold>();

  /** A clock that went back does not make a hold longer. */
  const isOn = ({ since, until }: Hold): boolean => {
    const at = clock().getTime();
    return at >= since && at < until;
  };

  /** The holds that this request is to try, often none; it waits for another that tries already. */
  async function admitted(lane: string, trial: Promise<void>): Promise<ReadonlyMap<string, Hold>> {
    for (;;) {
      const standing = new Map(
        [wholeVault, lane].flatMap((name) => {
          const found = holds.get(name);
          return found ? [[name, found]] : [];
        }),
      );
      const found = [...standing.values()];
      if (found.some(isOn))
        throw new Fault('keyUnavailable', { detail: `vault ${lane}: held back` });
      const other = found.find((each) => each.trial !== undefined);
      if (other) await other.trial;
      else {
        for (const each of found) each.trial = trial;
        return standing;
      }
    }
  }

  /** What was under way already when a hold began says nothing new. */
  function hold(tried: ReadonlyMap<string, Hold>, { name, firstMs, toldMs }: Failure): void {
    const former = holds.get(name);
    if (former !== tried.get(name)) return;
    const failedTrials = former ? former.failedTrials + 1 : 0;
    const ms =
      toldMs === undefined
        ? Math.min(firstMs * 2 ** failedTrials, holdMs.most)
        : Math.min(Math.max(toldMs, holdMs.unanswered), holdMs.toldMost);
    const since = clock().getTime();
    holds.set(name, { since, until: since + ms, failedTrials });
  }

  async function attempt<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await send(AbortSignal.timeout(timeoutMs));
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
      await sleep(retryPauseMs * (0.5 + Math.random()));
      return send(AbortSignal.timeout(timeoutMs));
    }
  }

  return {
    async call(lane, send) {
      const trial = Promise.withResolvers<void>();
      const tried = await admitted(lane, trial.promise);
      let failure: Failure | undefined;
      try {
        return await attempt(send);
      } catch (thrown) {
        failure = failureOf(lane, thrown);
        if (thrown instanceof VaultRefused)
          throw new Fault('keyUnavailable', { detail: `vault ${lane}`, cause: thrown });
        throw thrown;
      } finally {
        if (failure) hold(tried, failure);
        else for (const name of tried.keys()) holds.delete(name);
        // one key's request found out that the vault is not there at all
        if (failure && !failure.isAnswer && failure.name !== wholeVault && tried.has(wholeVault))
          hold(tried, { ...failure, name: wholeVault });
        for (const each of tried.values()) each.trial = undefined;
        trial.resolve();
      }
    },
  };
}

/** What is held back, and for how long at first, or as the vault says. */
type Failure = {
  readonly name: string;
  readonly firstMs: number;
  readonly toldMs?: number;
  /** The vault is there, and refuses this. */
  readonly isAnswer?: true;
};

/** Undefined: it was an answer, though not the one that was hoped for. */
function failureOf(lane: string, thrown: unknown): Failure | undefined {
  // no token: one identity opens every lane
  if (!(thrown instanceof VaultRefused)) return { name: wholeVault, firstMs: holdMs.unanswered };
  const { status, retryAfterMs } = thrown.refusal;
  if (retryAfterMs !== undefined)
    return { name: wholeVault, firstMs: holdMs.throttled, toldMs: retryAfterMs };
  if (status === 429) return { name: wholeVault, firstMs: holdMs.throttled };
  if (isDown(status)) return { name: lane, firstMs: holdMs.unanswered };
  if (status === 401 || status === 403)
    return { name: lane, firstMs: holdMs.refused, isAnswer: true };
  return undefined;
}

const isDown = (status: number | undefined): boolean => status === undefined || status >= 500;

/** A connection that broke is worth another try at once; whatever was said, or took its time, is not. */
const isBroken = (thrown: unknown): boolean =>
  thrown instanceof VaultRefused &&
  thrown.refusal.status === undefined &&
  thrown.refusal.code !== 'AbortError';
