import { approvedApplication } from './approved-application.ts';
import { authenticationStrength } from './authentication-strength.ts';
import { block } from './block.ts';
import { compliantApplication } from './compliant-application.ts';
import { compliantDevice } from './compliant-device.ts';
import type { ControlDefinition } from './control.ts';
import { customAuthenticationFactors } from './custom-authentication-factors.ts';
import { domainJoinedDevice } from './domain-joined-device.ts';
import { mfa } from './mfa.ts';
import { passwordChange } from './password-change.ts';
import { riskRemediation } from './risk-remediation.ts';
import { termsOfUse } from './terms-of-use.ts';

/** Every grant control this engine knows, in the order in which a guest is asked. */
export const controlDefinitions: readonly ControlDefinition[] = [
  block,
  authenticationStrength,
  mfa,
  compliantDevice,
  domainJoinedDevice,
  approvedApplication,
  compliantApplication,
  passwordChange,
  riskRemediation,
  termsOfUse,
  customAuthenticationFactors,
];
