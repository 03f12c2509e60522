import { wordReader } from './wire.ts';

/** @see Graph: authenticationMethodModes; `recoveryCode` is this product's own. */
const methodModes = [
  'password',
  'voice',
  'hardwareOath',
  'softwareOath',
  'sms',
  'fido2',
  'windowsHelloForBusiness',
  'microsoftAuthenticatorPush',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'email',
  'x509CertificateSingleFactor',
  'x509CertificateMultiFactor',
  'federatedSingleFactor',
  'federatedMultiFactor',
  'qrCodePin',
  'recoveryCode',
] as const;

/** A mode in its documented case, or undefined. */
export const readMode = wordReader(methodModes);

/** What proves more than who came in: a mailed code, a password and a federated sign-in do not. */
export const secondFactors: ReadonlySet<string> = new Set([
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
]);

/** Modes that are the first factor wherever they were used. */
export const firstFactors: ReadonlySet<string> = new Set([
  'password',
  'email',
  'federatedSingleFactor',
  'federatedMultiFactor',
]);
