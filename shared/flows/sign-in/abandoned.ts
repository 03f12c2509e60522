import { hashOf } from '../../core/ids.ts';
import { logPlaceOf } from '../../core/reference.ts';
import { isBefore } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { Versioned } from '../../rows/row.ts';
import type { SignInLogLine } from '../log.ts';

/**
 * A sign-in of a known guest that nobody ended: left at a step, or with a code that no app redeemed.
 * Its log row is written by whoever takes it away: clean-up, or the guest's own next commits.
 */
export const isAbandoned = (value: Authorization, now: Date): boolean =>
  (value.state === 'open' || value.state === 'code') && !isBefore(now, value.expiresAt);

export const abandoned = (
  { authorizations }: { readonly authorizations: readonly Versioned<Authorization>[] },
  now: Date,
): readonly Versioned<Authorization>[] =>
  authorizations.filter(({ value }) => isAbandoned(value, now));

/** All that is known of the facts where nothing was decided. */
export const fromAddress = (ipAddress: string | undefined) =>
  ipAddress === undefined ? {} : { facts: { ipAddress } };

/** Place and operation follow from the row: told twice, it stands in the log once. */
export function abandonedLine(guest: string, key: string, value: Authorization): SignInLogLine {
  const { expiresAt, state, request, decision, events } = value;
  return {
    place: logPlaceOf(new Date(expiresAt), key),
    operationId: hashOf('abandoned', guest, key),
    entry: {
      kind: 'signIn',
      at: expiresAt,
      result: 'failure',
      guest,
      app: request.clientId,
      cause: state === 'code' ? 'codeNotRedeemed' : 'abandoned',
      ...fromAddress(value.browser.ipAddress),
      code: decision.code,
      setVersion: decision.setVersion,
      outcome: decision.outcome,
      events,
    },
  };
}
