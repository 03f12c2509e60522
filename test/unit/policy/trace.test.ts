import { describe, expect, it } from 'vitest';
import {
  compile,
  type DecidedPolicy,
  decide,
  type SignInFacts,
} from '../../../shared/policy/index.ts';
import { caseFiles, setOf } from './case-files.ts';

/** What the trace says beyond the outcome of each condition, which the data cases compare. */

const id = (n: number) => `b0110000-0000-4000-8000-00000000000${n}`;
const strength = '5a000000-0000-4000-8000-000000000001';
const [terms, others] = [
  '70000000-0000-4000-8000-000000000001',
  '70000000-0000-4000-8000-000000000002',
];
const facts: SignInFacts = { now: '2026-11-20T10:00:00Z' };

function policy(n: number, more: Record<string, unknown>) {
  const conditions = { users: { includeUsers: ['All'] } };
  return { id: id(n), state: 'enabled', conditions, ...more };
}

function trace(policies: readonly unknown[], given: SignInFacts = facts): readonly DecidedPolicy[] {
  return decide(compile({ policies, termsOfUse: [{ id: terms }, { id: others }] }), given).policies;
}

describe('whatever is traced', () => {
  it('says why, in every data case', () => {
    for (const file of caseFiles)
      for (const given of file.cases) {
        const { policies } = decide(compile(setOf(file, given)), given.facts);
        const lines = policies.flatMap(({ conditions = [], controls = [] }) => [
          ...conditions,
          ...controls,
        ]);
        const mute = lines.filter(({ because }) => !/^\S.*\S$/.test(because));
        expect([file.topic, given.name, mute]).toEqual([file.topic, given.name, []]);
      }
  });
});

describe('a condition names what it is about', () => {
  const person = 'a0000000-0000-4000-8000-000000000001';
  const place = '10ca0000-0000-4000-8000-000000000001';
  const type = 'serviceProvider';
  const guests = { guestOrExternalUserTypes: type };
  const rule = 'device.model -eq "x"';
  const known: SignInFacts = {
    user: {
      id: person,
      guestOrExternalUserType: type,
      homeTenantId: null,
      groupIds: [person],
      roleTemplateIds: [person],
    },
    target: { kind: 'application', appId: person, customSecurityAttributes: {} },
    clientAppType: 'browser',
    devicePlatform: 'iOS',
    ipAddress: '203.0.113.7',
    signInRiskLevel: 'low',
    authenticationFlow: 'none',
  };
  const register: SignInFacts = {
    target: { kind: 'userAction', action: 'urn:user:registerdevice' },
  };

  const users = (include: object, exclude = {}) => ({ users: { ...include, ...exclude } });
  const anybody = { includeUsers: ['All'] };
  const apps = (members: object) => ({ applications: members });

  it.each<[Record<string, unknown>, string, SignInFacts?]>([
    [{ users: null }, 'no user is included'],
    [{ users: [] }, 'no user is included'],
    [{ users: {} }, 'not included'],
    [{ users: ['All'] }, 'cannot be read'],
    [
      users(anybody, { excludeGuestsOrExternalUsers: { ...guests, since: 'today' } }),
      'unknown member of the guest types',
    ],
    [
      users({ includeGuestsOrExternalUsers: 'all' }),
      'not known: includeGuestsOrExternalUsers: cannot be read',
    ],
    [users({ includeUsers: [place] }), 'not included'],
    [users(anybody), 'included: All'],
    [users({ includeUsers: [person] }), 'included: the user'],
    [users({ includeUsers: [person] }), 'not known: the user', {}],
    [users({ includeUsers: ['GuestsOrExternalUsers'] }), 'included: GuestsOrExternalUsers'],
    [users({ includeGroups: [person] }), 'included: includeGroups'],
    [users({ includeRoles: [person] }), 'included: includeRoles'],
    [users({ includeGuestsOrExternalUsers: guests }), 'included: includeGuestsOrExternalUsers'],
    [users(anybody, { excludeUsers: [person] }), 'excluded: the user'],
    [users(anybody, { excludeUsers: [person] }), 'exclusion not known: the user', {}],
    [users(anybody, { excludeGroups: [place, person] }), 'excluded: excludeGroups'],
    [users(anybody, { excludeRoles: [person] }), 'excluded: excludeRoles'],
    [
      users(anybody, { excludeGuestsOrExternalUsers: guests }),
      'excluded: excludeGuestsOrExternalUsers',
    ],
    [users(anybody, { excludeGroups: [place], excludeRoles: [person] }), 'excluded: excludeRoles'],
    [users({ includeUsers: ['Anna'] }), 'not known: includeUsers: an entry cannot be read'],
    [
      users(anybody, { excludeRoles: ['Admins'] }),
      'exclusion not known: excludeRoles: an entry cannot be read',
    ],
    [users(anybody, { includeTeams: ['x'] }), 'unknown member includeTeams'],
    [{ users: 'All' }, 'cannot be read'],
    [apps({ includeApplications: [person] }), 'included: the application'],
    [apps({ includeApplications: ['All'] }), 'included: All'],
    [apps({ excludeApplications: [place] }), 'included: All'],
    [
      apps({ includeApplications: ['All'], excludeApplications: [person] }),
      'excluded: the application',
    ],
    [apps({ includeApplications: ['Office365'] }), 'not known: Office365'],
    [
      apps({ includeApplications: ['x'] }),
      'not known: includeApplications: an entry cannot be read',
    ],
    [
      apps({ includeApplications: ['All'], excludeApplications: ['x'] }),
      'exclusion not known: excludeApplications: an entry cannot be read',
    ],
    [
      apps({
        includeApplications: ['All'],
        applicationFilter: { mode: 'exclude', rule: 'CustomSecurityAttribute.S_A -eq null' },
      }),
      'excluded: applicationFilter',
    ],
    [
      apps({ applicationFilter: { mode: 'include', rule: 'x' } }),
      'not known: applicationFilter: an entry cannot be read',
    ],
    [apps({ applicationFilter: 'x' }), 'not known: applicationFilter: an entry cannot be read'],
    [apps({ applicationFilter: { mode: 'include', rule: 'x', y: 1 } }), 'unknown member y'],
    [apps({ includeTeams: ['x'] }), 'unknown member includeTeams'],
    [{ applications: 'All' }, 'cannot be read'],
    [
      apps({ includeUserActions: ['urn:user:registerdevice'] }),
      'included: the action or context asked for',
      register,
    ],
    [apps({ includeUserActions: ['urn:user:registerdevice'] }), 'not included'],
    [
      apps({ includeUserActions: ['urn:user:registerdevice'] }),
      'not included; actions and contexts not known',
      {},
    ],
    [{ platforms: { includePlatforms: ['iOS'] } }, 'included: iOS'],
    [{ platforms: { excludePlatforms: ['iOS'] } }, 'excluded: iOS'],
    [{ platforms: { excludePlatforms: ['linux'] } }, 'included: all'],
    [
      { platforms: { includePlatforms: ['x'] } },
      'not known: includePlatforms: an entry cannot be read',
    ],
    [
      { platforms: { excludePlatforms: ['x'] } },
      'exclusion not known: excludePlatforms: an entry cannot be read',
    ],
    [{ platforms: { x: 1 } }, 'unknown member x'],
    [{ platforms: 'iOS' }, 'cannot be read'],
    [
      { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } },
      'excluded: AllTrusted',
    ],
    [{ locations: { includeLocations: ['AllTrusted'] } }, 'included: AllTrusted'],
    [{ locations: { includeLocations: [place] } }, `included: ${place}`],
    [{ locations: { includeLocations: [terms] } }, `not known: ${terms}`],
    [
      { locations: { includeLocations: ['Office'] } },
      'not known: includeLocations: an entry cannot be read',
    ],
    [
      { locations: { excludeLocations: ['All'] } },
      'exclusion not known: excludeLocations: an entry cannot be read',
    ],
    [{ locations: { x: 1 } }, 'unknown member x'],
    [{ locations: 'All' }, 'cannot be read'],
    [{ clientAppTypes: ['all'] }, 'included: all'],
    [{ clientAppTypes: ['other', 'Browser'] }, 'included: browser'],
    [{ clientAppTypes: ['x'] }, 'not known: clientAppTypes: an entry cannot be read'],
    [{ devices: { deviceFilter: { mode: 'include', rule } } }, 'include filter: the rule is false'],
    [{ devices: { deviceFilter: { mode: 'Exclude', rule } } }, 'exclude filter: the rule is false'],
    [
      { devices: { deviceFilter: { mode: 'include', rule: 'device.model -eq null' } } },
      'include filter: the rule is true',
    ],
    [
      { devices: { deviceFilter: { mode: 'include', rule } } },
      'include filter: the rule is undecided',
      { device: { model: 7 } },
    ],
    [{ devices: { deviceFilter: { mode: 'include', rule: 'x' } } }, 'the rule does not parse'],
    [{ devices: { deviceFilter: { mode: 'x', rule } } }, 'the filter cannot be read'],
    [{ devices: { deviceFilter: 'x' } }, 'the filter cannot be read'],
    [{ devices: { x: 1 } }, 'unknown member x'],
    [{ devices: 'x' }, 'cannot be read'],
    [{ authenticationFlows: { transferMethods: 'deviceCodeFlow' } }, 'not listed: none'],
    [{ authenticationFlows: { transferMethods: 'x' } }, 'an entry cannot be read'],
    [{ authenticationFlows: { x: 1 } }, 'unknown member x'],
    [{ authenticationFlows: 'x' }, 'cannot be read'],
    [{ signInRiskLevels: ['high', 'low'] }, 'listed: low'],
    [{ signInRiskLevels: ['high'] }, 'not listed: low'],
    [{ userRiskLevels: ['high'] }, 'the fact is not known'],
    [{ clientApplications: { x: ['x'] } }, 'the policy is about workloads, not users'],
    [{ moonPhase: 'full' }, 'the condition is not known here'],
  ])('%j: %s', (conditions, because, given = known) => {
    const policies = [{ id: id(1), state: 'enabled', conditions }];
    const set = compile({
      policies,
      namedLocations: [
        { id: place, ipRanges: [{ cidrAddress: '203.0.113.0/24' }] },
        { id: others, ipRanges: [{ cidrAddress: '203.0.113.0/24' }], isTrusted: true },
      ],
    });
    const name = Object.keys(conditions)[0];
    // Asked twice: what was said once is kept, and must still be said of the same.
    for (const facts of [given, {}, given]) decide(set, facts);
    const told = decide(set, given).policies[0]?.conditions?.find((c) => c.name === name);
    expect(told?.because).toBe(because);
  });

  it('a report-only policy says what unknown will mean', () => {
    const state = 'enabledForReportingButNotEnforced';
    const conditions = { ...users({ includeUsers: [person] }), clientAppTypes: ['browser'] };
    const [told] = trace([{ id: id(1), state, conditions }], { clientAppType: 'browser' });
    expect(told?.conditions?.map(({ because }) => because)).toEqual([
      'not known: the user; counts as a match once enabled',
      'included: browser',
    ]);
  });
});

describe('the controls of a policy', () => {
  const lines = (grantControls: unknown, sessionControls?: unknown) =>
    (trace([policy(1, { grantControls, sessionControls })])[0]?.controls ?? []).map(
      ({ control, satisfied, satisfiable }) => [control, satisfied, satisfiable],
    );

  it('are all there, in asking order, whatever the operator', () => {
    const builtInControls = ['riskRemediation', 'passwordChange', 'compliantApplication'].concat(
      ['approvedApplication', 'domainJoinedDevice', 'compliantDevice', 'MFA'],
      ['selfie', 'block'],
    );
    const grantControls = {
      builtInControls,
      customAuthenticationFactors: ['Duo'],
      termsOfUse: [others, terms, others],
      authenticationStrength: { id: strength },
    };
    for (const operator of ['AND', 'OR'])
      expect(lines({ operator, ...grantControls }).map(([control]) => control)).toEqual([
        'block',
        'authenticationStrength',
        'mfa',
        'compliantDevice',
        'domainJoinedDevice',
        'approvedApplication',
        'compliantApplication',
        'passwordChange',
        'riskRemediation',
        'termsOfUse',
        'termsOfUse',
        'customAuthenticationFactor Duo',
        'selfie',
      ]);
  });

  it.each<[string, unknown, readonly (readonly [string, boolean, boolean])[]]>([
    ['what can be done', { termsOfUse: [terms] }, [['termsOfUse', false, true]]],
    ['what cannot', { builtInControls: ['block'] }, [['block', false, false]]],
    ['no list', { builtInControls: 'mfa' }, [['builtInControls', false, false]]],
    [
      'entries that are none',
      { builtInControls: [7, ''] },
      [
        ['builtInControls', false, false],
        ['builtInControls', false, false],
      ],
    ],
    ['no object', 'mfa', [['grantControls', false, false]]],
    ['a member nobody knows', { selfie: true }, [['selfie', false, false]]],
    [
      'a strength that is none',
      { authenticationStrength: 'mfa' },
      [['authenticationStrength', false, false]],
    ],
    [
      'an unreadable entry among terms',
      { termsOfUse: [terms, 'x'] },
      [
        ['termsOfUse', false, true],
        ['termsOfUse', false, false],
      ],
    ],
    [
      'unreadable entries among custom controls',
      { customAuthenticationFactors: ['Duo', '', 7] },
      [
        ['customAuthenticationFactor Duo', false, false],
        ['customAuthenticationFactors', false, false],
      ],
    ],
  ])('%s', (_, grantControls, expected) => {
    expect(lines(grantControls)).toEqual(expected);
  });

  it('and what nobody knows of the session', () => {
    const twice = { secureSignInSession: 7, moonPhase: 'full' };
    expect(lines(undefined, twice)).toEqual([
      ['secureSignInSession', false, false],
      ['moonPhase', false, false],
    ]);
    expect(lines(undefined, 'none')).toEqual([['sessionControls', false, false]]);
  });

  it('what is met by the action itself is satisfied', () => {
    const all = policy(1, {
      conditions: {
        users: { includeUsers: ['All'] },
        applications: { includeApplications: ['All'] },
      },
      grantControls: { operator: 'AND', builtInControls: ['compliantDevice'] },
    });
    const target = { kind: 'userAction', action: 'urn:user:registerdevice' } as const;
    expect(trace([all], { ...facts, target })[0]?.controls).toEqual([
      {
        control: 'compliantDevice',
        satisfied: true,
        satisfiable: true,
        because: 'met by the action itself',
      },
    ]);
  });
});

describe('the session controls of a policy', () => {
  const session = (n: number, sessionControls: unknown, more = {}) =>
    policy(n, { sessionControls, ...more });
  const browser = (mode: string) => ({ persistentBrowser: { isEnabled: true, mode } });
  const frequency = (value: number) => ({
    signInFrequency: { isEnabled: true, type: 'hours', value },
  });

  it('are named when they are on', () => {
    const [first, second] = trace([
      session(1, { ...browser('never'), ...frequency(8), disableResilienceDefaults: false }),
      policy(2, {}),
    ]);
    expect(first?.sessionControls).toEqual(['signInFrequency', 'persistentBrowser']);
    expect(second?.sessionControls).toEqual([]);
  });

  it('and told apart from those that a stricter one replaced', () => {
    const told = trace([
      session(1, { ...browser('always'), ...frequency(8) }),
      session(2, { ...browser('never'), ...frequency(9) }),
      session(3, frequency(9), { state: 'enabledForReportingButNotEnforced' }),
      session(4, frequency(9), { conditions: { users: { includeUsers: ['None'] } } }),
      session(5, frequency(9), { state: 'disabled' }),
    ]);
    expect(told.map((p) => p.overruledSessionControls)).toEqual([
      ['persistentBrowser'],
      ['signInFrequency'],
      [],
      [],
      [],
    ]);
    expect(told[3]?.sessionControls).toEqual(['signInFrequency']);
  });
});

describe('without a trace', () => {
  it('a policy is its id, name, state and result', () => {
    const source = policy(1, { displayName: 'CA001' });
    const decision = decide(compile({ policies: [source] }), facts, { trace: false });
    expect(decision.policies).toEqual([
      { id: id(1), displayName: 'CA001', state: 'enabled', result: 'success' },
    ]);
  });
});
