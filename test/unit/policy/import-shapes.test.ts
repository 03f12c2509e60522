import { describe, expect, it } from 'vitest';
import {
  compile,
  decide,
  isEnabled,
  parseNamedLocations,
  parsePolicies,
  readExport,
  readLocations,
  readPolicies,
  reportTogether,
} from '../../../shared/policy/index.ts';

/** Shapes in which others export policies and named locations, one by one. */

const id = 'b0110000-0000-4000-8000-000000000001';
const all = { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] } };
const good = {
  id,
  displayName: 'CA001',
  state: 'enabled',
  conditions: all,
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
};
const text = (value: string) => new TextEncoder().encode(value);
const refused = (report: ReturnType<typeof parsePolicies>) =>
  [...report.fields, ...report.items.flatMap((item) => item.fields)]
    .filter(({ standing }) => standing === 'refused')
    .map(({ pointer }) => pointer);
const errors = (report: ReturnType<typeof parsePolicies>) =>
  [...report.issues, ...report.items.flatMap((item) => item.issues)]
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer }) => pointer);

describe('a collection', () => {
  it('as Windows PowerShell writes a list', () => {
    const report = parsePolicies({ value: [good], Count: 1 });
    expect(report).toMatchObject({ issues: [], fields: [{ pointer: '/Count' }] });
    expect(errors(parsePolicies({ Value: [good], Count: 2 }))).toEqual(['/Count']);
  });

  it('that is one page of several does not hold every policy', () => {
    const page = { '@odata.context': 'x', '@odata.nextLink': 'https://x.example', value: [good] };
    expect(errors(parsePolicies(page))).toEqual(['/@odata.nextLink']);
    expect(parsePolicies({ ...page, '@odata.nextLink': null }).issues).toEqual([]);
  });

  it('with something beside its list or among it', () => {
    const report = parsePolicies({ value: [good, 7], policies: [good] });
    expect(errors(report)).toEqual(['/policies', '/value/1']);
    expect(refused(report)).toEqual(['/policies', '/value/1']);
  });

  it('with two lists', () => {
    expect(errors(parsePolicies({ value: [good], Value: [good] }))).toEqual(['/Value']);
  });

  it('with an object that says nothing', () => {
    expect(refused(parsePolicies([good, {}, { state: null }]))).toEqual(['/1', '/2']);
  });
});

describe('a member that stands twice', () => {
  it('in two spellings: neither wins, and the policy counts as enabled', () => {
    const { state: _, ...rest } = good;
    const policy = { ...rest, State: 'disabled', state: 'enabled' };
    const [item] = parsePolicies(policy).items;
    expect(refused(parsePolicies(policy))).toEqual(['/State', '/state']);
    expect(item).toMatchObject({ enforceable: false, item: policy });
    expect(isEnabled(policy)).toBe(true);
    expect(compile({ policies: policy }).policies[0]?.state).toBe('enabled');
  });

  it('in two spellings, one of them empty: the other is read where it stands', () => {
    const { state: _, ...rest } = good;
    const [item] = parsePolicies({ state: null, ...rest, State: 'enabled' }).items;
    expect(item?.issues).toEqual([]);
    expect(item?.fields).toContainEqual({ pointer: '/State', standing: 'enforced' });
  });

  it('deep inside', () => {
    const users = { includeUsers: ['All'], IncludeUsers: ['None'] };
    const report = parsePolicies({ ...good, conditions: { ...all, users } });
    expect(errors(report)).toContain('/conditions/users/IncludeUsers');
    expect(refused(report)).toContain('/conditions/users/includeUsers');
  });

  it('in the text of a file of locations, or beside the list', () => {
    const location = `{"id":"${id}","isTrusted":false,"isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"}]}`;
    expect(errors(readLocations(text(`[${location}]`)))).toEqual(['/0/isTrusted']);
    const twice = `{"value":[],"value":[${JSON.stringify(good)}]}`;
    expect(errors(readPolicies(text(twice)))).toEqual(['/value']);
    expect(refused(readPolicies(text(twice)))).toEqual(['/value']);
  });

  it('an id in two files', () => {
    const files = [good, [{ ...good, id: id.toUpperCase() }], { ...good, id: undefined }].map(
      (json, index) => ({ file: `${index}.json`, report: parsePolicies(json) }),
    );
    expect(reportTogether(files).map(({ report }) => errors(report))).toEqual([
      ['/id'],
      ['/0/id'],
      [],
    ]);
  });

  it('an id in one file, in PowerShell’s spelling', () => {
    const { id: _, ...rest } = good;
    expect(errors(parsePolicies([good, { Id: id, ...rest }]))).toEqual(['/0/id', '/1/Id']);
  });
});

describe('what looks like nothing and is something', () => {
  it('a strength or terms bound by reference', () => {
    const grantControls = {
      operator: 'OR',
      'authenticationStrength@odata.bind': 'https://x.example/policies/1',
    };
    const policy = { ...good, grantControls };
    expect(refused(parsePolicies(policy))).toEqual([
      '/grantControls/authenticationStrength@odata.bind',
    ]);
    expect(decide(compile({ policies: policy }), {}).outcome).toBe('block');
  });

  it('a null in a list', () => {
    const conditions = { ...all, users: { includeUsers: ['All', null] } };
    expect(errors(parsePolicies({ ...good, conditions }))).toEqual([
      '/conditions/users/includeUsers/1',
    ]);
  });

  it('no conditions: one place for what is missing there', () => {
    const { conditions: _, ...rest } = good;
    expect(new Set(errors(parsePolicies(rest)))).toEqual(new Set(['', '/conditions']));
  });
});

describe('what is not enforced is not called so', () => {
  it('the words beside a strength are carried, unknown ones refused', () => {
    const authenticationStrength = {
      '@odata.type': '#x',
      id: '00000000-0000-0000-0000-000000000004',
      displayName: 'Phishing-resistant',
      policyType: 'builtIn',
      allowedCombinations: ['fido2'],
      strictness: 'high',
    };
    const report = parsePolicies({
      ...good,
      grantControls: { operator: 'OR', authenticationStrength },
    });
    const [item] = report.items;
    const standing = (name: string) =>
      item?.fields.find((f) => f.pointer === `/grantControls/authenticationStrength/${name}`)
        ?.standing;
    expect(['id', 'allowedCombinations', 'displayName', 'policyType'].map(standing)).toEqual([
      'enforced',
      'enforced',
      'carried',
      'carried',
    ]);
    expect(errors(report)).toEqual(['/grantControls/authenticationStrength/strictness']);
  });

  it('a strength with neither an id nor combinations', () => {
    const grantControls = { operator: 'OR', authenticationStrength: { displayName: 'x' } };
    expect(errors(parsePolicies({ ...good, grantControls }))).toEqual([
      '/grantControls/authenticationStrength',
    ]);
  });
});

describe('named locations', () => {
  const range = { cidrAddress: '203.0.113.0/24' };

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['a member of a range', { ipRanges: [{ ...range, except: 'x' }] }, ['/ipRanges/0/except']],
    ['a kind by another name', { locationType: 'ip', ipRanges: [range] }, ['/locationType']],
    ['trust in a country', { isTrusted: true, countriesAndRegions: ['FR'] }, ['/isTrusted']],
    [
      'another kind',
      { '@odata.type': '#microsoft.graph.compliantNetworkNamedLocation', isTrusted: true },
      ['/@odata.type'],
    ],
    [
      'what PowerShell wraps',
      { AdditionalProperties: { '@odata.type': '#microsoft.graph.ipNamedLocation' }, Id: id },
      ['/AdditionalProperties'],
    ],
    [
      'what PowerShell wraps, with content',
      { Id: id, AdditionalProperties: { isTrusted: true, ipRanges: [range] } },
      ['/AdditionalProperties'],
    ],
  ])('%s is refused at its place', (_, more, pointers) => {
    expect(errors(parseNamedLocations([{ displayName: 'x', ...more }]))).toEqual(
      pointers.map((pointer) => `/0${pointer}`),
    );
  });

  it('as a GET body', () => {
    const body = {
      '@odata.context': 'x',
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      id,
      displayName: 'Office',
      'modifiedDateTime@odata.type': '#DateTimeOffset',
      modifiedDateTime: '2026-01-01T00:00:00Z',
      deletedDateTime: null,
      isTrusted: true,
      ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', ...range }],
      '#microsoft.graph.restore': { title: 'x' },
    };
    expect(parseNamedLocations(body)).toMatchObject({ issues: [], items: [{ issues: [] }] });
  });
});

describe('a file whose folder does not say what it holds', () => {
  const location = { id, displayName: 'x', countriesAndRegions: ['FR'] };
  it.each<[string, unknown, string]>([
    ['a policy', good, 'policies'],
    ['policies', { value: [good] }, 'policies'],
    ['a location', location, 'namedLocations'],
    ['locations', [location], 'namedLocations'],
    [
      'a location of another kind',
      { '@odata.type': '#microsoft.graph.compliantNetworkNamedLocation', id },
      'namedLocations',
    ],
    [
      'a wrapped location',
      { Id: id, AdditionalProperties: { '@odata.type': '#microsoft.graph.ipNamedLocation' } },
      'namedLocations',
    ],
    ['nothing of the sort', { TenantId: 'x' }, 'policies'],
  ])('%s', (_, json, kind) => {
    expect(readExport(text(`\ufeff${JSON.stringify(json)}`)).kind).toBe(kind);
  });

  it('a location among policies is no policy, and a policy no location', () => {
    expect(errors(readExport(text(JSON.stringify([good, location]))).report)).toContain(
      '/1/countriesAndRegions',
    );
    const other = { ...good, id: '00000000-0000-4000-8000-000000000002' };
    expect(errors(readExport(text(JSON.stringify([location, other]))).report)).toEqual(['/1']);
  });
});
