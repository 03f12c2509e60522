import { parseDuration, parseInstant } from '../dates.ts';
import type { KnownFacts } from '../known-facts.ts';
import { isConfigured, isObject, type JsonObject, member } from '../wire.ts';

/** When acceptances of one agreement end. */
interface Expiry {
  readonly reacceptAfterMs: number | undefined;
  readonly dates: { readonly start: number; readonly everyMs: number | undefined } | undefined;
}

/** By id in lower case; undefined for terms whose expiry cannot be read. */
export type TermsTable = ReadonlyMap<string, Expiry | undefined>;

/** @see Graph: agreement, termsExpiration */
function readExpiry(agreement: JsonObject): Expiry | undefined {
  const frequency = member(agreement, 'userReacceptRequiredFrequency');
  const reacceptAfterMs = parseDuration(frequency);
  if (isConfigured(frequency) && reacceptAfterMs === undefined) return undefined;
  const expiration = member(agreement, 'termsExpiration');
  if (!isConfigured(expiration)) return { reacceptAfterMs, dates: undefined };
  if (!isObject(expiration)) return undefined;
  const start = parseInstant(member(expiration, 'startDateTime'));
  const interval = member(expiration, 'frequency');
  const everyMs = parseDuration(interval);
  if (start === undefined || (isConfigured(interval) && everyMs === undefined)) return undefined;
  return { reacceptAfterMs, dates: { start, everyMs } };
}

/** Reads `termsOfUse` of a set. Of two with one id nobody knows which was accepted. */
export function readTerms(agreements: readonly unknown[]): TermsTable {
  const table = new Map<string, Expiry | undefined>();
  for (const agreement of agreements) {
    const id = isObject(agreement) ? member(agreement, 'id') : undefined;
    if (!isObject(agreement) || typeof id !== 'string') continue;
    const key = id.toLowerCase();
    table.set(key, table.has(key) ? undefined : readExpiry(agreement));
  }
  return table;
}

/** The last expiry date not after `now`, if there was one. */
function lastDate(
  { start, everyMs }: NonNullable<Expiry['dates']>,
  now: number,
): number | undefined {
  if (now < start) return undefined;
  return everyMs === undefined ? start : start + Math.floor((now - start) / everyMs) * everyMs;
}

/** Whether an acceptance still holds. Without its date it holds only where nothing expires. */
function isValid(expiry: Expiry, at: number | undefined, now: number | undefined): boolean {
  const { reacceptAfterMs, dates } = expiry;
  if (reacceptAfterMs === undefined && dates === undefined) return true;
  if (at === undefined || now === undefined) return false;
  if (reacceptAfterMs !== undefined && now >= at + reacceptAfterMs) return false;
  const ended = dates === undefined ? undefined : lastDate(dates, now);
  return ended === undefined || ended <= at;
}

/** Whether the terms with this id are accepted, by whichever acceptance. */
export function isAccepted(id: string, expiry: Expiry, facts: KnownFacts): boolean {
  return facts.termsAccepted.some((a) => a.id === id && isValid(expiry, a.at, facts.now));
}
