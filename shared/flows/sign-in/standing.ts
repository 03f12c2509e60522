import { matchesRegistered } from '../../checks/redirect-uri.ts';
import { type Instant, isBefore } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { type FirstFactor, mailIssuer } from '../../rows/first-factor.ts';
import type { Guest } from '../../rows/guest.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { listsIdentity } from './guest-of-identity.ts';
import type { Parties } from './judged.ts';

/**
 * Does a sign-in still stand on what it began with? App, redirect URI, the door and the guest's own
 * binding as they are now, and nothing begun before somebody voided it. Undefined: it is over.
 */
export function partiesOf(
  configuration: Configuration,
  guest: Guest,
  authorization: Pick<Authorization, 'request' | 'firstFactor' | 'createdAt'>,
): Parties | undefined {
  const { request, firstFactor, createdAt } = authorization;
  const app = configuration.apps.get(request.clientId);
  if (!app || !matchesRegistered(request.redirectUri, app.redirectUris)) return undefined;
  const door = doorOf(configuration, firstFactor);
  if (!door || !mayEnter(guest, firstFactor)) return undefined;
  const { partner } = door;
  return isVoid(configuration, guest, partner, createdAt) ? undefined : { app, partner };
}

/** The way that the guest came, where it is still open; a mailed code has no partner. */
function doorOf(
  configuration: Configuration,
  firstFactor: FirstFactor,
): { readonly partner: Partner | undefined } | undefined {
  if (firstFactor.kind === 'mail')
    return configuration.settings.passcode.enabled ? { partner: undefined } : undefined;
  const partner = configuration.partners.get(firstFactor.partner);
  return partner?.enabled && partner.issuer === firstFactor.issuer ? { partner } : undefined;
}

export const mayEnter = (guest: Guest, firstFactor: FirstFactor): boolean =>
  guest.accountEnabled && listsIdentity(guest, firstFactor);

/** Begun before the deployment, its partner or its guest was voided: a reset does, and a disabling. */
function isVoid(
  configuration: Configuration,
  guest: Guest,
  partner: Partner | undefined,
  begunAt: Instant,
): boolean {
  const begun = new Date(begunAt);
  const voids = [
    configuration.validFrom,
    configuration.partnersValidFrom[partner?.id ?? mailIssuer],
    guest.validFrom,
  ];
  return voids.some((validFrom) => validFrom !== undefined && isBefore(begun, validFrom));
}
