import fc from 'fast-check';
import type { PolicySetInput } from '../../../shared/policy/index.ts';
import {
  apps,
  few,
  groups,
  locations,
  partial,
  pick,
  roles,
  some,
  tenants,
  terms,
  users,
} from './pools.ts';

const broken = fc.constantFrom<unknown[]>('text', 7, ['Anna'], [null], { mystery: 'x' });

/** Mostly what is documented, sometimes what nobody can read. */
function orBroken(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: broken });
}

const guestTypes = pick([
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationGuest,b2bCollaborationMember',
]);
const guests = fc.record(
  {
    guestOrExternalUserTypes: guestTypes,
    externalTenants: fc.record({
      membershipKind: fc.constant('enumerated'),
      members: some(tenants),
    }),
  },
  { requiredKeys: ['guestOrExternalUserTypes'] },
);

const userCondition = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ includeUsers: ['All'] }) },
  {
    weight: 2,
    arbitrary: partial({
      includeUsers: orBroken(some([...users, 'GuestsOrExternalUsers', 'All'])),
      excludeUsers: orBroken(some([...users, 'GuestsOrExternalUsers'])),
      includeGroups: orBroken(some(groups)),
      excludeGroups: orBroken(some(groups)),
      includeRoles: orBroken(some(roles)),
      includeGuestsOrExternalUsers: orBroken(guests),
      excludeGuestsOrExternalUsers: orBroken(guests),
    }),
  },
);

const appCondition = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ includeApplications: ['All'] }) },
  {
    weight: 2,
    arbitrary: partial({
      includeApplications: orBroken(some([...apps, 'All', 'Office365'])),
      excludeApplications: orBroken(some([...apps, 'Office365'])),
      includeUserActions: orBroken(
        some(['urn:user:registersecurityinfo', 'urn:user:registerdevice']),
      ),
      includeAuthenticationContextClassReferences: orBroken(some(['c1', 'c2'])),
      applicationFilter: orBroken(
        fc.record({
          mode: pick(['include', 'exclude']),
          rule: pick([
            'CustomSecurityAttribute.S_A -eq "x"',
            'CustomSecurityAttribute.S_A -ne "x"',
            'no rule',
          ]),
        }),
      ),
    }),
  },
);

const rules = [
  'device.model -eq "M"',
  'device.model -ne "M" -or device.isCompliant -eq True',
  'not (device.trustType -eq "AzureAD")',
  'device.physicalIds -contains "tag" and device.extensionAttribute1 -startsWith "S"',
  'device.model -match "x"',
];

const conditions = fc
  .tuple(
    userCondition,
    appCondition,
    few(
      {
        platforms: orBroken(
          partial({
            includePlatforms: some(['iOS', 'windows', 'all']),
            excludePlatforms: some(['iOS', 'linux']),
          }),
        ),
        locations: orBroken(
          partial({
            includeLocations: some([...locations, 'All', 'AllTrusted']),
            excludeLocations: some([...locations, 'AllTrusted']),
          }),
        ),
        clientAppTypes: orBroken(some(['browser', 'other', 'all', 'exchangeActiveSync'])),
        devices: orBroken(
          fc.record({
            deviceFilter: fc.record({ mode: pick(['include', 'exclude']), rule: pick(rules) }),
          }),
        ),
        authenticationFlows: orBroken(
          fc.record({ transferMethods: pick(['none', 'deviceCodeFlow', 'none,deviceCodeFlow']) }),
        ),
        signInRiskLevels: orBroken(some(['none', 'high', 'hidden'])),
        userRiskLevels: orBroken(some(['none', 'medium'])),
        insiderRiskLevels: orBroken(pick(['minor', 'minor,elevated'])),
        moonPhase: fc.constant(['full']),
      },
      2,
    ),
  )
  .map(([userPart, appPart, others]) => ({ users: userPart, applications: appPart, ...others }));

const strengths = [
  { id: '00000000-0000-0000-0000-000000000002' },
  { id: '00000000-0000-0000-0000-000000000004' },
  {
    id: '22220000-0000-4000-8000-000000000000',
    allowedCombinations: ['softwareOath,federatedSingleFactor', 'federatedMultiFactor'],
  },
  { id: '22220000-0000-4000-8000-000000000009' },
];

const grantControls = fc.record(
  {
    operator: orBroken(pick(['AND', 'OR'])),
    builtInControls: orBroken(
      some([
        'mfa',
        'mfa',
        'compliantDevice',
        'domainJoinedDevice',
        'approvedApplication',
        'compliantApplication',
        'passwordChange',
        'block',
        'futureControl',
      ]),
    ),
    authenticationStrength: pick(strengths),
    termsOfUse: orBroken(some(terms)),
    customAuthenticationFactors: fc.constant(['Duo']),
  },
  { requiredKeys: ['operator'] },
);

const frequency = fc.record({
  isEnabled: pick([true, true, false]),
  frequencyInterval: pick(['timeBased', 'everyTime']),
  type: pick(['hours', 'days']),
  value: pick([1, 8, 'x']),
  authenticationType: pick(['primaryAndSecondaryAuthentication', 'secondaryAuthentication']),
});

const sessionControls = few(
  {
    signInFrequency: frequency,
    persistentBrowser: fc.record({ isEnabled: fc.constant(true), mode: pick(['always', 'never']) }),
    cloudAppSecurity: fc.record({
      isEnabled: fc.constant(true),
      cloudAppSecurityType: pick(['monitorOnly', 'blockDownloads']),
    }),
    continuousAccessEvaluation: fc.record({
      mode: pick(['disabled', 'strictLocation', 'strictEnforcement']),
    }),
    mystery: fc.constant({ isEnabled: true }),
  },
  2,
);

/** A policy without id and state. */
const body = fc.record(
  {
    conditions: fc.oneof(
      { weight: 20, arbitrary: conditions },
      { weight: 1, arbitrary: fc.constant('all') },
    ),
    grantControls: fc.option(grantControls),
    sessionControls: fc.option(sessionControls, { freq: 2 }),
  },
  { requiredKeys: ['conditions', 'grantControls'] },
);

export type PolicyJson = Readonly<Record<string, unknown>>;

export function policy(state: fc.Arbitrary<unknown>): fc.Arbitrary<PolicyJson> {
  return fc.tuple(body, fc.uuid(), state).map(([content, id, given]) => ({
    id,
    displayName: `P ${id.slice(0, 4)}`,
    state: given,
    ...content,
  }));
}

export const enabled = fc.constant('enabled');
const anyState = pick([
  'enabled',
  'enabled',
  'disabled',
  'enabledForReportingButNotEnforced',
  'partially',
]);

const references = {
  namedLocations: [
    { id: locations[0], isTrusted: true, ipRanges: [{ cidrAddress: '203.0.113.0/24' }] },
    {
      id: locations[1],
      isTrusted: 'yes',
      ipRanges: [{ cidrAddress: '198.51.100.0/24' }, { cidrAddress: 'x' }],
    },
    { id: locations[2], countriesAndRegions: ['GB'], includeUnknownCountriesAndRegions: true },
  ],
  authenticationStrengths: [],
  termsOfUse: [{ id: terms[0] }, { id: terms[1], userReacceptRequiredFrequency: 'P30D' }],
  appGroups: { Office365: [apps[1]] },
};

export const setInput: fc.Arbitrary<PolicySetInput & { policies: PolicyJson[] }> = fc
  .array(policy(anyState), { minLength: 1, maxLength: 4 })
  .map((policies) => ({ policies, ...references }));
