import { describe, expect, it } from 'vitest';
import { parsePolicies } from '../../../shared/policy/index.ts';

/** Combinations that Graph refuses, each beside the nearest one that it takes. */

type Parts = Readonly<Record<string, unknown>>;

const users = { includeUsers: ['All'] };
const all = { includeApplications: ['All'] };
const app = 'd0000000-0000-4000-8000-000000000001';
const strength = { authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' } };
const terms = { termsOfUse: ['70000000-0000-4000-8000-000000000001'] };
const attributes = { mode: 'exclude', rule: 'CustomSecurityAttribute.S_A -eq "x"' };
const filter = { deviceFilter: { mode: 'include', rule: 'device.model -eq "x"' } };
const device = { includeUserActions: ['urn:user:registerdevice'] };
const never = { persistentBrowser: { isEnabled: true, mode: 'never' } };

function errorsOf(conditions: Parts, grantControls: unknown, sessionControls?: unknown) {
  const [item] = parsePolicies({
    id: 'b0110000-0000-4000-8000-000000000001',
    displayName: 'CA001',
    state: 'enabled',
    conditions: { users, applications: all, ...conditions },
    grantControls,
    sessionControls,
  }).items;
  const errors = item?.issues.filter(({ severity }) => severity === 'error') ?? [];
  expect(item?.enforceable).toBe(errors.length === 0);
  for (const { message } of errors) expect(message).toMatch(/\S/);
  return errors.map(({ pointer }) => pointer);
}

const asks = (operator: string, builtInControls: readonly string[], more: Parts = {}) => ({
  operator,
  builtInControls,
  ...more,
});
const mfa = asks('AND', ['mfa']);

const builtIns = '/grantControls/builtInControls';
const frequency = '/sessionControls/signInFrequency';
const risky = { userRiskLevels: ['high'] };

type Row = readonly [what: string, Parts, grant: unknown, session: unknown, errors: string[]];

const rows: Readonly<Record<string, readonly Row[]>> = {
  'what every policy needs': [
    ['users to include', { users: { excludeUsers: [app] } }, mfa, null, ['/conditions/users']],
    ['any list of users', { users: { includeRoles: [app] } }, mfa, null, []],
    ['or workloads', { users: null, clientApplications: { x: ['All'] } }, mfa, null, []],
    ['no users at all', { users: null }, mfa, null, ['/conditions/users']],
    ['applications', { applications: null }, mfa, null, ['/conditions/applications']],
    ['or what is left out', { applications: { excludeApplications: [app] } }, mfa, null, []],
    ['or an action', { applications: device }, mfa, null, []],
    ['a control', {}, { operator: 'OR' }, null, ['/grantControls']],
    ['or one of the session', {}, null, never, []],
    ['or one without an operator', {}, { builtInControls: ['mfa'] }, null, []],
  ],
  'block stands alone': [
    ['alone', {}, asks('OR', ['block']), null, []],
    ['alone, in any case', {}, asks('OR', ['Block']), null, []],
    ['with another word', {}, asks('OR', ['mfa', 'Block']), null, [builtIns]],
    ['with terms', {}, asks('OR', ['block'], terms), null, [builtIns]],
    ['beside a session control', {}, asks('OR', ['block']), never, []],
  ],
  'mfa and a strength exclude each other': [
    ['both', {}, asks('AND', ['MFA'], strength), null, ['/grantControls/authenticationStrength']],
    ['a strength with a device', {}, asks('AND', ['compliantDevice'], strength), null, []],
    ['a strength alone', {}, { operator: 'AND', ...strength }, null, []],
  ],
  'a change of password': [
    ['as it should be', risky, asks('AND', ['passwordChange', 'mfa']), null, []],
    ['with a strength', risky, asks('and', ['passwordChange'], strength), null, []],
    ['without an operator', risky, { builtInControls: ['mfa', 'passwordChange'] }, null, []],
    ['or', risky, asks('or', ['passwordChange', 'mfa']), null, [builtIns]],
    ['alone', risky, asks('AND', ['passwordChange']), null, [builtIns]],
    ['without a risk', {}, asks('AND', ['passwordChange', 'mfa']), null, [builtIns]],
    [
      'for one application',
      { ...risky, applications: { includeApplications: [app] } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
    [
      'but for one application',
      { ...risky, applications: { ...all, excludeApplications: [app] } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
    [
      'but for those of an attribute',
      { ...risky, applications: { ...all, applicationFilter: attributes } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
    [
      'under another condition',
      { ...risky, platforms: { includePlatforms: ['iOS'] } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
    [
      'for browsers',
      { ...risky, clientAppTypes: ['all', 'browser'] },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
    [
      'for every client',
      { ...risky, clientAppTypes: ['All'] },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [],
    ],
    [
      'for no flow',
      { ...risky, authenticationFlows: { transferMethods: 'None' } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [],
    ],
    [
      'for a flow',
      { ...risky, authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      asks('AND', ['passwordChange', 'mfa']),
      null,
      [builtIns],
    ],
  ],
  'apps that exist on phones only': ['approvedApplication', 'compliantApplication'].flatMap(
    (word): Row[] => {
      const on = (...includePlatforms: string[]) => ({ platforms: { includePlatforms } });
      return [
        [`${word} on iOS`, on('iOS', 'android'), asks('OR', [word]), null, []],
        [`${word} on macOS`, on('iOS', 'macOS'), asks('OR', [word]), null, [builtIns]],
        [`${word} on Linux`, on('LINUX'), asks('OR', [word]), null, [builtIns]],
        [`${word} or mfa on macOS`, on('macOS'), asks('OR', [word, 'mfa']), null, []],
        [`${word} and mfa on macOS`, on('macOS'), asks('AND', [word, 'mfa']), null, [builtIns]],
        [`${word} anywhere`, {}, asks('OR', [word]), null, []],
        [`mfa on macOS, not ${word}`, on('macOS'), asks('OR', ['mfa']), null, []],
      ];
    },
  ),
  'registering a device': [
    ['mfa', { applications: device }, mfa, null, []],
    ['a strength', { applications: device }, { operator: 'AND', ...strength }, null, []],
    [
      'a compliant device',
      { applications: device },
      asks('AND', ['compliantDevice']),
      null,
      ['/conditions/applications/includeUserActions'],
    ],
    [
      'from a browser',
      { applications: device, clientAppTypes: ['browser'] },
      mfa,
      null,
      ['/conditions/applications/includeUserActions'],
    ],
    ['from any client', { applications: device, clientAppTypes: ['all'] }, mfa, null, []],
    [
      'from some devices',
      { applications: device, devices: filter },
      mfa,
      null,
      ['/conditions/applications/includeUserActions'],
    ],
    [
      'from devices in an old state',
      { applications: device, deviceStates: { includeStates: ['All'] } },
      mfa,
      null,
      ['/conditions/deviceStates', '/conditions/applications/includeUserActions'],
    ],
    [
      'registering a method is another action',
      { applications: { includeUserActions: ['urn:user:registersecurityinfo'] }, devices: filter },
      asks('AND', ['compliantDevice']),
      null,
      [],
    ],
  ],
  'how often': [
    ['hours for both', 'primaryAndSecondaryAuthentication', []] as const,
    ['hours for one', 'SecondaryAuthentication', [`${frequency}/authenticationType`]] as const,
    ['hours for one, off', 'secondaryAuthentication', [], false] as const,
  ].map(([what, authenticationType, errors, isEnabled = true]): Row => {
    const limit = { isEnabled, type: 'hours', value: 1, authenticationType };
    return [what, {}, null, { signInFrequency: limit }, [...errors]];
  }),
  'every time': [
    ['for one', {}, mfa, [], { authenticationType: 'secondaryAuthentication' }] as const,
    ['at a sign-in risk', { signInRiskLevels: ['high'] }, mfa, [], {}] as const,
    ['at a user risk', risky, mfa, [`${frequency}/frequencyInterval`], {}] as const,
    ['at a user risk, off', risky, mfa, [], { isEnabled: false }] as const,
    ['with a new password', risky, asks('AND', ['mfa', 'passwordChange']), [], {}] as const,
    ['with a remedy', risky, asks('AND', ['riskRemediation']), [], {}] as const,
  ].map(([what, conditions, grant, errors, more]): Row => {
    const signInFrequency = { isEnabled: true, frequencyInterval: 'everyTime', ...more };
    return [what, conditions, grant, { signInFrequency }, [...errors]];
  }),
  'continuous access, switched off': [
    ['for everything', {}, 'Disabled', []] as const,
    ['for every client', { clientAppTypes: ['all'] }, 'disabled', []] as const,
    ['for one app', { applications: { includeApplications: [app] } }, 'disabled', ['']] as const,
    [
      'but for one app',
      { applications: { ...all, excludeApplications: [app] } },
      'disabled',
      [''],
    ] as const,
    ['at a risk', { signInRiskLevels: ['high'] }, 'disabled', ['']] as const,
    ['at a risk, but strict', { signInRiskLevels: ['high'] }, 'strictLocation', []] as const,
  ].map(([what, conditions, mode, errors]): Row => {
    const place = '/sessionControls/continuousAccessEvaluation/mode';
    return [
      what,
      conditions,
      null,
      { continuousAccessEvaluation: { mode } },
      errors.map(() => place),
    ];
  }),
};

for (const [rule, cases] of Object.entries(rows))
  describe(rule, () => {
    it.each(cases)('%s', (_, conditions, grant, session, errors) => {
      expect(errorsOf(conditions, grant, session)).toEqual(errors);
    });
  });
