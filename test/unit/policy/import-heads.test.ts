import { describe, expect, it } from 'vitest';
import {
  type ItemReport,
  type ParseReport,
  parseNamedLocations,
  parsePolicies,
  readExport,
  readLocations,
  readPolicies,
  unavailableConditions,
} from '../../../shared/policy/index.ts';

/** What stands around the rules: ids, names, states, how many, and named locations as a whole. */

const id = 'b0110000-0000-4000-8000-000000000001';
const good = {
  id,
  displayName: 'CA001',
  state: 'enabled',
  conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
};

function only({ items }: ParseReport): ItemReport {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} items`);
  return item;
}

const policy = (more: Record<string, unknown>) => only(parsePolicies({ ...good, ...more }));
const told = ({ issues }: ItemReport) => issues.map((i) => [i.severity, i.pointer]);
const standingOf = ({ fields }: ItemReport, pointer: string) =>
  fields.find((field) => field.pointer === pointer)?.standing;

describe('the head of a policy', () => {
  it.each([
    'templateId',
    'description',
    'createdDateTime',
    'modifiedDateTime',
    'deletedDateTime',
    'partialEnablementStrategy',
  ])('%s is carried', (name) => {
    const item = policy({ [name]: 'x' });
    expect(item.issues).toEqual([]);
    expect(standingOf(item, `/${name}`)).toBe('carried');
  });

  it('another member is refused', () => {
    const item = policy({ moonPhase: 'full' });
    expect(told(item)).toEqual([['error', '/moonPhase']]);
    expect(standingOf(item, '/moonPhase')).toBe('refused');
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('so is %s, which every object has', (name) => {
    expect(told(policy({ [name]: { includeUsers: ['All'] } }))).toEqual([['error', `/${name}`]]);
  });

  it.each(['enabled', 'disabled', 'enabledForReportingButNotEnforced', 'ENABLED'])(
    'the state %s is one, and stays as it is',
    (state) => {
      const item = policy({ state });
      expect(item).toMatchObject({ issues: [], enforceable: true, item: { state } });
      expect(standingOf(item, '/state')).toBe('enforced');
    },
  );

  it.each(['on', '', 7, {}])('the state %j is none: it is stored as it is evaluated', (state) => {
    const item = policy({ state });
    const missing = JSON.stringify(state) === '{}';
    expect(told(item)).toEqual([missing ? ['warning', ''] : ['error', '/state']]);
    expect(item.item['state']).toBe(missing ? 'disabled' : 'enabled');
  });

  it.each([
    ['no id', { id: undefined }, [['warning', '']]],
    ['an empty id', { id: '' }, [['error', '/id']]],
    ['an id that is none', { id: 'CA001' }, [['error', '/id']]],
    ['a number for an id', { id: 7 }, [['error', '/id']]],
    ['no name', { displayName: undefined }, [['warning', '']]],
    ['an empty name', { displayName: '' }, [['warning', '']]],
    ['a number for a name', { displayName: 7 }, [['warning', '']]],
  ])('%s', (_, more, expected) => {
    expect(told(policy(more))).toEqual(expected);
  });

  it('what is no name is shown as none, and what is no id is replaced', () => {
    expect(policy({ displayName: 7, id: 7 })).toMatchObject({ displayName: '' });
    for (const odd of [7, '', undefined]) {
      const item = policy({ id: odd });
      expect(item.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(item.item['id']).toBe(item.id);
    }
    expect(policy({ displayName: 'CA002' }).displayName).toBe('CA002');
    expect(policy({ id: 'CA001' }).id).toBe('CA001');
  });

  it('two ids made of the content differ where the content does', () => {
    const ids = ['CA001', 'CA002'].map((displayName) => policy({ id: null, displayName }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['conditions', 'x'],
    ['grantControls', []],
    ['grantControls', ['mfa']],
    ['sessionControls', true],
  ])('%s as %j is no object', (name, value) => {
    const item = policy({ [name]: value });
    const empty = Array.isArray(value) && value.length === 0;
    expect(told(item).map(([, pointer]) => pointer)).toContain(`/${name}`);
    expect(standingOf(item, `/${name}`)).toBe(empty ? undefined : 'refused');
    expect(item.enforceable).toBe(false);
  });
});

describe('an enabled policy that asks for risk', () => {
  const risk = (name: string, value: unknown, more = {}) =>
    policy({ conditions: { ...good.conditions, [name]: value }, ...more });

  it.each([
    ['signInRiskLevels', ['high']],
    ['userRiskLevels', ['high']],
    ['insiderRiskLevels', 'minor'],
  ])('%s is refused while nobody computes it', (name, value) => {
    expect(unavailableConditions(risk(name, value))).toMatchObject([
      { pointer: `/conditions/${name}`, severity: 'error' },
    ]);
    for (const state of ['disabled', 'enabledForReportingButNotEnforced'])
      expect(unavailableConditions(risk(name, value, { state }))).toEqual([]);
    expect(unavailableConditions(risk(name, value, { state: 'on' }))).toHaveLength(1);
  });

  it('in PowerShell’s spelling too', () => {
    const { conditions, ...rest } = good;
    const Conditions = { ...conditions, SignInRiskLevels: ['high'] };
    expect(unavailableConditions(only(parsePolicies([{ ...rest, Conditions }])))).toMatchObject([
      { pointer: '/0/Conditions/SignInRiskLevels' },
    ]);
  });

  it.each([
    ['servicePrincipalRiskLevels', ['high']],
    ['clientAppTypes', ['all']],
  ])('%s is no such thing', (name, value) => {
    expect(unavailableConditions(risk(name, value))).toEqual([]);
  });
});

describe('how many', () => {
  const numbered = (count: number, more: Record<string, unknown>) =>
    Array.from({ length: count }, (_, index) => ({
      ...more,
      id: `b0110000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    }));
  const ranges = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      cidrAddress: `10.${index >> 8}.${index & 255}.0/24`,
    }));

  it('2,000 policies, and not one more', () => {
    const state = { state: 'disabled' };
    expect(parsePolicies(numbered(2000, state)).issues).toEqual([]);
    expect(parsePolicies(numbered(2001, state)).issues).toMatchObject([
      { pointer: '', severity: 'error' },
    ]);
  });

  it('1,000 named locations, and not one more', () => {
    const country = { displayName: 'x', countriesAndRegions: ['FR'] };
    expect(parseNamedLocations(numbered(1000, country)).issues).toEqual([]);
    expect(parseNamedLocations(numbered(1001, country)).issues).toMatchObject([
      { pointer: '', severity: 'error' },
    ]);
  });

  it('2,000 ranges, and not one more', () => {
    const location = (count: number) =>
      only(parseNamedLocations({ id, displayName: 'x', ipRanges: ranges(count) }));
    expect(told(location(2000))).toEqual([]);
    expect(told(location(2001))).toEqual([['error', '/ipRanges']]);
  });
});

describe('a named location', () => {
  const range = { cidrAddress: '203.0.113.0/24' };
  const ip = { id, displayName: 'Office', ipRanges: [range] };
  const country = { id, displayName: 'France', countriesAndRegions: ['FR'] };
  const location = (value: Record<string, unknown>) => only(parseNamedLocations(value));

  it.each<[string, Record<string, unknown>, string, unknown, 'enforced' | 'carried']>([
    ['ip', ip, 'isTrusted', true, 'enforced'],
    ['ip', ip, 'isTrusted', false, 'enforced'],
    ['country', country, 'countryLookupMethod', 'clientIpAddress', 'enforced'],
    ['country', country, 'countryLookupMethod', 'CLIENTIPADDRESS', 'enforced'],
    ['country', country, 'includeUnknownCountriesAndRegions', true, 'enforced'],
    ['country', country, 'countriesAndRegions', ['fr', 'GB'], 'enforced'],
    ['ip', ip, 'ipRanges', [{ lowerAddress: '192.0.2.1', upperAddress: '192.0.2.9' }], 'enforced'],
    ['ip', ip, 'ipRanges', [{ cidrAddress: '2001:db8::/32' }], 'enforced'],
    ['ip', ip, 'ipRanges', [{ cidrAddress: '10.0.0.0/9' }], 'enforced'],
    ['ip', ip, 'id', id, 'carried'],
    ['ip', ip, 'displayName', 'x', 'carried'],
    ['country', country, 'createdDateTime', '2026-01-01T00:00:00Z', 'carried'],
    ['country', country, 'modifiedDateTime', '2026-01-01T00:00:00Z', 'carried'],
    ['ip', ip, 'deletedDateTime', '2026-01-01T00:00:00Z', 'carried'],
  ])('%s %j takes %s %j and is %s', (_, base, name, value, standing) => {
    const item = location({ ...base, [name]: value });
    expect(item.issues).toEqual([]);
    expect(standingOf(item, `/${name}`)).toBe(standing);
  });

  it.each<[Record<string, unknown>, string, unknown, string]>([
    [ip, 'isTrusted', 'true', '/isTrusted'],
    [ip, 'ipRanges', range, '/ipRanges'],
    [ip, 'ipRanges', [range, 'x'], '/ipRanges/1'],
    [ip, 'ipRanges', [{ cidrAddress: '203.0.113.0' }], '/ipRanges/0'],
    [ip, 'ipRanges', [{ lowerAddress: '192.0.2.9', upperAddress: '192.0.2.1' }], '/ipRanges/0'],
    [ip, 'ipRanges', [{ lowerAddress: '192.0.2.1' }], '/ipRanges/0'],
    [ip, 'ipRanges', [{ upperAddress: '192.0.2.1' }], '/ipRanges/0'],
    [ip, 'ipRanges', [{ ...range, upperAddress: '203.0.113.9' }], '/ipRanges/0'],
    [ip, 'ipRanges', [{ cidrAddress: '11.0.0.0/8' }], '/ipRanges/0'],
    [ip, 'countryLookupMethod', 'clientIpAddress', '/countryLookupMethod'],
    [country, 'countriesAndRegions', ['FRA'], '/countriesAndRegions/0'],
    [country, 'countriesAndRegions', ['FR', 'F1'], '/countriesAndRegions/1'],
    [country, 'countryLookupMethod', 'authenticatorAppGps', '/countryLookupMethod'],
    [country, 'includeUnknownCountriesAndRegions', 'yes', '/includeUnknownCountriesAndRegions'],
    [ip, 'id', 'Office', '/id'],
    [ip, 'displayName', 7, '/displayName'],
    [ip, 'createdDateTime', 7, '/createdDateTime'],
    [ip, 'toString', 'x', '/toString'],
  ])('%j refuses %s %j', (base, name, value, pointer) => {
    const item = location({ ...base, [name]: value });
    expect(told(item)).toEqual([['error', pointer]]);
    expect(item.enforceable).toBe(false);
  });

  it.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    ['by its type', { '@odata.type': '#microsoft.graph.ipNamedLocation' }, undefined, undefined],
    ['by the bare type', { '@odata.type': 'countryNamedLocation' }, undefined, undefined],
    ['by a type in another case', { '@odata.type': '#x.IPNAMEDLOCATION' }, undefined, undefined],
    ['not by a type that ends so', { '@odata.type': '#x.shipNamedLocation' }, '/@odata.type', ''],
    ['not by nothing', {}, '', ''],
    ['not by both', { ipRanges: [range], countriesAndRegions: ['FR'] }, '', ''],
    ['not by a number', { '@odata.type': 7, isTrusted: true }, '/@odata.type', ''],
  ])('is known %s', (_, more, error, field) => {
    const item = location({ id, displayName: 'x', ...more });
    expect(told(item)).toEqual(error === undefined ? [] : [['error', error]]);
    expect(item.fields.find(({ standing }) => standing === 'refused')?.pointer).toBe(field);
  });

  it('without an id gets one of its content, and nobody can name it', () => {
    const { id: _, ...nameless } = ip;
    const item = location(nameless);
    expect(told(item)).toEqual([['warning', '']]);
    expect(item).toMatchObject({ enforceable: true, displayName: 'Office' });
    expect(item.item).toEqual({ id: item.id, ...nameless });
    expect(location(ip).item).toEqual(ip);
    const odd = location({ ...ip, id: '', displayName: '' });
    expect(odd).toMatchObject({ displayName: '' });
    expect(odd.id).toHaveLength(36);
  });

  it('two of one id are both named', () => {
    const { items } = parseNamedLocations([ip, { ...country, id: id.toUpperCase() }]);
    expect(items.map(told)).toEqual([[['error', '/0/id']], [['error', '/1/id']]]);
  });
});

describe('a file', () => {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const guests = [
    { id, guestOrExternalUserType: 'internalGuest', groupIds: [], homeTenantIds: [] },
  ] as const;
  const hard = { ...good, grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] } };

  it('is read with the guests of its folder', () => {
    const messages = [
      readPolicies(bytes(hard), { guests }),
      readExport(bytes(hard), { guests }).report,
    ]
      .flatMap(({ items }) => items.flatMap(({ issues }) => issues))
      .map(({ message }) => message);
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toContain('1 of 1 guest');
  });

  it.each([
    ['policies', readPolicies],
    ['locations', readLocations],
    ['either', (file: Uint8Array) => readExport(file).report],
  ])('that is no JSON is refused as a whole: %s', (_, read) => {
    const report = read(new TextEncoder().encode('{'));
    expect(report).toMatchObject({
      items: [],
      fields: [{ pointer: '', standing: 'refused' }],
      issues: [{ pointer: '', severity: 'error' }],
    });
    expect(report.fields[0]?.reason).toBe(report.issues[0]?.message);
  });
});
