import { randomToken } from '../../core/ids.ts';
import type { MailMessage, MailResult, Partition } from '../../ports.ts';
import { removeAnyway } from '../../rows/row.ts';
import type { House } from '../house.ts';

/** Where a row of the outbox lies, and under which operation it is mailed. */
export type Posted = {
  readonly partition: Partition;
  readonly key: string;
  readonly operation: string;
};

/** Once more while there is time, where the service did not answer: the operation is the same. */
const attempts = 2;

/**
 * Mails what has just been put into the outbox, in the time that `signal` leaves. What was not taken
 * stays there for the timer; nothing of it is the guest's concern.
 */
export async function mailNow(
  house: House,
  posted: Posted,
  message: MailMessage,
  signal: AbortSignal,
): Promise<void> {
  let result: MailResult = { kind: 'unavailable', why: 'no time' };
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    result = await sendOnce(house, posted.operation, message, signal);
    if (result.kind !== 'unavailable') break;
  }
  if (result.kind === 'accepted' || result.kind === 'refused') await takeOut(house, posted);
}

/** One request to the service, told to the journal where it did not go well. */
export async function sendOnce(
  house: House,
  operation: string,
  message: MailMessage,
  signal: AbortSignal,
): Promise<MailResult> {
  const result: MailResult = (await house.mail?.send(message, operation, signal)) ?? {
    kind: 'unavailable',
    why: 'not configured',
  };
  const told = { operation, mail: message.kind };
  switch (result.kind) {
    case 'accepted':
      house.journal.line('info', 'mailAccepted', told);
      break;
    case 'refused':
      house.journal.line('warning', 'mailRefused', { ...told, why: result.why });
      break;
    case 'throttled':
      house.journal.line('alarm', 'mailThrottled', told);
      break;
    case 'unavailable':
      house.journal.line('warning', 'mailUnavailable', { ...told, why: result.why });
  }
  return result;
}

/** A row that stays behind is mailed once more under the same operation: the guest gets one mail. */
export async function takeOut(
  house: House,
  { partition, key }: Pick<Posted, 'partition' | 'key'>,
): Promise<void> {
  try {
    await house.store.commit(partition, [removeAnyway(key)], randomToken());
  } catch {
    house.journal.line('warning', 'outboxRowStays', { key });
  }
}
