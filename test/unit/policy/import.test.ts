import { describe, expect, it } from 'vitest';
import {
  compile,
  decide,
  PolicyInputError,
  parseNamedLocations,
  parsePolicies,
  readPolicies,
} from '../../../shared/policy/index.ts';

const id = 'b0110000-0000-4000-8000-000000000001';
const good = {
  id,
  displayName: 'CA001',
  state: 'enabled',
  conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
};

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at += 1)
    view.setUint16(at * 2, text.charCodeAt(at), !bigEndian);
  return new Uint8Array(view.buffer);
}

/** `good` with one member replaced, by path. */
function change(path: readonly string[], value: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(good);
  let at = copy;
  for (const name of path.slice(0, -1)) {
    at[name] ??= {};
    at = at[name] as Record<string, unknown>;
  }
  at[path.at(-1) ?? ''] = value;
  return copy;
}

function errorsOf(json: unknown): readonly string[] {
  return parsePolicies(json).items.flatMap((item) =>
    item.issues.filter((i) => i.severity === 'error').map((i) => i.pointer),
  );
}

describe('how the gateway keeps to it today', () => {
  const guid = 'b0110000-0000-4000-8000-0000000000aa';
  const noticed = [
    ['grantControls', 'termsOfUse', [guid], /no page yet.*refused/],
    ['grantControls', 'customAuthenticationFactors', ['Duo'], /they block/],
    ['sessionControls', 'secureSignInSession', { isEnabled: true }, /not bound.*refused/],
    ['sessionControls', 'continuousAccessEvaluation', { mode: 'strictLocation' }, /until it ends/],
  ] as const;
  it.each(noticed)('%s %s is a warning', (parent, member, value, message) => {
    const [item] = parsePolicies(change([parent, member], value)).items;
    expect(item?.issues).toEqual([
      {
        pointer: `/${parent}/${member}`,
        severity: 'warning',
        message: expect.stringMatching(message),
      },
    ]);
    expect(item?.enforceable).toBe(true);
  });

  it('what is switched off is none', () => {
    const off = change(['sessionControls', 'secureSignInSession'], { isEnabled: false });
    const issues = parsePolicies(off).items[0]?.issues ?? [];
    expect(issues.filter(({ severity }) => severity === 'warning')).toEqual([]);
  });
});

describe('reading exported policies', () => {
  it('reports every field of a good policy', () => {
    const [item] = parsePolicies(good).items;
    expect(item).toMatchObject({ id, enforceable: true, issues: [] });
    expect(item?.fields).toEqual([
      { pointer: '/id', standing: 'carried' },
      { pointer: '/displayName', standing: 'carried' },
      { pointer: '/state', standing: 'enforced' },
      { pointer: '/conditions/users/includeUsers', standing: 'enforced' },
      { pointer: '/conditions/applications/includeApplications', standing: 'enforced' },
      { pointer: '/grantControls/operator', standing: 'enforced' },
      { pointer: '/grantControls/builtInControls/0', standing: 'enforced' },
    ]);
  });

  it('accepts one policy, a list, a collection and what PowerShell writes', () => {
    const pascal = {
      Id: id,
      DisplayName: 'CA001',
      State: 'enabled',
      Conditions: {
        Users: { IncludeUsers: ['All'] },
        Applications: { IncludeApplications: ['All'] },
      },
      GrantControls: { Operator: 'OR', BuiltInControls: ['mfa'] },
    };
    for (const json of [good, [good], { '@odata.context': 'x', value: [good] }, [pascal]])
      expect(parsePolicies(json)).toMatchObject({ issues: [], items: [{ id, enforceable: true }] });
    const [item] = parsePolicies([pascal]).items;
    expect(item?.fields.map((f) => f.pointer)).toContain('/0/Conditions/Users/IncludeUsers');
  });

  it('accepts the empty members of a GET body', () => {
    const body = {
      ...good,
      templateId: null,
      '#microsoft.graph.restore': {},
      conditions: { ...good.conditions, times: null, clients: { a: null }, userRiskLevels: [] },
      sessionControls: { globalSecureAccessFilteringProfile: null },
    };
    expect(parsePolicies(body).items[0]).toMatchObject({ enforceable: true, issues: [] });
  });

  it('fills in an id made of the content, and a state', () => {
    const { id: _, state: __, ...template } = good;
    const [first, second] = [parsePolicies(template), parsePolicies([template])].map(
      (r) => r.items[0],
    );
    expect(first?.id).toBe(second?.id);
    expect(first?.item).toMatchObject({ id: first?.id, state: 'disabled', displayName: 'CA001' });
    expect(first?.enforceable).toBe(true);
    expect(compile({ policies: template }).policies[0]?.id).toBe(first?.id);
  });

  it.each<[string, readonly string[], unknown, string]>([
    [
      'a display name for an id',
      ['conditions', 'users', 'includeGroups'],
      ['Sales'],
      '/conditions/users/includeGroups/0',
    ],
    [
      'a placeholder',
      ['conditions', 'users', 'excludeUsers'],
      ['{{breakGlass}}'],
      '/conditions/users/excludeUsers/0',
    ],
    [
      'a text for a list',
      ['conditions', 'users', 'includeUsers'],
      'All',
      '/conditions/users/includeUsers',
    ],
    ['an unknown condition', ['conditions', 'moonPhase'], ['full'], '/conditions/moonPhase'],
    [
      'an unknown member',
      ['conditions', 'users', 'includeTeams'],
      ['x'],
      '/conditions/users/includeTeams',
    ],
    [
      'an unknown control',
      ['grantControls', 'builtInControls'],
      ['mfa', 'selfie'],
      '/grantControls/builtInControls/1',
    ],
    [
      'an unknown session control',
      ['sessionControls', 'mystery'],
      { isEnabled: true },
      '/sessionControls/mystery',
    ],
    ['an unknown state', ['state'], 'partiallyEnabled', '/state'],
    ['an operator', ['grantControls', 'operator'], 'XOR', '/grantControls/operator'],
    [
      'a frequency without a length',
      ['sessionControls', 'signInFrequency'],
      { isEnabled: true },
      '/sessionControls/signInFrequency',
    ],
    [
      'isEnabled as a text',
      ['sessionControls', 'persistentBrowser'],
      { isEnabled: 'true', mode: 'never' },
      '/sessionControls/persistentBrowser/isEnabled',
    ],
    [
      'a rule',
      ['conditions', 'devices', 'deviceFilter'],
      { mode: 'include', rule: 'x' },
      '/conditions/devices/deviceFilter/rule',
    ],
    [
      'mfa beside a strength',
      ['grantControls', 'authenticationStrength'],
      { id },
      '/grantControls/authenticationStrength',
    ],
    [
      'block beside mfa',
      ['grantControls', 'builtInControls'],
      ['block', 'mfa'],
      '/grantControls/builtInControls',
    ],
    [
      'passwordChange alone',
      ['grantControls', 'builtInControls'],
      ['passwordChange'],
      '/grantControls/builtInControls',
    ],
    ['nothing to apply to', ['conditions', 'applications'], null, '/conditions/applications'],
    ['nothing to do', ['grantControls'], null, '/grantControls'],
    [
      'CAE off beside a condition',
      ['sessionControls', 'continuousAccessEvaluation'],
      { mode: 'disabled' },
      '',
    ],
  ])('names the place of %s', (_, path, value, pointer) => {
    const found = errorsOf(change(path, value));
    // Switching continuous access evaluation off is fine where there is no condition.
    expect(found).toEqual(pointer === '' ? [] : [pointer]);
  });

  it('names both policies with one id', () => {
    expect(errorsOf([good, { ...good, id: id.toUpperCase() }])).toEqual(['/0/id', '/1/id']);
  });

  it.each([
    ['UTF-8', (text: string) => new TextEncoder().encode(text)],
    ['UTF-8 with a mark', (text: string) => new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-16LE', (text: string) => utf16(`\uFEFF${text}`, false)],
    ['UTF-16BE', (text: string) => utf16(`\uFEFF${text}`, true)],
    ['UTF-16LE without a mark', (text: string) => utf16(text, false)],
  ])('reads %s', (_, encode) => {
    expect(readPolicies(encode(JSON.stringify({ value: [good] })))).toMatchObject({
      issues: [],
      items: [{ id, enforceable: true, pointer: '/value/0' }],
    });
  });

  it('finds members that stand twice, which parsing loses', () => {
    const text = `[${JSON.stringify(good).replace('"state"', '"state":"disabled","state"')}, {}]`;
    const { items } = readPolicies(new TextEncoder().encode(text));
    expect(items[0]).toMatchObject({
      enforceable: false,
      issues: [{ pointer: '/0/state', severity: 'error' }],
    });
    const nested = '{"conditions":{"a\\"b":[{"x":1},{"x":1,"y":"{","x":2}]}}';
    const [item] = readPolicies(new TextEncoder().encode(nested)).items;
    expect(item?.issues).toContainEqual(
      expect.objectContaining({
        pointer: '/conditions/a"b/1/x',
        message: 'the member stands twice',
      }),
    );
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{"value": [')],
    ['no text', Uint8Array.of(0xc3, 0x28, 0x80)],
    ['nothing', new Uint8Array()],
  ])('A110: a file with %s is an issue, not an exception', (_, bytes) => {
    expect(readPolicies(bytes)).toMatchObject({ items: [], issues: [{ severity: 'error' }] });
  });

  it.each([null, 'x', 7, {}, { error: { code: 'Forbidden' } }, { value: 'x' }])(
    'A110: %j is no policy collection',
    (policies) => {
      expect(parsePolicies(policies)).toMatchObject({ items: [], issues: [{ pointer: '' }] });
      expect(() => compile({ policies })).toThrow(PolicyInputError);
    },
  );

  it('A110: an element that is no object is named, and never half a set compiled', () => {
    expect(parsePolicies({ value: [good, 'x'] }).issues).toMatchObject([{ pointer: '/value/1' }]);
    expect(() => compile({ policies: { value: [good, null] } })).toThrow('/value/1');
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'A111: a key %s is refused and pollutes nothing',
    (key) => {
      const attack = `{"${key}":{"polluted":true,"includeUsers":["All"]}}`;
      const text = JSON.stringify(good).replace('{"includeUsers":["All"]}', attack);
      const policies: unknown = JSON.parse(text);
      const [item] = parsePolicies(policies).items;
      expect(item?.enforceable).toBe(false);
      expect(item?.issues.map((i) => i.pointer)).toContain(`/conditions/users/${key}`);
      const decision = decide(compile({ policies }), {});
      expect(decision.policies[0]?.conditions?.[0]).toMatchObject({
        name: 'users',
        outcome: 'unknown',
      });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('A111: keys that look like numbers are ordinary unknown members', () => {
    expect(errorsOf(change(['conditions', '0'], 'x'))).toEqual(['/conditions/0']);
  });

  it('A112: what nests too deep ends neither the import nor a decision', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 20_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    const policy = change(['conditions', 'users', 'includeUsers'], deep);
    expect(errorsOf(policy)).not.toEqual([]);
    expect(decide(compile({ policies: policy }), {}).outcome).toBe('block');
    const text = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(readPolicies(new TextEncoder().encode(text)).items).toEqual([]);
  });
});

describe('reading exported named locations', () => {
  it('reports fields and what cannot be looked up', () => {
    const report = parseNamedLocations({
      value: [
        {
          '@odata.type': '#microsoft.graph.ipNamedLocation',
          id,
          displayName: 'Office',
          isTrusted: true,
          ipRanges: [{ cidrAddress: '203.0.113.0/24' }],
        },
        {
          '@odata.type': '#microsoft.graph.countryNamedLocation',
          id,
          countriesAndRegions: ['GB', 'Germany'],
          countryLookupMethod: 'authenticatorAppGps',
        },
        { '@odata.type': '#microsoft.graph.compliantNetworkNamedLocation', displayName: 'GSA' },
        'x',
      ],
    });
    expect(report.issues).toMatchObject([{ pointer: '/value/3' }]);
    expect(report.items.map((i) => i.issues.map((issue) => issue.pointer))).toEqual([
      ['/value/0/id'],
      ['/value/1/countriesAndRegions/1', '/value/1/countryLookupMethod', '/value/1/id'],
      ['/value/2/@odata.type', '/value/2'],
    ]);
  });
});
