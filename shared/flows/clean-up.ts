import { hashOf } from '../core/ids.ts';
import { logPlaceOf } from '../core/reference.ts';
import { hoursMs, later } from '../core/time.ts';
import type { ScannedRow } from '../ports.ts';
import type { SignInLog } from '../rows/log.ts';
import { readRow } from '../rows/row.ts';
import { expiredBefore, type SignIn, signInRow } from '../rows/sign-in.ts';
import type { HouseWithScan } from './house.ts';
import { logSignIn } from './log.ts';

const pageRows = 100;

/**
 * Deletes what is left of past days, by key range: the cost follows what expired, never what lives.
 * A sign-in that never got anywhere leaves its log row first. Expiry itself is judged at every
 * read; this only makes room.
 */
export async function cleanUp(
  house: HouseWithScan,
  now: Date,
): Promise<{ readonly removed: number }> {
  // a row made at the end of a day counts for a day: what is older than yesterday is over for good
  const range = expiredBefore(later(now, -26 * hoursMs));
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await house.scan.scan('expiring', range, { limit: pageRows, cursor });
    for (const row of page.rows) await logAbandoned(house, row);
    removed += await house.scan.remove('expiring', page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  house.journal.line('info', 'cleanUp', { removed });
  return { removed };
}

async function logAbandoned(house: HouseWithScan, row: ScannedRow): Promise<void> {
  if (!row.key.startsWith('signin.')) return;
  const value = readable(house, row);
  if (!value || value.state === 'known' || value.state === 'over') return;
  const entry: SignInLog = {
    kind: 'signIn',
    at: value.expiresAt,
    result: 'failure',
    app: value.request.clientId,
    cause: 'abandoned',
    code: null,
    events: value.events,
  };
  // place and operation follow from the row: two clean-ups, or one that was killed, write one entry
  const place = logPlaceOf(new Date(value.expiresAt), row.key);
  await logSignIn(house, place, entry, hashOf('abandoned', row.key));
}

/** A row that cannot be read has expired all the same: it must not stop the others. */
function readable(house: HouseWithScan, row: ScannedRow): SignIn | undefined {
  try {
    return readRow(signInRow, row).value;
  } catch {
    house.journal.line('alarm', 'expiredRowUnreadable', { key: row.key });
    return undefined;
  }
}
