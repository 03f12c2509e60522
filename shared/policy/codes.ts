/** Numbers of Entra's error reference, with what a person can do about it. */
interface Code {
  readonly name: string;
  readonly remedy: string;
}

const administrator = 'Ask the administrator of the organisation you are visiting.';

const codes = {
  50072: { name: 'enrollmentRequired', remedy: 'Register another way to prove who you are.' },
  50076: {
    name: 'strongAuthenticationRequired',
    remedy: 'Prove who you are with a second factor.',
  },
  50097: { name: 'deviceAuthenticationRequired', remedy: 'Register this device here.' },
  50135: {
    name: 'passwordChangeRequired',
    remedy: 'Resolve the risk on your account at your home organisation.',
  },
  50158: { name: 'externalSecurityChallenge', remedy: administrator },
  53000: {
    name: 'deviceNotCompliant',
    remedy: 'Use a device that the organisation you are visiting accepts as compliant.',
  },
  53001: {
    name: 'deviceNotDomainJoined',
    remedy: 'Use a device joined to your home organisation, if it is trusted here.',
  },
  53002: {
    name: 'applicationNotApproved',
    remedy: 'Use an approved app on a device registered here.',
  },
  53003: { name: 'blockedByConditionalAccess', remedy: administrator },
  53004: {
    name: 'proofUpBlockedDueToRisk',
    remedy: `No second factor is registered and this sign-in may not register one. ${administrator}`,
  },
  53009: {
    name: 'applicationNotProtected',
    remedy: 'Use an app with a protection policy on a device registered here.',
  },
  53010: {
    name: 'proofUpBlockedDueToSecurityInfo',
    remedy: 'Register from a place or device where that is allowed.',
  },
  70043: { name: 'signInFrequencyExpired', remedy: 'Sign in again.' },
} as const satisfies Readonly<Record<number, Code>>;

export type ReasonCode = keyof typeof codes;

export function describeCode(code: ReasonCode): Code {
  return codes[code];
}
