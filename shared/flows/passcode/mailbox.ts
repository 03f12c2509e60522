import { baseMailboxOf } from '../../checks/mail-address.ts';
import { noSends, type Sends } from '../../checks/send-limits.ts';
import type { SignInId } from '../../core/ids.ts';
import { macOf, seal, sealKeyId, unseal } from '../../core/seal.ts';
import { dayOf, hoursMs, later } from '../../core/time.ts';
import type { Partition, StoredRow } from '../../ports.ts';
import { countPartition, mailboxKey, mailboxRow } from '../../rows/mailbox.ts';
import { findRow, type Versioned } from '../../rows/row.ts';
import { dayOfId, type MailSignIn, signInRow } from '../../rows/sign-in.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';

/** Name of a mailbox's count: says nothing about the address to whoever has the tables. */
export async function mailboxName(house: House, address: string): Promise<string> {
  const { key } = await keyFor(house.keys, 'limits');
  return macOf(key, 'mailbox', baseMailboxOf(address));
}

/** INVARIANT: a mailbox's codes of one UTC day are counted in one row, so none is sent under another. */
export const isOfToday = (id: SignInId, now: Date): boolean => dayOfId(id) === dayOf(now);

/** Where a passcode sign-in lies: with the count of its mailbox, under the day of its id. */
export const mailboxPartition = (id: SignInId, name: string): Partition =>
  countPartition(dayOfId(id), name);

/** Undefined: not this browser's, or of the other door. */
export function mailSignIn(
  rows: readonly StoredRow[],
  { key }: { readonly key: string },
): Versioned<MailSignIn> | undefined {
  const row = findRow(signInRow, rows, key);
  return row?.value.door === 'mail' ? { ...row, value: row.value } : undefined;
}

/** `place` is the sign-in's row: an address moved to another row does not open. */
export const sealAddress = async (house: House, place: string, address: string): Promise<string> =>
  seal(await keyFor(house.keys, 'mail-address'), `mail-address ${place}`, address);

export async function openAddress(
  house: House,
  place: string,
  { mailbox: { address } }: MailSignIn,
): Promise<string> {
  const key = await keyFor(house.keys, 'mail-address', sealKeyId(address));
  return unseal(key, `mail-address ${place}`, address);
}

/** What the day before sent in its last hour: read in the first of the new one alone. */
export async function sendsBefore(house: House, name: string, now: Date): Promise<Sends> {
  const before = dayOf(later(now, -hoursMs));
  if (before === dayOf(now)) return noSends;
  const partition = countPartition(before, name);
  const rows = await house.store.load(partition, { keys: [mailboxKey(name)] });
  return findRow(mailboxRow, rows, mailboxKey(name))?.value ?? noSends;
}
