import type { GuestId } from '../../core/ids.ts';
import { randomToken } from '../../core/ids.ts';
import { type ListEntry, listEntryRow, listPlace } from '../../rows/directory.ts';
import type { Guest } from '../../rows/guest.ts';
import { findRow, insert, replace, replaceOwned } from '../../rows/row.ts';
import type { House } from '../house.ts';
import { loadGuest } from '../sign-in/guest-rows.ts';

/**
 * Rewrites a guest's line in the lists, from the guest's rows as they are now. It comes after the
 * guest's own commit; where it fails, the guest's act stands and the line is behind until the next
 * one, which the journal says.
 */
export async function projectGuest(house: House, id: GuestId, now: Date): Promise<void> {
  try {
    for (let round = 0; round < 3; round++) if (await projectOnce(house, id, now)) return;
    throw new Error('the list entry changed three times');
  } catch {
    house.journal.line('alarm', 'listEntryBehind', { guest: id });
  }
}

async function projectOnce(house: House, id: GuestId, now: Date): Promise<boolean> {
  const place = listPlace(id);
  const existing = findRow(
    listEntryRow,
    await house.store.load(place.partition, { keys: [place.key] }),
    place.key,
  );
  const rows = await loadGuest(house.store, id, { prefixes: ['account.'] });
  if (!rows) return true;
  const methods = rows.methods.map(({ value }) => value.kind);
  const entry = entryOf(rows.guest.value, methods, now);
  const change = existing ? replace(existing, entry) : insert(place.key, entry);
  return (await house.store.commit(place.partition, [change], randomToken())) === 'done';
}

/** After an enrolment, where what is registered is known: one write, for a guest is waiting. */
export async function projectMethods(
  house: House,
  guest: Guest,
  methods: readonly string[],
  now: Date,
): Promise<void> {
  const place = listPlace(guest.id);
  try {
    const change = replaceOwned(place.key, entryOf(guest, methods, now));
    if ((await house.store.commit(place.partition, [change], randomToken())) === 'done') return;
  } catch {
    // said below: the enrolment stands
  }
  house.journal.line('alarm', 'listEntryBehind', { guest: guest.id });
}

const entryOf = (guest: Guest, methodsRegistered: readonly string[], now: Date): ListEntry => ({
  id: guest.id,
  userPrincipalName: guest.userPrincipalName,
  userDisplayName: guest.displayName,
  methodsRegistered: [...methodsRegistered],
  lastUpdatedDateTime: now.toISOString(),
});
