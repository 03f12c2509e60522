import { type GuestId, readGuestId } from '../../core/ids.ts';
import type { HomeIdentity } from '../../ports.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { gateRow, identityPlace, mailIdentityPlace } from '../../rows/directory.ts';
import { type FirstFactor, mailIssuer } from '../../rows/first-factor.ts';
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
): Promise<GuestId | undefined> {
  const subject = boundSubject(partner, identity);
  if (subject === undefined) return undefined;
  return behind(house, identityPlace(partner.type, partner.issuer, subject));
}

/** Undefined: nobody comes in by a code mailed to this address. */
export const findGuestOfMailbox = (house: House, address: string): Promise<GuestId | undefined> =>
  behind(house, mailIdentityPlace(address));

async function behind(
  house: House,
  place: ReturnType<typeof identityPlace>,
): Promise<GuestId | undefined> {
  const rows = await house.store.load(place.partition, { keys: [place.key] });
  const gate = findRow(gateRow, rows, place.key);
  return gate && readGuestId(gate.value.guest);
}

/** The guest's own row must list the identity that led to it: the directory alone opens nothing. */
export function listsIdentity(guest: Guest, firstFactor: FirstFactor): boolean {
  const { partner, issuer, subject } =
    firstFactor.kind === 'mail'
      ? { partner: mailIssuer, issuer: mailIssuer, subject: firstFactor.address }
      : firstFactor;
  return guest.identities.some(
    (identity) =>
      identity.partner === partner && identity.issuer === issuer && identity.subject === subject,
  );
}
