import { isBefore } from '../core/time.ts';
import type { ScannedRow } from '../ports.ts';
import { authorizationPrefix, authorizationRow } from '../rows/authorization.ts';
import { readRow } from '../rows/row.ts';
import { sessionPrefix, sessionRow } from '../rows/session.ts';
import type { HouseWithScan } from './house.ts';
import { logLines } from './log.ts';
import { abandonedLine, isAbandoned } from './sign-in/abandoned.ts';

const pageRows = 1_000;

/**
 * The weekly pass over all guests: takes away what no commit of theirs has, and tells the log of
 * sign-ins that nobody ended. It costs by what lives, so it is counted apart from clean-up.
 */
export async function pruneGuests(
  house: HouseWithScan,
  now: Date,
): Promise<{ readonly removed: number }> {
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await house.scan.scan(
      'guests',
      { from: '', to: '~' },
      { limit: pageRows, cursor },
    );
    const over: ScannedRow[] = [];
    for (const row of page.rows) if (await isOver(house, row, now)) over.push(row);
    removed += await house.scan.remove('guests', over);
    cursor = page.cursor;
  } while (cursor !== undefined);
  house.journal.line('info', 'pruneGuests', { removed });
  return { removed };
}

/** A row that cannot be read stays: nothing is known of it, and an alarm says so. */
async function isOver(house: HouseWithScan, row: ScannedRow, now: Date): Promise<boolean> {
  try {
    if (row.key.startsWith(sessionPrefix)) {
      const { value } = readRow(sessionRow, row);
      return value.state === 'ended' || !isBefore(now, value.expiresAt);
    }
    if (!row.key.startsWith(authorizationPrefix)) return false;
    const { value } = readRow(authorizationRow, row);
    if (isBefore(now, value.tokens?.expiresAt ?? value.expiresAt)) return false;
    if (isAbandoned(value, now))
      await logLines(house, [abandonedLine(row.partition, row.key, value)]);
    return true;
  } catch {
    house.journal.line('alarm', 'guestRowUnreadable', { guest: row.partition });
    return false;
  }
}
