// Few ids, so that policies and sign-ins meet often.

function ids(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}0000-0000-4000-8000-00000000000${i}`);
}

export const users = ids('aaaa', 2);
export const groups = ids('bbbb', 2);
export const roles = ids('cccc', 2);
export const apps = ids('dddd', 3);
export const tenants = ids('eeee', 2);
export const terms = ids('1111', 7);
export const strengths = ids('2222', 6);
export const models = ids('3333', 2);
export const mfaAddresses = '00000000-0000-0000-0000-000000000000';
export const locations = [...ids('ffff', 9), mfaAddresses];

export const guestTypes = [
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
];
export const actions = ['urn:user:registersecurityinfo', 'urn:user:registerdevice'];
export const now = '2026-11-20T10:00:00Z';
/** Around `now`: limits of 5 minutes, 1, 8 and 24 hours, and days of terms. */
export const times = [
  '2026-11-20T09:59:30Z',
  '2026-11-20T09:55:00Z',
  '2026-11-20T09:55:01Z',
  '2026-11-20T09:00:00Z',
  '2026-11-20T09:00:01+00:00',
  '2026-11-20T11:00:00+01:00',
  '2026-11-20T10:01:00Z',
  '2026-11-20T10:01:01Z',
  '2026-11-20T02:00:00Z',
  '2026-11-19T10:00:00Z',
  '2026-10-21T10:00:00Z',
  '2026-10-21T10:00:01Z',
  '2026-01-01',
  '2025-11-20T10:00:00Z',
  '2026-11-20T09:59:30',
  '2026-02-30T00:00:00Z',
  '2027-01-01T00:00:00Z',
];
export const modes = [
  'federatedSingleFactor',
  'federatedSingleFactor',
  'federatedMultiFactor',
  'password',
  'email',
  'softwareOath',
  'softwareOath',
  'fido2',
  'sms',
  'recoveryCode',
  'x509CertificateMultiFactor',
  'x509CertificateSingleFactor',
  'windowsHelloForBusiness',
  'deviceBasedPush',
];
