import { matchesRegistered } from '../../checks/redirect-uri.ts';
import { type Instant, isBefore } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import type { Guest } from '../../rows/guest.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { listsIdentity } from './guest-of-identity.ts';
import type { Parties } from './judged.ts';

/**
 * Does a sign-in still stand on what it began with? App, redirect URI, partner, guest and binding as
 * they are now, and nothing begun before somebody voided it. Undefined: it is over.
 */
export function partiesOf(
  configuration: Configuration,
  guest: Guest,
  authorization: Authorization,
): Parties | undefined {
  const { request, firstFactor, createdAt } = authorization;
  const app = configuration.apps.get(request.clientId);
  const partner = configuration.partners.get(firstFactor.partner);
  if (!app || !matchesRegistered(request.redirectUri, app.redirectUris)) return undefined;
  if (!partner?.enabled || partner.issuer !== firstFactor.issuer) return undefined;
  if (!mayEnter(guest, partner, firstFactor.subject)) return undefined;
  return isVoid(configuration, guest, partner.id, createdAt) ? undefined : { app, partner };
}

export const mayEnter = (guest: Guest, partner: Partner, subject: string): boolean =>
  guest.accountEnabled && listsIdentity(guest, partner, subject);

/** Begun before the deployment, its partner or its guest was voided: a reset does, and a disabling. */
function isVoid(
  configuration: Configuration,
  guest: Guest,
  partner: string,
  begunAt: Instant,
): boolean {
  const begun = new Date(begunAt);
  const voids = [
    configuration.validFrom,
    configuration.partnersValidFrom[partner],
    guest.validFrom,
  ];
  return voids.some((validFrom) => validFrom !== undefined && isBefore(begun, validFrom));
}
