import { type GuestId, readGuestId } from '../../core/ids.ts';
import type { HomeIdentity } from '../../ports.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { gateRow, identityPlace } from '../../rows/directory.ts';
import type { Guest } from '../../rows/guest.ts';
import { findRow } from '../../rows/row.ts';
import type { House } from '../house.ts';

/**
 * The subject that binds: at an Entra partner the object id, and only in that partner's tenant;
 * elsewhere `sub`. Mail addresses and names never decide who someone is (OpenID Connect Core §5.7).
 * Undefined: an Entra token of another tenant, or without the claims.
 */
export function boundSubject(partner: Partner, identity: HomeIdentity): string | undefined {
  if (partner.type !== 'entra') return identity.subject;
  const sameTenant = identity.tenantId?.toLowerCase() === partner.tenantId;
  return sameTenant ? identity.objectId?.toLowerCase() : undefined;
}

/** Undefined: nobody is bound to this account, which is all that may be told. */
export async function findGuestOf(
  house: House,
  partner: Partner,
  identity: HomeIdentity,
): Promise<{ readonly id: GuestId } | undefined> {
  const subject = boundSubject(partner, identity);
  if (subject === undefined) return undefined;
  const place = identityPlace(partner.type, partner.issuer, subject);
  const rows = await house.store.load(place.partition, { keys: [place.key] });
  const gate = findRow(gateRow, rows, place.key);
  const id = gate && readGuestId(gate.value.guest);
  return id && { id };
}

/** The guest's own row must list the identity that led to it: the directory alone opens nothing. */
export const listsIdentity = (guest: Guest, partner: Partner, subject: string): boolean =>
  guest.identities.some(
    (identity) =>
      identity.partner === partner.id &&
      identity.issuer === partner.issuer &&
      identity.subject === subject,
  );
