// §11.12: terms of use.
import type { Facts } from './facts.ts';
import { isConfigured, isObject, type Json, same } from './reading.ts';
import { open, type Standing, satisfied, unsatisfiable } from './standing.ts';
import { durationOf, timeOf } from './time.ts';

interface Expiry {
  readonly after: number | undefined;
  readonly start: number | undefined;
  readonly every: number | undefined;
}

/** Nothing: it cannot be read. */
function expiryOf(terms: Json): Expiry | undefined {
  const reaccept = terms['userReacceptRequiredFrequency'];
  const after = isConfigured(reaccept) ? durationOf(reaccept) : undefined;
  if (isConfigured(reaccept) && after === undefined) return undefined;
  const expiration = terms['termsExpiration'];
  if (!isConfigured(expiration)) return { after, start: undefined, every: undefined };
  if (!isObject(expiration)) return undefined;
  const start = timeOf(expiration['startDateTime']);
  if (start === undefined) return undefined;
  const frequency = expiration['frequency'];
  const every = isConfigured(frequency) ? durationOf(frequency) : undefined;
  if (isConfigured(frequency) && every === undefined) return undefined;
  return { after, start, every };
}

function hasExpired(expiry: Expiry, at: number | undefined, now: number | undefined): boolean {
  const { after, start, every } = expiry;
  if (after === undefined && start === undefined) return false;
  // An acceptance without a time counts only where nothing expires.
  if (at === undefined || now === undefined) return true;
  if (after !== undefined && now >= at + after) return true;
  if (start === undefined) return false;
  if (every === undefined) return at < start && start <= now;
  // The last of the dates that is not after now.
  if (start > now) return false;
  const last = start + Math.floor((now - start) / every) * every;
  return at < last;
}

export function termsStanding(id: string, terms: readonly Json[], facts: Facts): Standing {
  const agreement = terms.find((entry) => typeof entry['id'] === 'string' && same(entry['id'], id));
  const expiry = agreement === undefined ? undefined : expiryOf(agreement);
  if (expiry === undefined) return unsatisfiable(53003);
  const accepted = facts.accepted.some(
    (acceptance) => same(acceptance.id, id) && !hasExpired(expiry, acceptance.at, facts.now),
  );
  return accepted ? satisfied : open('acceptTerms');
}
