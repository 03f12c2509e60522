import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../core/errors.ts';
import { secondsMs } from '../core/time.ts';

/**
 * How often a vault that does not serve is asked. A vault is shared by every instance and throttles all of
 * them together: whoever is told to wait waits, and until then nothing is asked and nobody is kept waiting.
 */
export type VaultRefusal = {
  /** Undefined: no answer in time, or none at all. */
  readonly status: number | undefined;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
};

/** What is not worth a wait: the question itself was answered. */
export class VaultRefused extends Error {
  override readonly name = 'VaultRefused';
  readonly refusal: VaultRefusal;
  constructor(refusal: VaultRefusal) {
    super(`${refusal.status ?? 'no answer'} ${refusal.code}`);
    this.refusal = refusal;
  }
}

export type VaultPace = {
  /** `lane`: what is held back together where the fault is not the whole vault's. */
  call<T>(lane: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

type Hold = { readonly since: number; readonly until: number };

/** One attempt; what hangs longer than this is not waited for. */
const attemptMs = 3 * secondsMs;
const holdMaxMs = 60 * secondsMs;
const holdMs = { throttled: 5 * secondsMs, refused: 2 * secondsMs, unanswered: secondsMs } as const;
const retryPauseMs = 100;

export function vaultPace(clock: () => Date, timeoutMs: number = attemptMs): VaultPace {
  const holds = new Map<string, Hold>();
  const wholeVault = '*';

  /** A clock that went back does not make a hold longer. */
  const isHeld = (lane: string): boolean => {
    const hold = holds.get(lane);
    const at = clock().getTime();
    return hold !== undefined && at >= hold.since && at < hold.until;
  };
  const hold = (lane: string, ms: number): void => {
    const since = clock().getTime();
    holds.set(lane, { since, until: since + ms });
  };

  return {
    async call(lane, send) {
      if (isHeld(wholeVault) || isHeld(lane))
        throw new Fault('keyUnavailable', { detail: `vault ${lane}: held back` });
      for (let attempt = 1; ; attempt++) {
        try {
          return await send(AbortSignal.timeout(timeoutMs));
        } catch (thrown) {
          if (!(thrown instanceof VaultRefused)) throw thrown;
          const { status, retryAfterMs } = thrown.refusal;
          // a connection that broke is worth another try at once; whatever was said, or took its time, is not
          if (attempt === 1 && status === undefined && thrown.refusal.code !== 'AbortError') {
            await sleep(retryPauseMs * (0.5 + Math.random()));
            continue;
          }
          if (status === 429 || retryAfterMs !== undefined)
            hold(wholeVault, Math.min(retryAfterMs ?? holdMs.throttled, holdMaxMs));
          else if (isDown(status)) hold(lane, holdMs.unanswered);
          else if (status === 401 || status === 403) hold(lane, holdMs.refused);
          throw new Fault('keyUnavailable', { detail: `vault ${lane}`, cause: thrown });
        }
      }
    },
  };
}

const isDown = (status: number | undefined): boolean => status === undefined || status >= 500;
