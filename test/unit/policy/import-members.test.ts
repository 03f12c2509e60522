import { describe, expect, it } from 'vitest';
import { type ItemReport, parsePolicies } from '../../../shared/policy/index.ts';

/** What an import says of each condition, grant control and session control, member by member. */

const id = 'b0110000-0000-4000-8000-000000000001';
const other = 'a0000000-0000-4000-8000-000000000001';

type Path = readonly string[];
type Standing = 'enforced' | 'carried';

/** A good policy with one member set. */
function withMember(path: Path, value: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = {
    id,
    displayName: 'CA001',
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
    },
    grantControls: { operator: 'AND', builtInControls: ['mfa'] },
  };
  let at = copy;
  for (const name of path.slice(0, -1)) {
    at[name] ??= {};
    at = at[name] as Record<string, unknown>;
  }
  at[path.at(-1) ?? ''] = value;
  return copy;
}

function read(path: Path, value: unknown): ItemReport {
  const [item] = parsePolicies(withMember(path, value)).items;
  if (item === undefined) throw new Error('no item');
  return item;
}

const errorsOf = ({ issues }: ItemReport) => issues.filter(({ severity }) => severity === 'error');

/** The lines for a member, or for what stands in it. */
function linesOf({ fields }: ItemReport, path: Path) {
  const pointer = `/${path.join('/')}`;
  return fields.filter((f) => f.pointer === pointer || f.pointer.startsWith(`${pointer}/`));
}

const conditions = (...path: string[]): Path => ['conditions', ...path];
const grant = (...path: string[]): Path => ['grantControls', ...path];
const session = (...path: string[]): Path => ['sessionControls', ...path];

const guestTypes = [
  'none',
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
];
const platforms = ['android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux', 'all'];
const clients = [
  'browser',
  'mobileAppsAndDesktopClients',
  'exchangeActiveSync',
  'easSupported',
  'easUnsupported',
  'other',
  'all',
  'modern',
];
const risks = ['none', 'low', 'medium', 'high', 'hidden', 'unknownFutureValue'];
const actions = ['urn:user:registersecurityinfo', 'urn:user:registerdevice'];

/** Lists of words, of ids, or of both: every word of the list, and one that belongs elsewhere. */
const lists: readonly [path: Path, words: readonly string[], ids: boolean, stranger: string][] = [
  [
    conditions('users', 'includeUsers'),
    ['All', 'None', 'AllAgentIdUsers', 'GuestsOrExternalUsers'],
    true,
    'AllTrusted',
  ],
  [conditions('users', 'excludeUsers'), ['GuestsOrExternalUsers'], true, 'All'],
  [conditions('users', 'includeGroups'), [], true, 'All'],
  [conditions('users', 'excludeGroups'), [], true, 'All'],
  [conditions('users', 'includeRoles'), [], true, 'All'],
  [conditions('users', 'excludeRoles'), [], true, 'All'],
  [
    conditions('applications', 'includeApplications'),
    ['All', 'None', 'Office365', 'MicrosoftAdminPortals'],
    true,
    'AllAgentIdResources',
  ],
  [
    conditions('applications', 'excludeApplications'),
    ['Office365', 'MicrosoftAdminPortals'],
    true,
    'All',
  ],
  [
    conditions('applications', 'includeAuthenticationContextClassReferences'),
    ['c1', 'c9', 'c25', 'c99'],
    false,
    'c100',
  ],
  [conditions('locations', 'includeLocations'), ['All', 'AllTrusted'], true, 'Office'],
  [conditions('locations', 'excludeLocations'), ['AllTrusted'], true, 'All'],
  [conditions('platforms', 'includePlatforms'), platforms, false, 'chromeOS'],
  [conditions('platforms', 'excludePlatforms'), platforms, false, 'chromeOS'],
  [conditions('clientAppTypes'), clients, false, 'telnet'],
  [conditions('signInRiskLevels'), risks, false, 'severe'],
  [conditions('userRiskLevels'), risks, false, 'minor'],
  [conditions('servicePrincipalRiskLevels'), risks, false, 'severe'],
  [grant('termsOfUse'), [], true, 'Terms'],
];

describe.each(lists)('the list %j', (path, words, ids, stranger) => {
  const taken = [...words, ...words.map((word) => word.toUpperCase()), ...(ids ? [other] : [])];

  it.each(taken)('takes %s and is enforced', (entry) => {
    const item = read(path, [entry]);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, path)).toEqual([{ pointer: `/${path.join('/')}`, standing: 'enforced' }]);
  });

  it.each([stranger, '', 7, ...(ids ? [] : [other])])('refuses %j at its place', (entry) => {
    const item = read(path, [taken[0], entry]);
    const pointer = `/${path.join('/')}/1`;
    const errors = errorsOf(item);
    expect(errors).toEqual([{ pointer, severity: 'error', message: expect.any(String) }]);
    expect(linesOf(item, path)).toMatchObject([
      { standing: 'refused', reason: errors[0]?.message },
    ]);
    // The message says what belongs there.
    for (const word of ids ? [...words, 'GUID'] : words) expect(errors[0]?.message).toContain(word);
  });

  it('refuses what is no list', () => {
    expect(errorsOf(read(path, taken[0])).map(({ pointer }) => pointer)).toContain(
      `/${path.join('/')}`,
    );
  });
});

/** Words joined by commas, or a list of them. */
const flags: readonly [path: Path, words: readonly string[], stranger: string][] = [
  [
    conditions('users', 'includeGuestsOrExternalUsers', 'guestOrExternalUserTypes'),
    guestTypes,
    'guest',
  ],
  [
    conditions('users', 'excludeGuestsOrExternalUsers', 'guestOrExternalUserTypes'),
    guestTypes,
    'guest',
  ],
  [
    conditions('authenticationFlows', 'transferMethods'),
    ['none', 'deviceCodeFlow', 'authenticationTransfer'],
    'qrCode',
  ],
  [conditions('insiderRiskLevels'), ['minor', 'moderate', 'elevated'], 'none'],
  [conditions('agentIdRiskLevels'), ['low', 'medium', 'high'], 'none'],
];

describe.each(flags)('the words %j', (path, words, stranger) => {
  const all = words.join(', ');

  it.each<[string, unknown]>([
    ...words.map((word): [string, unknown] => [word, word]),
    [all, all],
    [all.toLowerCase(), all.toLowerCase()],
    ['a list', words],
  ])('takes %s', (_, value) => {
    const item = read(path, value);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, path.slice(0, 3))).toMatchObject([{ standing: 'enforced' }]);
  });

  it.each([stranger, `${words[0]},${stranger}`, '', [words[0], 7]])('refuses %j', (value) => {
    const errors = errorsOf(read(path, value));
    expect(errors).toMatchObject([{ pointer: `/${path.join('/')}` }]);
    for (const word of words) expect(errors[0]?.message).toContain(word);
  });
});

const rule = 'device.model -eq "x"';
const tenants = conditions('users', 'includeGuestsOrExternalUsers');
const guests = { guestOrExternalUserTypes: 'b2bCollaborationGuest' };
const attribute = 'CustomSecurityAttribute.Set_Name -eq "x"';

/** Objects: what is taken, with the standing of each line. */
const taken: readonly [path: Path, value: Record<string, unknown>, Standing][] = [
  [tenants, { ...guests, externalTenants: { membershipKind: 'all' } }, 'enforced'],
  [
    tenants,
    { ...guests, externalTenants: { membershipKind: 'Enumerated', members: [other] } },
    'enforced',
  ],
  [conditions('devices'), { deviceFilter: { mode: 'include', rule } }, 'enforced'],
  [conditions('devices'), { deviceFilter: { mode: 'Exclude', rule } }, 'enforced'],
  [
    conditions('applications'),
    { includeUserActions: ['urn:user:registersecurityinfo'] },
    'enforced',
  ],
  [conditions('applications'), { includeUserActions: ['urn:user:registerdevice'] }, 'enforced'],
  [
    conditions('applications'),
    { applicationFilter: { mode: 'include', rule: attribute } },
    'enforced',
  ],
  [
    conditions('applications'),
    {
      includeApplications: ['All'],
      applicationFilter: { mode: 'exclude', rule: attribute },
    },
    'enforced',
  ],
  [session('signInFrequency'), { isEnabled: true, type: 'hours', value: 8 }, 'enforced'],
  [session('signInFrequency'), { isEnabled: true, type: 'Days', value: 1 }, 'enforced'],
  [
    session('signInFrequency'),
    {
      isEnabled: true,
      type: 'hours',
      value: 1,
      frequencyInterval: 'timeBased',
      authenticationType: 'primaryAndSecondaryAuthentication',
    },
    'enforced',
  ],
  [session('signInFrequency'), { isEnabled: true, frequencyInterval: 'everyTime' }, 'enforced'],
  [
    session('signInFrequency'),
    {
      isEnabled: true,
      frequencyInterval: 'everyTime',
      authenticationType: 'secondaryAuthentication',
    },
    'enforced',
  ],
  [session('signInFrequency'), { isEnabled: false }, 'enforced'],
  [session('signInFrequency'), { isEnabled: false, type: 'hours', value: 8 }, 'enforced'],
  [session('persistentBrowser'), { isEnabled: true, mode: 'never' }, 'enforced'],
  [session('persistentBrowser'), { isEnabled: true, mode: 'Always' }, 'enforced'],
  [session('persistentBrowser'), { isEnabled: false }, 'enforced'],
  [
    session('cloudAppSecurity'),
    { isEnabled: true, cloudAppSecurityType: 'blockDownloads' },
    'carried',
  ],
  [
    session('cloudAppSecurity'),
    { isEnabled: true, cloudAppSecurityType: 'monitorOnly' },
    'carried',
  ],
  [
    session('cloudAppSecurity'),
    { isEnabled: true, cloudAppSecurityType: 'mcasConfigured' },
    'carried',
  ],
  [session('cloudAppSecurity'), { isEnabled: false }, 'carried'],
  [session('applicationEnforcedRestrictions'), { isEnabled: true }, 'carried'],
  [session('applicationEnforcedRestrictions'), { isEnabled: false }, 'carried'],
  [session('secureSignInSession'), { isEnabled: true }, 'enforced'],
  [session('secureSignInSession'), { isEnabled: false }, 'enforced'],
  [session('continuousAccessEvaluation'), { mode: 'strictLocation' }, 'enforced'],
  [session('continuousAccessEvaluation'), { mode: 'strictEnforcement' }, 'enforced'],
  [session('continuousAccessEvaluation'), { mode: 'disabled' }, 'enforced'],
];

/** What is refused, and where. */
const refused: readonly [path: Path, value: unknown, place: string][] = [
  [conditions('applications'), { includeUserActions: ['urn:user:x'] }, '/includeUserActions/0'],
  [
    conditions('applications'),
    { includeApplications: ['All'], applicationFilter: { mode: 'both', rule: attribute } },
    '/applicationFilter/mode',
  ],
  [
    conditions('applications'),
    { includeApplications: ['All'], applicationFilter: { mode: 'include', rule } },
    '/applicationFilter/rule',
  ],
  [
    tenants,
    { ...guests, externalTenants: { membershipKind: 'some' } },
    '/externalTenants/membershipKind',
  ],
  [
    tenants,
    { ...guests, externalTenants: { members: [other] } },
    '/externalTenants/membershipKind',
  ],
  [
    tenants,
    { ...guests, externalTenants: { membershipKind: 'enumerated', members: ['Fabrikam'] } },
    '/externalTenants/members/0',
  ],
  [
    tenants,
    { ...guests, externalTenants: { membershipKind: 'all', except: [other] } },
    '/externalTenants/except',
  ],
  [tenants, { ...guests, since: 'today' }, '/since'],
  [tenants, { externalTenants: { membershipKind: 'all' } }, '/guestOrExternalUserTypes'],
  [conditions('devices'), { deviceFilter: { mode: 'both', rule } }, '/deviceFilter/mode'],
  [conditions('devices'), { deviceFilter: { mode: 'include', rule: 'x' } }, '/deviceFilter/rule'],
  [conditions('devices'), { deviceFilter: { mode: 'include', rule, x: 1 } }, '/deviceFilter/x'],
  [conditions('devices'), { deviceFilter: { rule } }, '/deviceFilter/mode'],
  [conditions('devices'), { includeDevices: ['All'] }, '/includeDevices'],
  [conditions('platforms'), { includePlatforms: ['iOS'], x: 1 }, '/x'],
  [conditions('locations'), { includeLocations: ['All'], x: 1 }, '/x'],
  [conditions('applications'), { includeApplications: ['All'], x: 1 }, '/x'],
  [conditions('authenticationFlows'), { transferMethods: 'none', x: 1 }, '/x'],
  ...[
    { isEnabled: true },
    { isEnabled: true, type: 'hours' },
    { isEnabled: true, value: 8 },
    { isEnabled: true, frequencyInterval: 'timeBased' },
    { isEnabled: true, authenticationType: 'primaryAndSecondaryAuthentication' },
    { type: 'hours', value: 8 },
  ].map((value): [Path, unknown, string] => [session('signInFrequency'), value, '']),
  ...[
    ['type', 'weeks'],
    ['value', 0],
    ['value', -1],
    ['value', 1.5],
    ['value', '8'],
    ['frequencyInterval', 'sometimes'],
    ['authenticationType', 'firstAuthentication'],
    ['isEnabled', 'true'],
    ['except', 'x'],
  ].map(([name, value]): [Path, unknown, string] => [
    session('signInFrequency'),
    { isEnabled: true, type: 'hours', value: 8, [String(name)]: value },
    `/${name}`,
  ]),
  [session('persistentBrowser'), { isEnabled: true }, ''],
  [session('persistentBrowser'), { isEnabled: true, mode: 'sometimes' }, '/mode'],
  [session('persistentBrowser'), { isEnabled: false, mode: 'sometimes' }, '/mode'],
  [session('persistentBrowser'), { isEnabled: true, mode: 'never', x: 1 }, '/x'],
  [session('cloudAppSecurity'), { isEnabled: true }, ''],
  [
    session('cloudAppSecurity'),
    { isEnabled: true, cloudAppSecurityType: 'watch' },
    '/cloudAppSecurityType',
  ],
  [session('applicationEnforcedRestrictions'), { isEnabled: 'yes' }, '/isEnabled'],
  [session('applicationEnforcedRestrictions'), { isEnabled: true, x: 1 }, '/x'],
  [session('secureSignInSession'), { isEnabled: true, mode: 'dpop' }, '/mode'],
  [session('disableResilienceDefaults'), 'true', ''],
  [session('disableResilienceDefaults'), { isEnabled: true }, ''],
  [session('continuousAccessEvaluation'), { mode: 'loose' }, '/mode'],
  [session('continuousAccessEvaluation'), { isEnabled: true }, '/isEnabled'],
  ...[
    'signInFrequency',
    'persistentBrowser',
    'cloudAppSecurity',
    'applicationEnforcedRestrictions',
    'secureSignInSession',
    'continuousAccessEvaluation',
  ].map((name): [Path, unknown, string] => [session(name), 7, '']),
  [session('globalSecureAccessFilteringProfile'), { isEnabled: true }, ''],
  [grant('customAuthenticationFactors'), ['Duo', ''], '/1'],
  [grant('customAuthenticationFactors'), 'Duo', ''],
  [grant('customAuthenticationFactors'), [7], '/0'],
  [grant('builtInControls'), 'mfa', ''],
  [grant('builtInControls'), ['mfa', 'selfie'], '/1'],
  [grant('builtInControls'), ['mfa', 7], '/1'],
  [grant('operator'), 'XOR', ''],
  [grant('operator'), 7, ''],
  [grant('selfie'), ['x'], ''],
];

describe('an authentication strength', () => {
  const path = grant('authenticationStrength');
  const ask = (value: unknown) => {
    const [item] = parsePolicies({
      ...withMember(path, value),
      grantControls: { operator: 'AND', authenticationStrength: value },
    }).items;
    if (item === undefined) throw new Error('no item');
    return item;
  };
  const key = {
    '@odata.type': '#microsoft.graph.fido2CombinationConfiguration',
    allowedAAGUIDs: [other],
    appliesToCombinations: ['fido2'],
  };

  it.each([
    { id: other },
    { allowedCombinations: ['fido2'] },
    { allowedCombinations: ['sms, federatedSingleFactor', 'FIDO2', ['sms', 'voice']] },
    { id: other, allowedCombinations: ['fido2'], combinationConfigurations: [key] },
  ])('%j is enforced', (value) => {
    const item = ask(value);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, path)).toEqual(
      Object.keys(value).map((name) => ({
        pointer: `/${[...path, name].join('/')}`,
        standing: 'enforced',
      })),
    );
  });

  it.each<[unknown, string]>([
    [{ displayName: 'x' }, ''],
    [{ combinationConfigurations: [key] }, ''],
    ['fido2', ''],
    [{ id: 'Phishing-resistant' }, '/id'],
    [{ allowedCombinations: 'fido2' }, '/allowedCombinations'],
    [{ allowedCombinations: ['fido2', 'telepathy'] }, '/allowedCombinations/1'],
    [{ allowedCombinations: ['fido2,telepathy'] }, '/allowedCombinations/0'],
    [{ allowedCombinations: ['fido2', ''] }, '/allowedCombinations/1'],
    [{ id: other, combinationConfigurations: key }, '/combinationConfigurations'],
    ...[
      { ...key, allowedAAGUIDs: [] },
      { ...key, allowedAAGUIDs: ['YubiKey'] },
      { ...key, appliesToCombinations: [] },
      { ...key, appliesToCombinations: ['telepathy'] },
      { ...key, issuers: ['x'] },
      'fido2',
    ].map((second): [unknown, string] => [
      { id: other, combinationConfigurations: [key, second] },
      '/combinationConfigurations/1',
    ]),
  ])('%j is refused at "%s"', (value, place) => {
    const errors = errorsOf(ask(value));
    expect(errors.map(({ pointer }) => pointer)).toContain(`/${path.join('/')}${place}`);
    for (const { message } of errors) expect(message).not.toMatch(/^(Invalid input)?$/);
  });

  it.each([
    'displayName',
    'description',
    'policyType',
    'requirementsSatisfied',
    'createdDateTime',
    'modifiedDateTime',
  ])('%s is carried', (name) => {
    const item = ask({ id: other, [name]: 'x' });
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, [...path, name])).toMatchObject([{ standing: 'carried' }]);
  });
});

describe('members of objects', () => {
  it.each(taken)('%j takes %j', (path, value, standing) => {
    const item = read(path, value);
    expect(errorsOf(item)).toEqual([]);
    // A line for each member of a condition or control; what lies deeper has none of its own.
    const names = path.length > 2 ? [path] : Object.keys(value).map((name) => [...path, name]);
    expect(linesOf(item, path)).toEqual(
      names.map((name) => ({ pointer: `/${name.join('/')}`, standing })),
    );
  });

  it.each(refused)('%j refuses in %j what stands at "%s"', (path, value, place) => {
    const item = read(path, value);
    const pointer = `/${path.join('/')}${place}`;
    expect(errorsOf(item).map((issue) => issue.pointer)).toContain(pointer);
    expect(item.enforceable).toBe(false);
    for (const { message } of errorsOf(item)) expect(message).not.toMatch(/^(Invalid input)?$/);
    // The line it stands in says so, and no other.
    const near = (a: string, b: string) =>
      a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
    const errors = errorsOf(item);
    const lines = linesOf(item, path);
    expect(lines.filter(({ standing }) => standing === 'refused')).toEqual(
      lines.filter((line) => errors.some((issue) => near(line.pointer, issue.pointer))),
    );
    expect(lines.some((line) => near(line.pointer, pointer))).toBe(true);
  });

  it.each([true, false])('resilience defaults are %j, and passed on', (value) => {
    const path = session('disableResilienceDefaults');
    const item = read(path, value);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, path)).toEqual([{ pointer: `/${path.join('/')}`, standing: 'carried' }]);
  });

  it.each(['and', 'OR', 'Or'])('the operator %s is enforced', (value) => {
    const item = read(grant('operator'), value);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, grant('operator'))).toMatchObject([{ standing: 'enforced' }]);
  });

  it.each([
    'mfa',
    'compliantDevice',
    'domainJoinedDevice',
    'approvedApplication',
    'compliantApplication',
    'riskRemediation',
    'BLOCK',
  ])('the control %s is enforced', (control) => {
    const item = read(grant('builtInControls'), [control]);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, grant('builtInControls'))).toEqual([
      { pointer: '/grantControls/builtInControls/0', standing: 'enforced' },
    ]);
  });

  it.each([
    ['persistentBrowser', 'mode'],
    ['cloudAppSecurity', 'cloudAppSecurityType'],
  ])('%s that is on says that it lacks its %s', (name, part) => {
    const [error] = errorsOf(read(session(name), { isEnabled: true }));
    expect(error?.message).toContain(part);
  });

  it('custom controls are enforced: they block', () => {
    const item = read(grant('customAuthenticationFactors'), ['Duo', 'Other']);
    expect(errorsOf(item)).toEqual([]);
    expect(linesOf(item, grant('customAuthenticationFactors'))).toMatchObject([
      { standing: 'enforced' },
    ]);
  });

  it.each(actions)('the action %s may stand in any case', (action) => {
    const path = conditions('applications');
    expect(errorsOf(read(path, { includeUserActions: [action.toUpperCase()] }))).toEqual([]);
  });
});
