import { readMailAddress } from '../../checks/mail-address.ts';
import { type GuestId, readGuestId } from '../../core/ids.ts';
import { gateRow, mailPlace, upnPlace } from '../../rows/directory.ts';
import { findRow } from '../../rows/row.ts';
import type { House } from '../house.ts';

/** The names an administrator knows a guest by; exactly one is given. */
export type GuestName = {
  readonly id?: string | undefined;
  readonly userPrincipalName?: string | undefined;
  readonly mail?: string | undefined;
};

/** Undefined: nobody of that name. The guest row has not been read. */
export async function findGuest(house: House, name: GuestName): Promise<GuestId | undefined> {
  if (name.id !== undefined) return readGuestId(name.id);
  const place = placeOf(name);
  if (!place) return undefined;
  const rows = await house.store.load(place.partition, { keys: [place.key] });
  const gate = findRow(gateRow, rows, place.key);
  return gate && readGuestId(gate.value.guest);
}

function placeOf({ userPrincipalName, mail }: GuestName) {
  if (userPrincipalName !== undefined) return upnPlace(userPrincipalName);
  const address = mail === undefined ? undefined : readMailAddress(mail);
  return address && mailPlace(address.address);
}

export type NamedGuest =
  | { readonly kind: 'guest'; readonly id: GuestId }
  | { readonly kind: 'unknownGuest' }
  /** The user principal name of one guest is the mail address of another. */
  | { readonly kind: 'ambiguousGuest' };

/** By one text that may be any of the three, as Graph's `userId` is. An id is taken as it is. */
export async function findNamedGuest(house: House, text: string): Promise<NamedGuest> {
  const names: readonly GuestName[] = readGuestId(text)
    ? [{ id: text }]
    : [{ userPrincipalName: text }, { mail: text }];
  const found = await Promise.all(names.map((name) => findGuest(house, name)));
  const [id, ...others] = new Set(found.filter((each) => each !== undefined));
  if (id === undefined) return { kind: 'unknownGuest' };
  return others.length > 0 ? { kind: 'ambiguousGuest' } : { kind: 'guest', id };
}
