import type { GuestId, SignInHash } from '../../core/ids.ts';
import { daysMs, isBefore, later } from '../../core/time.ts';
import type { Change, RowQuery, Store, StoredRow } from '../../ports.ts';
import { type Attempts, attemptsKey, attemptsRow } from '../../rows/attempts.ts';
import {
  type Authorization,
  authorizationCap,
  authorizationKey,
  authorizationPrefix,
  authorizationRow,
} from '../../rows/authorization.ts';
import { type Guest, guestKey, guestPartition, guestRow } from '../../rows/guest.ts';
import { type Method, methodPrefix, methodRow } from '../../rows/method.ts';
import { findRow, remove, rowsWith, type Versioned } from '../../rows/row.ts';
import { type Session, sessionPrefix, sessionRow } from '../../rows/session.ts';
import { isAbandoned } from './abandoned.ts';

/** One guest's partition as one query read it. */
export type GuestRows = {
  readonly guest: Versioned<Guest>;
  readonly methods: readonly Versioned<Method>[];
  readonly attempts: Versioned<Attempts> | undefined;
  readonly authorizations: readonly Versioned<Authorization>[];
  readonly sessions: readonly Versioned<Session>[];
};

/** Undefined: there is no such guest. */
export async function loadGuest(
  store: Store,
  id: GuestId,
  query?: RowQuery,
): Promise<GuestRows | undefined> {
  return readGuestRows(await store.load(guestPartition(id), query));
}

/** Profile, methods and one authorization: what a redemption needs, however many sessions live. */
export const accountAnd = (h: SignInHash): RowQuery => ({
  keys: [authorizationKey(h)],
  prefixes: ['account.'],
});

export const authorizationOf = (rows: GuestRows, h: SignInHash) =>
  rows.authorizations.find((row) => row.key === authorizationKey(h));

function readGuestRows(rows: readonly StoredRow[]): GuestRows | undefined {
  const guest = findRow(guestRow, rows, guestKey);
  return (
    guest && {
      guest,
      methods: rowsWith(methodRow, rows, methodPrefix),
      attempts: findRow(attemptsRow, rows, attemptsKey),
      authorizations: rowsWith(authorizationRow, rows, authorizationPrefix),
      sessions: rowsWith(sessionRow, rows, sessionPrefix),
    }
  );
}

/** By then the weekly pass has told the log of an abandoned sign-in. */
const toldMs = 8 * daysMs;

/**
 * Rows that can do nothing any more: they leave with the guest's next commit. A redeemed
 * authorization stays while its tokens live, so that a replay of its code can revoke them. As long as
 * there is room, one that is over stays, so that its browser is told so, and one that was abandoned,
 * so that clean-up can tell the log.
 */
export function ended(rows: GuestRows, now: Date): readonly Change[] {
  const [gone, staying] = parted(rows.authorizations, ({ value }) => {
    if (isAbandoned(value, now))
      return !isBefore(now, later(new Date(value.expiresAt), toldMs).toISOString());
    return !isBefore(now, value.tokens?.expiresAt ?? value.expiresAt);
  });
  const [terminal] = parted(
    staying,
    ({ value }) => ['over', 'revoked'].includes(value.state) || isAbandoned(value, now),
  );
  const oldestFirst = terminal.sort((a, b) => a.value.createdAt.localeCompare(b.value.createdAt));
  const excess = oldestFirst.slice(0, Math.max(0, staying.length - (authorizationCap - 1)));
  const sessions = rows.sessions.filter(
    ({ value }) => value.state === 'ended' || !isBefore(now, value.expiresAt),
  );
  return [...gone, ...excess, ...sessions].map(remove);
}

function parted<T>(list: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of list) (belongs(item) ? first : second).push(item);
  return [first, second];
}
