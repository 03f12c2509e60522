import { describe, expect, it } from 'vitest';
import { compile, type WhatIfRequest, whatIf } from '../../../shared/policy/index.ts';

/** How a question is read, seen by which policies it finds and what it says of the others. */

const app = 'd0000000-0000-4000-8000-000000000001';
const other = 'd0000000-0000-4000-8000-000000000002';
const person = 'a0000000-0000-4000-8000-000000000001';
const group = '90000000-0000-4000-8000-000000000001';
const tenant = 'c0000000-0000-4000-8000-000000000001';
const place = '10ca0000-0000-4000-8000-000000000001';
const country = '10ca0000-0000-4000-8000-000000000002';
const set = {
  namedLocations: [
    { id: place, ipRanges: [{ cidrAddress: '203.0.113.0/24' }] },
    { id: country, countriesAndRegions: ['GB'] },
  ],
};

function policy(conditions: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    id: 'b0110000-0000-4000-8000-000000000001',
    state: 'enabled',
    grantControls: { operator: 'OR', builtInControls: ['block'] },
    ...more,
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      ...conditions,
    },
  };
}

const plain: WhatIfRequest = {
  signInIdentity: { externalUserType: 'b2bCollaborationGuest' },
  signInContext: { includeApplications: [app] },
  signInConditions: {},
};

/** The reason why a policy does not apply, or `notSet`. */
function reason(given: Record<string, unknown>, request: WhatIfRequest = {}) {
  const { value } = whatIf(compile({ ...set, policies: [given] }), { ...plain, ...request });
  const [answer] = value;
  expect(answer?.policyApplies).toBe(answer?.analysisReasons === 'notSet');
  return answer?.analysisReasons;
}

const rule = 'device.model -eq "x"';
const filter = (text: string) => ({ devices: { deviceFilter: { mode: 'include', rule: text } } });

describe('the first condition that is not met is the reason', () => {
  const unmet: readonly [string, Record<string, unknown>][] = [
    ['users', { users: { includeUsers: [person] } }],
    ['application', { applications: { includeApplications: [other] } }],
    ['devicePlatform', { platforms: { includePlatforms: ['iOS'] } }],
    ['location', { locations: { includeLocations: [place] } }],
    ['clientApps', { clientAppTypes: ['browser'] }],
    ['devices', filter(rule)],
    ['authenticationFlow', { authenticationFlows: { transferMethods: 'deviceCodeFlow' } }],
    ['signInRisk', { signInRiskLevels: ['high'] }],
    ['userRisk', { userRiskLevels: ['high'] }],
    ['insiderRisk', { insiderRiskLevels: 'minor' }],
  ];

  it.each(unmet)('%s', (name, conditions) => {
    expect(reason(policy(conditions))).toBe(name);
  });

  it.each(unmet.slice(1).map(([name, conditions], at) => [unmet[at]?.[0], name, at, conditions]))(
    '%s before %s',
    (first, _, at, conditions) => {
      const earlier = unmet[Number(at)]?.[1];
      expect(reason(policy({ ...(conditions as object), ...earlier }))).toBe(first);
    },
  );

  it.each(['clientApplications', 'servicePrincipalRiskLevels', 'agentIdRiskLevels'])(
    '%s: about workloads, not users',
    (name) => {
      expect(reason(policy({ [name]: ['high'] }))).toBe('users');
    },
  );
});

describe('a policy that is none', () => {
  const never = { users: { includeUsers: [person] } };
  const strength = { id: '00000000-0000-0000-0000-000000000004' };

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['policyNotEnabled', { moonPhase: 'full' }, { state: 'disabled' }],
    ['policyNotEnabled', {}, { state: undefined }],
    ['invalidPolicy', { moonPhase: 'full', ...never }, {}],
    ['invalidPolicy', never, { grantControls: { builtInControls: ['selfie'] } }],
    [
      'invalidPolicy',
      never,
      { grantControls: { builtInControls: ['mfa'], authenticationStrength: strength } },
    ],
    ['emptyPolicy', never, { grantControls: null }],
    ['emptyPolicy', never, { grantControls: { operator: 'OR' }, sessionControls: {} }],
    ['users', never, { grantControls: { builtInControls: ['mfa'] } }],
    ['users', never, { grantControls: { authenticationStrength: strength } }],
    ['users', never, { grantControls: { customAuthenticationFactors: ['Duo'] } }],
    ['users', never, { grantControls: null, sessionControls: { disableResilienceDefaults: true } }],
    ['users', never, { grantControls: null, sessionControls: { moonPhase: 'full' } }],
    ['notSet', {}, { state: 'enabledForReportingButNotEnforced' }],
  ])('%s: %j %j', (name, conditions, more) => {
    expect(reason(policy(conditions, more))).toBe(name);
  });
});

describe('who', () => {
  const guests = (guestOrExternalUserTypes: string, more = {}) =>
    policy({
      users: { includeGuestsOrExternalUsers: { guestOrExternalUserTypes, ...more } },
    });
  const of = {
    externalTenants: { membershipKind: 'enumerated', members: [tenant] },
  };

  it.each<[string, unknown, Record<string, unknown>, string]>([
    ['a guest', { externalUserType: 'internalGuest' }, guests('internalGuest'), 'notSet'],
    [
      'in Graph’s other case',
      { ExternalUserType: 'internalGuest' },
      guests('internalGuest'),
      'notSet',
    ],
    ['another guest', { externalUserType: 'internalGuest' }, guests('serviceProvider'), 'users'],
    ['nobody in particular is no guest', {}, guests('internalGuest'), 'users'],
    ['no identity at all is no guest', undefined, guests('internalGuest'), 'users'],
    [
      'several kinds are not known',
      { externalUserType: 'internalGuest,serviceProvider' },
      guests('internalGuest,serviceProvider'),
      'users',
    ],
    [
      'of a tenant',
      { externalUserType: 'b2bCollaborationGuest', externalTenantId: tenant },
      guests('b2bCollaborationGuest', of),
      'notSet',
    ],
    [
      'of another tenant',
      { externalUserType: 'b2bCollaborationGuest', externalTenantId: app },
      guests('b2bCollaborationGuest', of),
      'users',
    ],
    [
      'by id',
      { userId: person.toUpperCase() },
      policy({ users: { includeUsers: [person] } }),
      'notSet',
    ],
    ['a name is no id', { userId: 'anna' }, policy({ users: { includeUsers: ['anna'] } }), 'users'],
    [
      'groups nobody knows',
      { userId: person },
      policy({ users: { includeGroups: [group] } }),
      'users',
    ],
  ])('%s', (_, signInIdentity, given, expected) => {
    expect(reason(given, { signInIdentity })).toBe(expected);
  });

  it('whom the directory knows is taken from there, whatever the question says', () => {
    const user = { id: person, guestOrExternalUserType: 'none', groupIds: [group] } as const;
    const request = { signInIdentity: { userId: other }, user };
    expect(reason(policy({ users: { includeGroups: [group] } }), request)).toBe('notSet');
    expect(reason(policy({ users: { includeUsers: [other] } }), request)).toBe('users');
  });

  it.each<[unknown, string]>([
    [{ servicePrincipalId: app }, 'users'],
    [{ agentId: app }, 'users'],
    [{ '@odata.type': '#microsoft.graph.servicePrincipalSignIn' }, 'users'],
    [{ '@odata.type': '#microsoft.graph.agentSignIn', userId: person }, 'users'],
    [{ '@odata.type': '#microsoft.graph.userSignIn', servicePrincipalId: app }, 'notSet'],
    [{ '@odata.type': 'userSignIn' }, 'notSet'],
    [{ '@odata.type': 7, servicePrincipalId: 7 }, 'notSet'],
  ])('%j is a workload or not', (signInIdentity, expected) => {
    expect(reason(policy({}), { signInIdentity })).toBe(expected);
  });

  it('nothing here decides about a workload', () => {
    const asked = { ...plain, signInIdentity: { servicePrincipalId: app } };
    const { decision } = whatIf(compile({ policies: [policy({})] }), asked);
    expect(decision).toMatchObject({ outcome: 'grant', policies: [] });
  });
});

describe('what for', () => {
  const one = (applications: unknown) => policy({ applications });
  const apps = (...includeApplications: unknown[]) => one({ includeApplications });
  const register = one({ includeUserActions: ['urn:user:registersecurityinfo'] });
  const join = one({ includeUserActions: ['urn:user:registerdevice'] });
  const context = one({ includeAuthenticationContextClassReferences: ['c1'] });

  it.each<[unknown, Record<string, unknown>, string]>([
    [{ includeApplications: [app] }, apps(app), 'notSet'],
    [{ includeApplications: [other, app] }, apps(app), 'notSet'],
    [{ includeApplications: [other] }, apps(app), 'application'],
    [{ includeApplications: [] }, apps(app), 'application'],
    [{ includeApplications: [7] }, apps(app), 'application'],
    [{ includeApplications: app }, apps(app), 'application'],
    [{ includeApplications: [] }, apps('All'), 'notSet'],
    [undefined, apps('All'), 'notSet'],
    [{ userAction: 'registerSecurityInformation' }, register, 'notSet'],
    [{ userAction: 'RegisterOrJoinDevices' }, join, 'notSet'],
    [{ userAction: 'registerOrJoinDevices' }, register, 'userActions'],
    [{ userAction: 'x' }, register, 'userActions'],
    [{ userAction: 'registerOrJoinDevices' }, apps(app), 'userActions'],
    [{ authenticationContextValue: 'c1' }, context, 'notSet'],
    [{ authenticationContextValue: 'c2' }, context, 'authenticationContext'],
    [{ authenticationContextValue: 7 }, context, 'authenticationContext'],
    [
      { '@odata.type': '#microsoft.graph.userActionContext', authenticationContextValue: 'c1' },
      context,
      'userActions',
    ],
    [
      {
        '@odata.type': '#microsoft.graph.authContext',
        userAction: 'registerSecurityInformation',
        authenticationContextValue: 'c1',
      },
      context,
      'notSet',
    ],
    [
      {
        '@odata.type': '#microsoft.graph.applicationContext',
        userAction: 'registerSecurityInformation',
        includeApplications: [app],
      },
      apps(app),
      'notSet',
    ],
  ])('%j', (signInContext, given, expected) => {
    expect(reason(given, { signInContext })).toBe(expected);
  });

  it('the application that comes furthest says what is in the way', () => {
    const given = policy({
      applications: { includeApplications: [app] },
      signInRiskLevels: ['high'],
    });
    for (const includeApplications of [
      [app, other],
      [other, app],
    ])
      expect(reason(given, { signInContext: { includeApplications } })).toBe('signInRisk');
  });

  it('the strictest decision for several applications, whichever comes first', () => {
    const policies = [
      policy({ applications: { includeApplications: [other] } }),
      policy(
        { applications: { includeApplications: [app] } },
        {
          id: 'b0110000-0000-4000-8000-000000000002',
          grantControls: null,
          sessionControls: { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } },
        },
      ),
    ];
    const ask = (...includeApplications: string[]) =>
      whatIf(compile({ policies }), { ...plain, signInContext: { includeApplications } }).decision
        .outcome;
    expect(ask(app)).toBe('interrupt');
    expect([ask(app, other), ask(other, app)]).toEqual(['block', 'block']);
    expect([ask(app, person), ask(person, app)]).toEqual(['interrupt', 'interrupt']);
  });
});

describe('under which conditions', () => {
  it.each<[unknown, Record<string, unknown>, string]>([
    [{ devicePlatform: 'IOS' }, { platforms: { includePlatforms: ['iOS'] } }, 'notSet'],
    [{ DevicePlatform: 'iOS' }, { platforms: { includePlatforms: ['iOS'] } }, 'notSet'],
    [{ devicePlatform: 'all' }, { platforms: { includePlatforms: ['all'] } }, 'notSet'],
    [{ devicePlatform: 'all' }, { platforms: { includePlatforms: ['iOS'] } }, 'devicePlatform'],
    [{ clientAppType: 'Browser' }, { clientAppTypes: ['browser'] }, 'notSet'],
    [{ clientAppType: 'all' }, { clientAppTypes: ['browser'] }, 'clientApps'],
    [{ ipAddress: '203.0.113.9' }, { locations: { includeLocations: [place] } }, 'notSet'],
    [{ ipAddress: '192.0.2.9' }, { locations: { includeLocations: [place] } }, 'location'],
    [{ ipAddress: 7 }, { locations: { includeLocations: [place] } }, 'location'],
    [{ country: 'gb' }, { locations: { includeLocations: [country] } }, 'notSet'],
    [{ country: 'FR' }, { locations: { includeLocations: [country] } }, 'location'],
    [{ country: ['GB'] }, { locations: { includeLocations: [country] } }, 'location'],
    [{ deviceInfo: { model: 'X' } }, filter(rule), 'notSet'],
    [{ deviceInfo: null }, filter('device.model -eq null'), 'notSet'],
    [{ deviceInfo: {} }, filter('device.isCompliant -eq False'), 'notSet'],
    [{ deviceInfo: { isCompliant: true } }, filter('device.isCompliant -eq True'), 'notSet'],
    [
      { deviceInfo: { ownership: 'Company' } },
      filter('device.deviceOwnership -eq "Company"'),
      'notSet',
    ],
    [
      { deviceInfo: { deviceOwnership: 'Company' } },
      filter('device.deviceOwnership -eq "Company"'),
      'notSet',
    ],
    [
      { deviceInfo: { managedBy: 'other', extensionAttribute1: 'x' } },
      filter('device.extensionAttribute1 -eq "x"'),
      'notSet',
    ],
    [
      { authenticationFlow: { transferMethod: 'DeviceCodeFlow' } },
      { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      'notSet',
    ],
    [
      { authenticationFlow: 'deviceCodeFlow' },
      { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      'authenticationFlow',
    ],
    [{}, { authenticationFlows: { transferMethods: 'none,deviceCodeFlow' } }, 'notSet'],
    [{ signInRiskLevel: 'high' }, { signInRiskLevels: ['high'] }, 'notSet'],
    [{}, { signInRiskLevels: ['none'] }, 'notSet'],
    [{ signInRiskLevel: 'x' }, { signInRiskLevels: ['none'] }, 'signInRisk'],
    [{ userRiskLevel: 'low' }, { userRiskLevels: ['low'] }, 'notSet'],
    [{}, { userRiskLevels: ['none'] }, 'notSet'],
    [{ insiderRiskLevel: 'minor' }, { insiderRiskLevels: 'minor' }, 'notSet'],
    [{ insiderRiskLevel: 'moderate' }, { insiderRiskLevels: 'minor' }, 'insiderRisk'],
  ])('%j under %j: %s', (signInConditions, conditions, expected) => {
    expect(reason(policy(conditions), { signInConditions })).toBe(expected);
  });
});

describe('the answer', () => {
  it('holds the policies that apply, if no others are wanted', () => {
    const policies = [
      policy({}, { id: person }),
      policy({ users: { includeUsers: ['None'] } }, { id: group }),
    ];
    const ask = (appliedPoliciesOnly: unknown) =>
      whatIf(compile({ policies }), { ...plain, appliedPoliciesOnly }).value.map(({ id }) => id);
    expect(ask(true)).toEqual([person]);
    for (const other of [false, undefined, 'true']) expect(ask(other)).toEqual([person, group]);
  });

  it.each([null, 'x', [], {}])('a question that is none (%j) is one about nobody', (request) => {
    const { value } = whatIf(compile({ policies: [policy({})] }), request as WhatIfRequest);
    expect(value).toMatchObject([{ policyApplies: true }]);
  });
});
