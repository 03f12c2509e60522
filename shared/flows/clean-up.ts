import { hashOf, readGuestId } from '../core/ids.ts';
import { inParallel } from '../core/parallel.ts';
import { logPlaceOf } from '../core/reference.ts';
import { daysMs, hourOf, hoursMs, later } from '../core/time.ts';
import type { ScannedRow, TableName } from '../ports.ts';
import { authorizationPrefix, authorizationRow } from '../rows/authorization.ts';
import { expiredBefore } from '../rows/expiring.ts';
import { guestPartition } from '../rows/guest.ts';
import type { SignInLog } from '../rows/log.ts';
import { findRow, readRow } from '../rows/row.ts';
import { hashOfKey, type SignIn, signInPrefix, signInRow } from '../rows/sign-in.ts';
import { configurationIfAny, type HouseWithScan } from './house.ts';
import { logLines, logSignIn } from './log.ts';
import { abandonedLine, fromAddress, isAbandoned } from './sign-in/abandoned.ts';

/** Rows of one partition lie together, so a long page is few deletions. */
const pageRows = 1_000;

/** What has to be told of a page is told by so many at once: each waits for tables, not for others. */
const toldAtOnce = 8;

/** What is older than yesterday is over for good: around midnight the day before still counts. */
const keptMs = 26 * hoursMs;

/**
 * Deletes what is left of past days, by key range: the cost follows what expired, never what lives.
 * A sign-in that nobody ended leaves its log row first. Expiry itself is judged at every read; this
 * only makes room.
 */
export async function cleanUp(
  house: HouseWithScan,
  now: Date,
): Promise<{ readonly removed: number; readonly removedFromLog: number }> {
  const past = expiredBefore(later(now, -keptMs));
  const removed = await removeAll(house, 'expiring', past, async (row) => {
    if (row.key.startsWith(signInPrefix)) await tellAbandoned(house, row, now);
  });
  const days = (await configurationIfAny(house))?.settings.signInLogDays;
  const pastLog = days === undefined ? undefined : logBefore(later(now, -days * daysMs));
  const removedFromLog = pastLog ? await removeAll(house, 'log', pastLog, async () => {}) : 0;
  // asked anew: the count of what was removed does not say what was not
  const done =
    (await isEmpty(house, 'expiring', past)) &&
    (pastLog === undefined || (await isEmpty(house, 'log', pastLog)));
  house.journal.line('info', 'cleanUp', { removed, removedFromLog, done });
  return { removed, removedFromLog };
}

const logBefore = (end: Date): Range => ({ from: 'signin.', to: `signin.${hourOf(end)}` });

type Range = { readonly from: string; readonly to: string };

/** A run that is cut short leaves the rest to the next: what is left is where it stopped. */
async function removeAll(
  house: HouseWithScan,
  table: TableName,
  range: Range,
  before: (row: ScannedRow) => Promise<void>,
): Promise<number> {
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await house.scan.scan(table, range, { limit: pageRows, cursor });
    await inParallel(page.rows, toldAtOnce, before);
    removed += await house.scan.remove(table, page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return removed;
}

async function isEmpty(house: HouseWithScan, table: TableName, range: Range): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const page = await house.scan.scan(table, range, { limit: 1, cursor });
    if (page.rows.length > 0) return false;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return true;
}

async function tellAbandoned(house: HouseWithScan, row: ScannedRow, now: Date): Promise<void> {
  const value = readable(house, row);
  if (!value || value.state === 'over') return;
  if (value.state === 'known') return tellAbandonedLater(house, value, row.key, now);
  // whose mailbox it was about: who guesses there must be found in the log
  const guest = value.door === 'mail' ? value.mailbox.guest : undefined;
  const entry: SignInLog = {
    kind: 'signIn',
    at: value.expiresAt,
    result: 'failure',
    ...(guest ? { guest } : {}),
    app: value.request.clientId,
    cause: 'abandoned',
    ...fromAddress(value.ipAddress),
    code: null,
    events: value.events,
  };
  // place and operation follow from the row: two clean-ups, or one that was killed, write one entry
  const place = logPlaceOf(new Date(value.expiresAt), row.key);
  await logSignIn(house, place, entry, hashOf('abandoned', row.key));
}

/** The first factor was shown: what became of it lies with its guest. */
async function tellAbandonedLater(
  house: HouseWithScan,
  { guest }: SignIn,
  key: string,
  now: Date,
): Promise<void> {
  const id = readGuestId(guest ?? '');
  if (!id) return;
  const authorizationKey = `${authorizationPrefix}${hashOfKey(key)}`;
  const rows = await house.store.load(guestPartition(id), { keys: [authorizationKey] });
  try {
    const row = findRow(authorizationRow, rows, authorizationKey);
    if (row && isAbandoned(row.value, now))
      await logLines(house, [abandonedLine(id, row.key, row.value)]);
  } catch {
    house.journal.line('alarm', 'expiredRowUnreadable', { key });
  }
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
