import { describe, expect, it } from 'vitest';
import { compile, whatIf } from '../../../shared/policy/index.ts';

/** Which facts a question would have to name, for each condition and control alone. */

const app = 'd0000000-0000-4000-8000-000000000001';
const group = '90000000-0000-4000-8000-000000000001';
const trusted = {
  id: '10ca0000-0000-4000-8000-000000000001',
  isTrusted: true,
  ipRanges: [{ cidrAddress: '203.0.113.0/24' }],
};

function missing(more: Record<string, unknown>, request: Record<string, unknown> = {}) {
  const { conditions, ...rest } = more;
  const policy = {
    id: 'b0110000-0000-4000-8000-000000000001',
    state: 'enabled',
    grantControls: { operator: 'OR', builtInControls: ['block'] },
    ...rest,
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      ...(conditions as object),
    },
  };
  const set = compile({ policies: [policy], namedLocations: [trusted] });
  return whatIf(set, {
    signInIdentity: { externalUserType: 'b2bCollaborationGuest' },
    signInContext: { includeApplications: [app] },
    signInConditions: {},
    ...request,
  }).missing;
}

const proof = [
  'authentication',
  'homeStepUp',
  'inboundTrust',
  'registeredMethods',
  'registrableMethods',
];
const phone = ['device', 'devicePlatform', 'deviceRegistrationEnabled'];

describe('what a control needs', () => {
  it.each<[Record<string, unknown>, readonly string[]]>([
    [{ builtInControls: ['block'] }, []],
    [{ builtInControls: ['mfa'] }, proof],
    [{ authenticationStrength: { allowedCombinations: ['sms'] } }, proof],
    [{ authenticationStrength: { id: group } }, []],
    [{ builtInControls: ['domainJoinedDevice'] }, ['authentication', 'inboundTrust']],
    [
      { builtInControls: ['compliantDevice'] },
      ['authentication', 'device', 'deviceRegistrationEnabled', 'inboundTrust'],
    ],
    [{ builtInControls: ['approvedApplication'] }, phone],
    [{ builtInControls: ['compliantApplication'] }, phone],
    [{ builtInControls: ['passwordChange', 'riskRemediation'] }, []],
    [{ termsOfUse: [group] }, ['now', 'termsOfUseAccepted']],
    [{ customAuthenticationFactors: ['Duo'] }, []],
  ])('%j', (controls, expected) => {
    expect(missing({ grantControls: { operator: 'AND', ...controls } })).toEqual(expected);
  });

  it('a frequency asks when, and when last', () => {
    const signInFrequency = { isEnabled: true, type: 'hours', value: 8 };
    expect(missing({ sessionControls: { signInFrequency } })).toEqual(['authentication', 'now']);
    expect(missing({ sessionControls: { signInFrequency: { isEnabled: false } } })).toEqual([]);
  });

  it('what was said is not missing', () => {
    const grantControls = { operator: 'AND', builtInControls: ['approvedApplication'] };
    const signInConditions = { devicePlatform: 'iOS', deviceInfo: { model: 'x' } };
    expect(missing({ grantControls }, { signInConditions })).toEqual(['deviceRegistrationEnabled']);
  });
});

describe('what a condition needs', () => {
  const location = { includeLocations: ['AllTrusted'] };
  const rule = 'device.model -eq "x"';
  it.each<[Record<string, unknown>, readonly string[], Record<string, unknown>]>([
    [
      { platforms: { includePlatforms: ['windows'] } },
      ['devicePlatform'],
      { devicePlatform: 'windows' },
    ],
    [{ clientAppTypes: ['browser'] }, ['clientAppType'], { clientAppType: 'browser' }],
    [{ clientAppTypes: ['other'] }, ['clientAppType'], { clientAppType: 'other' }],
    [
      { locations: location },
      ['country', 'ipAddress'],
      { ipAddress: '203.0.113.1', country: 'GB' },
    ],
    [
      { devices: { deviceFilter: { mode: 'include', rule } } },
      ['device', 'inboundTrust'],
      { deviceInfo: { model: 'x' } },
    ],
    [
      { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      ['authenticationFlow'],
      { authenticationFlow: { transferMethod: 'deviceCodeFlow' } },
    ],
    [{ signInRiskLevels: ['high'] }, ['signInRiskLevel'], { signInRiskLevel: 'high' }],
    [{ userRiskLevels: ['low'] }, ['userRiskLevel'], { userRiskLevel: 'low' }],
    [{ insiderRiskLevels: 'minor' }, ['insiderRiskLevel'], { insiderRiskLevel: 'minor' }],
  ])('%j', (conditions, expected, signInConditions) => {
    expect(missing({ conditions })).toEqual(expected);
    expect(missing({ conditions }, { signInConditions })).toEqual(
      expected.filter((name) => name === 'inboundTrust'),
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ['any platform', { platforms: { includePlatforms: ['all'] } }],
    ['any client', { clientAppTypes: ['all'] }],
    ['a condition nobody knows', { moonPhase: 'full' }],
    ['hidden risk', { signInRiskLevels: ['hidden'] }],
  ])('%s needs nothing: it would not change', (_, conditions) => {
    expect(missing({ conditions })).toEqual([]);
  });

  it('a user whose groups are not known', () => {
    const users = { includeGroups: [group] };
    expect(missing({ conditions: { users } })).toEqual(['user']);
    const user = { id: group, groupIds: [] };
    expect(missing({ conditions: { users } }, { user })).toEqual([]);
    expect(missing({ conditions: { users: { includeUsers: ['All'] } } })).toEqual([]);
  });
});

describe('a policy that is out of it needs nothing', () => {
  const signInRiskLevels = ['high'];
  it.each<[string, Record<string, unknown>]>([
    ['for nobody', { conditions: { users: { includeUsers: ['None'] }, signInRiskLevels } }],
    [
      'for another application',
      { conditions: { applications: { includeApplications: [group] }, signInRiskLevels } },
    ],
    ...['clientApplications', 'servicePrincipalRiskLevels', 'agentIdRiskLevels'].map(
      (name): [string, Record<string, unknown>] => [
        `about ${name}`,
        { conditions: { [name]: ['high'], signInRiskLevels } },
      ],
    ),
    ['disabled', { state: 'disabled', conditions: { signInRiskLevels } }],
  ])('%s', (_, policy) => {
    expect(missing(policy)).toEqual([]);
  });

  it('but one that only reports counts', () => {
    const state = 'enabledForReportingButNotEnforced';
    expect(missing({ state, conditions: { signInRiskLevels } })).toEqual(['signInRiskLevel']);
  });

  it('nor for a workload', () => {
    const signInIdentity = { servicePrincipalId: group };
    expect(missing({ conditions: { signInRiskLevels } }, { signInIdentity })).toEqual([]);
  });

  it('one of several applications is enough to ask', () => {
    const applications = { includeApplications: [group] };
    const signInContext = { includeApplications: [app, group] };
    expect(missing({ conditions: { applications, signInRiskLevels } }, { signInContext })).toEqual([
      'signInRiskLevel',
    ]);
  });
});
