import type { Partner } from '../../rows/configuration/partner.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';

/**
 * Where a person goes to prove who they are: decided by the domain of the mail address or by their
 * own choice, never by whether anybody knows them.
 */
export function partnerOfDomain(configuration: Configuration, domain: string): Partner | undefined {
  return [...configuration.partners.values()].find((partner) => partner.domains.includes(domain));
}

/** `domain_hint`: a partner's id or one of its domains. */
export function partnerNamed(
  configuration: Configuration,
  hint: string | undefined,
): Partner | undefined {
  if (hint === undefined) return undefined;
  const name = hint.toLowerCase();
  return configuration.partners.get(name) ?? partnerOfDomain(configuration, name);
}

/** Somebody opened it, and there is a service to mail by. */
export const isMailDoorOpen = (house: House, { settings }: Configuration): boolean =>
  settings.passcode.enabled && house.mail !== undefined;
