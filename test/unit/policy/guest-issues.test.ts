import { describe, expect, it } from 'vitest';
import { type KnownGuest, parsePolicies } from '../../../shared/policy/index.ts';

const id = (n: number) => `b0110000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const group = id(90);
const tenant = id(80);

const guest = (n: number, more: Partial<KnownGuest> = {}): KnownGuest => ({
  id: id(n),
  guestOrExternalUserType: 'b2bCollaborationGuest',
  groupIds: [],
  homeTenantIds: [null],
  ...more,
});

const guests = [
  guest(1, { groupIds: [group] }),
  guest(2, { homeTenantIds: [null, tenant] }),
  guest(3, { guestOrExternalUserType: 'internalGuest', homeTenantIds: [] }),
];

const every =
  'internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider';

const policy = (users: unknown, controls: readonly string[], more: object = {}) => ({
  id: id(50),
  displayName: 'P',
  state: 'enabled',
  conditions: { users, applications: { includeApplications: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: controls },
  ...more,
});

const issuesOf = (json: unknown, known: readonly KnownGuest[] = []) =>
  (parsePolicies(json, { guests: known }).items[0]?.issues ?? []).filter(
    ({ severity }) => severity !== 'error',
  );

describe('what guests can hardly meet', () => {
  it.each([
    ['compliantDevice', /managed by one organisation only.*mfa or an authentication strength/],
    ['domainJoinedDevice', /joined to a domain.*mfa or an authentication strength/],
    ['approvedApplication', /phone would have to be registered here.*mfa/],
    ['compliantApplication', /phone would have to be registered here.*mfa/],
    ['passwordChange', /only the organisation a guest comes from.*exclude guests/],
    ['riskRemediation', /only the organisation a guest comes from.*exclude guests/],
  ])('%s is told, with what to do instead', (control, message) => {
    const place = { pointer: '/grantControls/builtInControls/0' };
    const all = policy({ includeUsers: ['All'] }, [control]);
    expect(issuesOf(all)).toEqual([
      { ...place, severity: 'warning', message: expect.stringMatching(message) },
    ]);
    expect(issuesOf(all)[0]?.message).toMatch(/^reaches guests; this refuses them: /);
    for (const state of ['disabled', 'enabledForReportingButNotEnforced'])
      expect(issuesOf({ ...all, state })).toEqual([
        {
          ...place,
          severity: 'information',
          message: expect.stringMatching(/^reaches guests; once it is enabled, this refuses them/),
        },
      ]);
  });

  it('each control of several, in PowerShell’s spelling too', () => {
    const pascal = {
      Id: id(50),
      DisplayName: 'P',
      State: 'enabled',
      Conditions: {
        Users: { IncludeUsers: ['All'] },
        Applications: { IncludeApplications: ['All'] },
      },
      GrantControls: { Operator: 'OR', BuiltInControls: ['CompliantDevice', 'domainJoinedDevice'] },
    };
    expect(issuesOf(pascal).map(({ pointer }) => pointer)).toEqual([
      '/GrantControls/BuiltInControls/0',
      '/GrantControls/BuiltInControls/1',
    ]);
  });

  it.each([
    ['mfa beside it', ['compliantDevice', 'mfa'], {}, 'mfa'],
    [
      'a strength beside it',
      ['compliantDevice'],
      { authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' } },
      'the authentication strength',
    ],
  ])('is information where %s is enough', (_, controls, more, way) => {
    const given = policy({ includeUsers: ['All'] }, controls);
    const or = { ...given, grantControls: { ...given.grantControls, ...more } };
    expect(issuesOf(or)).toMatchObject([
      { severity: 'information', message: expect.stringContaining(`are left with ${way}:`) },
    ]);
    const and = { ...or, grantControls: { ...or.grantControls, operator: 'AND' } };
    expect(issuesOf(and)).toMatchObject([{ severity: 'warning' }]);
  });

  it('block says it all', () => {
    expect(issuesOf(policy({ includeUsers: ['All'] }, ['block', 'compliantDevice']))).toEqual([]);
  });
});

describe('whom a policy reaches', () => {
  const ask = (users: unknown, more: object = {}) =>
    issuesOf(policy(users, ['compliantDevice'], more), guests).map(
      ({ severity, message }) => `${severity}: ${message.split(';')[0]}`,
    );

  it.each<[string, unknown, string]>([
    ['All', { includeUsers: ['All'] }, 'warning: reaches 3 of 3 guests'],
    ['the old word', { includeUsers: ['GuestsOrExternalUsers'] }, 'warning: reaches 3 of 3 guests'],
    [
      'guest types',
      { includeGuestsOrExternalUsers: { guestOrExternalUserTypes: 'internalGuest' } },
      'warning: reaches 1 of 3 guests',
    ],
    [
      'one tenant',
      {
        includeGuestsOrExternalUsers: {
          guestOrExternalUserTypes: every,
          externalTenants: { membershipKind: 'enumerated', members: [tenant] },
        },
      },
      'warning: reaches 2 of 3 guests',
    ],
    ['a guest’s group', { includeGroups: [group] }, 'warning: reaches 1 of 3 guests'],
    ['a guest', { includeUsers: [id(2).toUpperCase()] }, 'warning: reaches 1 of 3 guests'],
    [
      'all but a group',
      { includeUsers: ['All'], excludeGroups: [group] },
      'warning: reaches 2 of 3 guests',
    ],
    [
      'all but those who are here',
      { includeUsers: ['All'], excludeUsers: [id(1), id(2), id(3)] },
      'information: reaches none of 3 guests yet, but a new one',
    ],
    [
      'a list that cannot be read, which restricts',
      { includeUsers: ['All'], excludeGroups: ['{{guests}}'] },
      'warning: reaches 3 of 3 guests',
    ],
  ])('%s', (_, users, expected) => {
    expect(ask(users)).toEqual([expected]);
  });

  it.each<[string, unknown]>([
    ['nobody', null],
    ['None', { includeUsers: ['None'] }],
    ['somebody else', { includeUsers: [id(9)], includeGroups: [id(91)] }],
    ['a role', { includeRoles: [id(92)] }],
    ['agents', { includeUsers: ['AllAgentIdUsers'] }],
    ['all but guests', { includeUsers: ['All'], excludeUsers: ['GuestsOrExternalUsers'] }],
    [
      'all but every type',
      {
        includeUsers: ['All'],
        excludeGuestsOrExternalUsers: {
          guestOrExternalUserTypes: every,
          externalTenants: { membershipKind: 'all' },
        },
      },
    ],
  ])('%s is no guest', (_, users) => {
    expect(ask(users)).toEqual([]);
  });

  it('a policy about workloads reaches none', () => {
    const conditions = {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientApplications: { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] },
    };
    expect(ask(undefined, { conditions })).toEqual([]);
  });

  it('counts one guest as one', () => {
    const one = policy({ includeUsers: ['All'] }, ['compliantDevice']);
    expect(issuesOf(one, guests.slice(0, 1))[0]?.message).toMatch(/^reaches 1 of 1 guest;/);
  });
});
