import fc from 'fast-check';
import type { SignInFacts } from '../../../shared/policy/index.ts';
import { apps, groups, partial, pick, roles, tenants, terms, users } from './pools.ts';

const times = [
  '2026-11-20T09:59:30Z',
  '2026-11-20T08:00:00Z',
  '2026-11-01T00:00:00Z',
  '2026-12-01T00:00:00Z',
];
const method = fc.record(
  {
    mode: pick([
      'federatedSingleFactor',
      'email',
      'softwareOath',
      'fido2',
      'federatedMultiFactor',
      'recoveryCode',
    ]),
    at: pick(times),
    where: pick(['home', 'resource'] as const),
  },
  { requiredKeys: ['mode'] },
);

const target = fc.oneof(
  fc.record(
    {
      kind: fc.constant('application' as const),
      appId: pick(apps),
      customSecurityAttributes: fc.constant({ S_A: 'x' }),
    },
    { requiredKeys: ['kind'] },
  ),
  fc.record({
    kind: fc.constant('userAction' as const),
    action: pick(['urn:user:registersecurityinfo', 'urn:user:registerdevice']),
  }),
  fc.record(
    {
      kind: fc.constant('authenticationContext' as const),
      value: pick(['c1', 'c2']),
      appId: pick(apps),
    },
    { requiredKeys: ['kind', 'value'] },
  ),
);

const trust = partial({
  isMfaAccepted: fc.boolean(),
  isCompliantDeviceAccepted: fc.boolean(),
  isHybridAzureADJoinedDeviceAccepted: fc.boolean(),
});

/** Sign-ins with any of the facts left out. */
export const facts: fc.Arbitrary<SignInFacts> = partial<SignInFacts>({
  now: fc.constant('2026-11-20T10:00:00Z'),
  user: partial({
    id: pick(users),
    guestOrExternalUserType: pick([
      'internalGuest',
      'b2bCollaborationGuest',
      'b2bCollaborationMember',
      'none',
    ] as const),
    homeTenantId: fc.option(pick(tenants)),
    groupIds: fc.subarray([...groups]),
    roleTemplateIds: fc.subarray([...roles]),
  }),
  target,
  clientAppType: pick(['browser', 'other', 'easSupported'] as const),
  devicePlatform: pick(['iOS', 'windows', 'linux'] as const),
  ipAddress: pick(['203.0.113.7', '198.51.100.7', '192.0.2.1', '::ffff:203.0.113.9', 'x']),
  country: pick(['GB', 'FR']),
  device: fc.option(
    partial({
      managedBy: fc.option(pick(['resource', 'home', 'other'] as const)),
      model: pick(['M', 'N']),
      isCompliant: fc.boolean(),
      approvedClientApp: fc.boolean(),
      appProtectionPolicy: fc.boolean(),
      trustType: pick(['AzureAD', 'EntraID', 'Workplace']),
      physicalIds: fc.constant(['tag']),
      extensionAttribute1: fc.constant('SAW'),
    }),
  ),
  signInRiskLevel: pick(['none', 'high'] as const),
  userRiskLevel: pick(['none', 'medium'] as const),
  insiderRiskLevel: pick(['none', 'minor'] as const),
  authenticationFlow: pick(['none', 'deviceCodeFlow'] as const),
  authentication: partial({
    methods: fc.array(method, { maxLength: 3 }),
    homeClaims: partial({
      mfa: fc.boolean(),
      mfaAt: pick(times),
      compliantDevice: fc.boolean(),
      hybridAzureADJoinedDevice: fc.boolean(),
    }),
  }),
  registeredMethods: fc.array(
    fc.record({ mode: pick(['softwareOath', 'fido2', 'email', 'nonsense']) }),
    { maxLength: 2 },
  ),
  registrableMethods: fc.subarray(['softwareOath', 'fido2', 'email']),
  inboundTrust: trust,
  homeStepUp: fc.boolean(),
  deviceRegistrationEnabled: fc.boolean(),
  termsOfUseAccepted: fc.array(
    fc.record({ id: pick(terms), at: pick(times) }, { requiredKeys: ['id'] }),
    { maxLength: 2 },
  ),
});
