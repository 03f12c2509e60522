import { applicationEnforcedRestrictions } from './application-enforced-restrictions.ts';
import { cloudAppSecurity } from './cloud-app-security.ts';
import { continuousAccessEvaluation } from './continuous-access-evaluation.ts';
import { disableResilienceDefaults } from './disable-resilience-defaults.ts';
import { persistentBrowser } from './persistent-browser.ts';
import { secureSignInSession } from './secure-sign-in-session.ts';
import type { SessionControlDefinition } from './session-control.ts';
import { signInFrequency } from './sign-in-frequency.ts';

/** Every session control this engine knows; any other makes its policy one nobody can satisfy. */
export const sessionControlDefinitions: readonly SessionControlDefinition[] = [
  signInFrequency,
  persistentBrowser,
  cloudAppSecurity,
  applicationEnforcedRestrictions,
  disableResilienceDefaults,
  secureSignInSession,
  continuousAccessEvaluation,
];
