import type { GuestId } from '../core/ids.ts';
import { randomToken } from '../core/ids.ts';
import { type ListEntry, listEntryRow, listPlace } from '../rows/directory.ts';
import { findRow, insert, replace } from '../rows/row.ts';
import { loadGuest } from './guest-rows.ts';
import type { House } from './house.ts';

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
  const entry: ListEntry = {
    id,
    userPrincipalName: rows.guest.value.userPrincipalName,
    userDisplayName: rows.guest.value.displayName,
    methodsRegistered: rows.methods.map(({ value }) => value.kind),
    lastUpdatedDateTime: now.toISOString(),
  };
  const change = existing ? replace(existing, entry) : insert(place.key, entry);
  return (await house.store.commit(place.partition, [change], randomToken())) === 'done';
}
