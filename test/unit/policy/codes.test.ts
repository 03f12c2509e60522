import { describe, expect, it } from 'vitest';
import { compile, decide, type SignInFacts } from '../../../shared/policy/index.ts';

/** Clients and logs know a reason by its number and its name. */

const base: SignInFacts = { now: '2026-11-20T10:00:00Z', registeredMethods: [] };
const target = { kind: 'userAction', action: 'urn:user:registersecurityinfo' } as const;
const phone: SignInFacts = { ...base, devicePlatform: 'iOS' };
const risk = { signInRiskLevels: ['low'] };
const often = { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } };
const terms = '70000000-0000-4000-8000-000000000001';

type Parts = Readonly<Record<string, unknown>>;

function reasonOf(grant: unknown, given: SignInFacts, conditions: Parts = {}, session?: Parts) {
  const policies = [
    {
      id: 'b0110000-0000-4000-8000-000000000001',
      state: 'enabled',
      conditions: { users: { includeUsers: ['All'] }, ...conditions },
      grantControls: grant,
      sessionControls: session,
    },
  ];
  const { reason } = decide(compile({ policies, termsOfUse: [{ id: terms }] }), given);
  return [reason?.code, reason?.name];
}

const asks = (...builtInControls: string[]) => ({ operator: 'AND', builtInControls });

describe('a reason', () => {
  it.each<[string, unknown, SignInFacts, Parts, number | null]>([
    ['enrollmentRequired', asks('mfa'), { ...base, registrableMethods: ['sms'] }, {}, 50072],
    [
      'strongAuthenticationRequired',
      asks('mfa'),
      { ...base, registeredMethods: [{ mode: 'sms' }] },
      {},
      50076,
    ],
    [
      'deviceAuthenticationRequired',
      asks('compliantDevice'),
      { ...base, deviceRegistrationEnabled: true },
      {},
      50097,
    ],
    ['passwordChangeRequired', asks('passwordChange'), base, {}, 50135],
    ['externalSecurityChallenge', asks('selfie'), base, {}, 50158],
    ['deviceNotCompliant', asks('compliantDevice'), base, {}, 53000],
    ['deviceNotDomainJoined', asks('domainJoinedDevice'), base, {}, 53001],
    ['applicationNotApproved', asks('approvedApplication'), phone, {}, 53002],
    ['blockedByConditionalAccess', asks('block'), base, {}, 53003],
    ['proofUpBlockedDueToRisk', asks('mfa'), { ...base, signInRiskLevel: 'low' }, risk, 53004],
    ['applicationNotProtected', asks('compliantApplication'), phone, {}, 53009],
    ['proofUpBlockedDueToSecurityInfo', asks('block'), { ...base, target }, {}, 53010],
    ['termsOfUseRequired', { operator: 'AND', termsOfUse: [terms] }, base, {}, null],
  ])('%s', (name, grant, given, conditions, code) => {
    expect(reasonOf(grant, given, conditions)).toEqual([code, name]);
  });

  it('signInFrequencyExpired', () => {
    expect(reasonOf(null, base, {}, often)).toEqual([70043, 'signInFrequencyExpired']);
  });
});
