import type { KeyState } from '../core/key-list.ts';
import { daysMs, hoursMs, type Instant, minutesMs } from '../core/time.ts';

/**
 * When a signing key is published, used and put away: a function of the times on the rows and of `now`, so
 * that every instance comes to the same answer and nothing has to happen at the moment itself.
 *
 *   next ──useFrom──▶ current ──useFrom of its successor──▶ former ──overlap──▶ retired
 *   any of them ──revokedAt──▶ revoked
 *
 * Where no key is in use (the one in use is revoked or has ended, or this clock is behind the one of the
 * instance that made it) the next is current before its time.
 */
export type KeyTimes = {
  readonly kid: string;
  readonly alg: string;
  readonly useFrom: Instant;
  readonly revokedAt?: Instant | undefined;
  /** The vault's word: from then on it signs nothing with it. */
  readonly endsAt?: Date | undefined;
};

/** Published so long before its use: apps that read the key set once a day have it by then. */
export const publishAheadMs = daysMs;

/** A key is looked at again when it was proven so long ago: it may have been disabled since, or be back. */
export const proofAgeMs = 5 * minutesMs;

/** An instance reads the rows again when what it knows is older than this. */
export const keysAgeMs = minutesMs;

/** A new key for what is sealed and derived: every instance knows it before any of them uses it. */
export const secretAheadMs = 10 * minutesMs;

/** A signing key that the app makes itself has a successor made when it is as old as this. */
export const renewAfterMs = 90 * daysMs;

const longestTokenMs = hoursMs;
/** What `/jwks` allows caches. */
const keySetCacheMs = 5 * minutesMs;
/** Two clocks, and an instance that has not read the rows again. */
const slackMs = 5 * minutesMs;

/** INVARIANT: no token outlives the publication of the key that signed it, unless the key is revoked. */
export const overlapMs = longestTokenMs + keySetCacheMs + slackMs;

/** All keys of one algorithm or of several; only those that are proven to be ours. */
export function keyStates<Key extends KeyTimes>(
  keys: readonly Key[],
  now: Date,
): ReadonlyMap<Key, KeyState> {
  const states = new Map<Key, KeyState>();
  for (const ofOne of Map.groupBy(keys, ({ alg }) => alg).values()) {
    // newest first: whatever came into use after a key is its successor
    let successor: Key | undefined;
    for (const key of ofOne.toSorted((a, b) => compareKeys(b, a))) {
      states.set(key, stateOf(key, successor, now));
      if (cameIntoUse(key, now)) successor = key;
    }
    const signs = ofOne.some((key) => states.get(key) === 'current');
    const waiting = ofOne.filter((key) => states.get(key) === 'next').toSorted(compareKeys);
    if (!signs && waiting[0]) states.set(waiting[0], 'current');
  }
  return states;
}

function stateOf(key: KeyTimes, successor: KeyTimes | undefined, now: Date): KeyState {
  if (key.revokedAt !== undefined) return 'revoked';
  if (Date.parse(key.useFrom) > now.getTime()) return 'next';
  if (!successor) return hasEnded(key, now) ? 'former' : 'current';
  return now.getTime() < Date.parse(successor.useFrom) + overlapMs ? 'former' : 'retired';
}

const hasEnded = ({ endsAt }: KeyTimes, now: Date): boolean =>
  endsAt !== undefined && endsAt <= now;

/** One that was revoked before its time never took over. */
function cameIntoUse({ useFrom, revokedAt }: KeyTimes, now: Date): boolean {
  if (revokedAt !== undefined && Date.parse(revokedAt) <= Date.parse(useFrom)) return false;
  return Date.parse(useFrom) <= now.getTime();
}

/** By the time of use; of two at once the greater id comes later, wherever they are compared. */
export function compareKeys(a: KeyTimes, b: KeyTimes): number {
  const byTime = Date.parse(a.useFrom) - Date.parse(b.useFrom);
  if (byTime !== 0) return byTime;
  return a.kid < b.kid ? -1 : Number(a.kid > b.kid);
}

/** Until when a key that is published stays so; undefined: until another takes over. */
export function publishedUntil(
  key: KeyTimes,
  keys: readonly KeyTimes[],
  now: Date,
): Date | undefined {
  const successors = keys.filter(
    (each) => each.alg === key.alg && compareKeys(each, key) > 0 && cameIntoUse(each, now),
  );
  const [first] = successors.toSorted(compareKeys);
  return first && new Date(Date.parse(first.useFrom) + overlapMs);
}
