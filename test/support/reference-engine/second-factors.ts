// §11.7 and §11.10: second factors, what proves one, and what is held here.
import type { Facts, Method } from './facts.ts';
import { minuteMs } from './time.ts';

export type Limit = number | 'everyTime' | undefined;

export const secondFactors = [
  'softwareOath',
  'hardwareOath',
  'fido2',
  'windowsHelloForBusiness',
  'microsoftAuthenticatorPush',
  'deviceBasedPush',
  'sms',
  'voice',
  'x509CertificateMultiFactor',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'recoveryCode',
];

export function isSecondFactor(mode: string): boolean {
  return secondFactors.includes(mode);
}

/** §11.10: equal to the limit is over it; so is what cannot be computed or lies over 60 s ahead. */
export function isOver(at: number | undefined, limit: Limit, facts: Facts): boolean {
  if (limit === undefined) return false;
  if (at === undefined || facts.now === undefined) return true;
  if (at - facts.now > minuteMs) return true;
  const limitMs = limit === 'everyTime' ? 5 * minuteMs : limit * 60 * minuteMs;
  return facts.now - at >= limitMs;
}

/** A second factor done here and young enough. */
export function provedHere(facts: Facts, secondary: Limit): readonly Method[] {
  return facts.methods.filter(
    ({ mode, where, at }) =>
      isSecondFactor(mode) && where === 'resource' && !isOver(at, secondary, facts),
  );
}

export function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

/** The second factors registered here. */
export function held(facts: Facts): readonly string[] {
  return sorted((facts.registered ?? []).map(({ mode }) => mode).filter(isSecondFactor));
}

/** §11.1: absent, or with an entry that cannot be read, is not known to hold none. */
export function knownToHoldNone(facts: Facts): boolean {
  return facts.registered !== undefined && facts.registeredWhole && held(facts).length === 0;
}

export function registrable(facts: Facts): readonly string[] {
  return sorted(facts.registrable.filter(isSecondFactor));
}
