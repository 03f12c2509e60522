import { asFault } from '../../core/errors.ts';
import { randomToken } from '../../core/ids.ts';
import { dayOf, daysMs, isBefore, later, minutesMs, secondsMs } from '../../core/time.ts';
import type { MailMessage, Partition, StoredRow } from '../../ports.ts';
import { countPartitions } from '../../rows/mailbox.ts';
import { type Outbox, outboxPrefix, outboxRow } from '../../rows/outbox.ts';
import { readRow, replace, type Versioned } from '../../rows/row.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { configurationIfAny, type House } from '../house.ts';
import { passcodeMailOf } from '../passcode/passcode-mail.ts';
import { noticeOf } from './notices.ts';
import { sendOnce, takeOut } from './outbox.ts';

/**
 * Timer `mail-outbox`: mails what no request could, today's and what is left of yesterday. A row is
 * claimed by pushing its next try ahead before it is mailed, so two timers at once mail it once; and
 * were it mailed twice, the operation is the same.
 */
export async function emptyOutbox(house: House, now: Date): Promise<{ readonly mailed: number }> {
  const configuration = await configurationIfAny(house);
  let mailed = 0;
  if (!configuration) return { mailed };
  for (const day of [dayOf(later(now, -daysMs)), dayOf(now)])
    for (const partition of countPartitions(day))
      for (const row of await dueRows(house, partition, now)) {
        const outcome = await mailIfReadable({ house, configuration, partition, now }, row);
        // everybody waits as long as the service asks for
        if (outcome === 'throttled') return { mailed };
        if (outcome === 'accepted') mailed++;
      }
  return { mailed };
}

async function dueRows(
  house: House,
  partition: Partition,
  now: Date,
): Promise<readonly Versioned<Outbox>[]> {
  const rows = await house.store.load(partition, { prefixes: [outboxPrefix] });
  return rows
    .flatMap((row) => readable(house, row) ?? [])
    .filter(({ value }) => !isBefore(now, value.notBefore));
}

/** What somebody broke must not stop the others; it goes with its day. */
function readable(house: House, row: StoredRow): Versioned<Outbox> | undefined {
  try {
    return readRow(outboxRow, row);
  } catch {
    house.journal.line('alarm', 'outboxRowUnreadable', { key: row.key });
    return undefined;
  }
}

/** Where it lies, and what to mail it with. */
type Work = {
  readonly house: House;
  readonly configuration: Configuration;
  readonly partition: Partition;
  readonly now: Date;
};

type Outcome = 'accepted' | 'throttled' | 'not';

async function mailIfReadable(work: Work, row: Versioned<Outbox>): Promise<Outcome> {
  try {
    return await mail(work, row);
  } catch (thrown) {
    const { code } = asFault(thrown);
    if (code !== 'sealBroken' && code !== 'storedRowUnreadable') throw thrown;
    work.house.journal.line('alarm', 'outboxRowUnreadable', { key: row.key });
    return 'not';
  }
}

/** One mail may take this long; nobody waits for it. */
const sendMs = 10 * secondsMs;
const firstPauseMs = 30 * secondsMs;
const longestPauseMs = 10 * minutesMs;

async function mail(work: Work, row: Versioned<Outbox>): Promise<Outcome> {
  const { house, partition, now } = work;
  const message = isBefore(now, row.value.expiresAt) ? await messageOf(work, row.value) : undefined;
  if (!message) {
    house.journal.line('warning', 'mailDropped', { operation: row.value.operation });
    await takeOut(house, { partition, key: row.key });
    return 'not';
  }
  const pauseMs = Math.min(firstPauseMs * 2 ** row.value.tries, longestPauseMs);
  if (!(await postpone(work, row, later(now, pauseMs)))) return 'not';
  const { signal } = house.pace(sendMs);
  const result = await sendOnce(house, row.value.operation, message, signal);
  switch (result.kind) {
    case 'accepted':
    case 'refused':
      await takeOut(house, { partition, key: row.key });
      return result.kind === 'accepted' ? 'accepted' : 'not';
    case 'throttled':
      return 'throttled';
    case 'unavailable':
      return 'not';
  }
}

/** The compare-and-swap by which one timer has the row. */
async function postpone(
  { house, partition }: Work,
  row: Versioned<Outbox>,
  notBefore: Date,
): Promise<boolean> {
  const later = { ...row.value, tries: row.value.tries + 1, notBefore: notBefore.toISOString() };
  return (await house.store.commit(partition, [replace(row, later)], randomToken())) === 'done';
}

/** Undefined: what it was about is void, or has nobody to be mailed to. */
const messageOf = (
  { house, configuration, partition, now }: Work,
  mail: Outbox,
): Promise<MailMessage | undefined> =>
  mail.kind === 'passcode'
    ? passcodeMailOf(house, configuration, { partition, mail }, now)
    : noticeOf(house, configuration, mail);
