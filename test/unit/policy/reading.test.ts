import { describe, expect, it } from 'vitest';
import {
  compile,
  decide,
  PolicyInputError,
  type PolicySetInput,
} from '../../../shared/policy/index.ts';

/** How a set is read: what belongs together, what is the same, and what names what. */

const id = (n: number) => `b011000a-0000-4000-8000-00000000000${n}`;
const app = 'd000000a-0000-4000-8000-000000000001';
const everybody = { users: { includeUsers: ['All'] } };
const policy = (n: number, more: Record<string, unknown> = {}) => ({
  id: id(n),
  state: 'enabled',
  conditions: everybody,
  ...more,
});
const block = { operator: 'OR', builtInControls: ['block'] };

describe('a collection of policies', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a list', [policy(2), policy(1)], [id(2), id(1)]],
    ['a collection', { value: [policy(1)] }, [id(1)]],
    ['PowerShell’s', { Value: [policy(1)] }, [id(1)]],
    ['one', policy(1), [id(1)]],
    ['none', [], []],
    ['an empty one', { value: [] }, []],
  ])('%s', (_, policies, ids) => {
    const set = compile({ policies });
    expect(set.policies.map((p) => p.id)).toEqual(ids);
    expect(decide(set, {}).policies.map((p) => p.id)).toEqual(ids);
  });

  it.each(['displayName', 'state', 'conditions', 'grantControls', 'sessionControls', 'State'])(
    'an object with %s is a policy',
    (name) => {
      expect(compile({ policies: { [name]: 'x' } }).policies).toHaveLength(1);
    },
  );

  it.each<[unknown, readonly string[]]>([
    [undefined, ['']],
    ['x', ['']],
    [{ id: id(1) }, ['']],
    [{ value: 'x' }, ['']],
    [
      [policy(1), 7, null],
      ['/1', '/2'],
    ],
    [{ value: [7] }, ['/value/0']],
    [{ Value: [policy(1), []] }, ['/Value/1']],
  ])('%j is none', (policies, pointers) => {
    const caught = () => compile({ policies });
    expect(caught).toThrow(PolicyInputError);
    try {
      caught();
    } catch (cause) {
      expect((cause as PolicyInputError).issues.map(({ pointer }) => pointer)).toEqual(pointers);
      for (const { message } of (cause as PolicyInputError).issues) expect(message).not.toBe('');
    }
  });
});

describe('what policies refer to', () => {
  const conditions = {
    ...everybody,
    applications: { includeApplications: ['Office365'] },
  };
  const asked = { target: { kind: 'application', appId: app } } as const;
  const outcome = (appGroups: unknown) =>
    decide(compile({ policies: [policy(1, { conditions })], appGroups }), asked).policies[0]
      ?.conditions?.[1]?.outcome;

  it.each<[unknown, string]>([
    [{ Office365: [app.toUpperCase()] }, 'match'],
    [{ OFFICE365: [id(1), app] }, 'match'],
    [{ Office365: [] }, 'noMatch'],
    [{ Office365: [id(1)] }, 'noMatch'],
    [{ Office365: [app, 7] }, 'unknown'],
    [{ Office365: [app, ''] }, 'unknown'],
    [{ Office365: app }, 'unknown'],
    [{ Other: [app] }, 'unknown'],
    [undefined, 'unknown'],
    ['Office365', 'unknown'],
  ])('the app groups %j', (appGroups, expected) => {
    expect(outcome(appGroups)).toBe(expected);
  });

  const place = { id: id(9), ipRanges: [{ cidrAddress: '203.0.113.0/24' }] };
  it.each<[string, unknown, string]>([
    ['a list', [place], 'match'],
    ['a collection', { value: [place] }, 'match'],
    ['PowerShell’s', { Value: [place] }, 'match'],
    ['one alone', place, 'match'],
    ['no collection', 'x', 'unknown'],
    ['an object without an id', { ipRanges: place.ipRanges }, 'unknown'],
    ['nothing', null, 'unknown'],
  ])('named locations as %s', (_, namedLocations, expected) => {
    const locations = { includeLocations: [id(9)] };
    const policies = [policy(1, { conditions: { ...everybody, locations } })];
    const decision = decide(compile({ policies, namedLocations }), { ipAddress: '203.0.113.1' });
    expect(decision.policies[0]?.conditions?.[1]?.outcome).toBe(expected);
  });
});

describe('the version of a set', () => {
  const input: PolicySetInput = {
    policies: [policy(1), policy(2, { grantControls: block })],
    namedLocations: [{ id: id(9), countriesAndRegions: ['FR', 'GB'] }],
    termsOfUse: [{ id: id(8) }],
  };
  const version = (more: Partial<PolicySetInput>) => compile({ ...input, ...more }).version;
  const same = () => version({});

  it('is the same for the same content, in whatever order members stand', () => {
    expect(same()).toMatch(/^[0-9a-f]{32}$/);
    const turned = { state: 'enabled', id: id(1), conditions: everybody };
    expect(version({ policies: [turned, policy(2, { grantControls: block })] })).toBe(same());
    expect(decide(compile(input), {}).setVersion).toBe(same());
  });

  it.each<[string, Partial<PolicySetInput>]>([
    ['a policy less', { policies: [policy(1)] }],
    ['another order', { policies: [policy(2, { grantControls: block }), policy(1)] }],
    ['another state', { policies: [policy(1), policy(2, { state: 'disabled' })] }],
    ['another location', { namedLocations: [{ id: id(9), countriesAndRegions: ['FR'] }] }],
    ['countries turned', { namedLocations: [{ id: id(9), countriesAndRegions: ['GB', 'FR'] }] }],
    ['no locations', { namedLocations: undefined }],
    ['other terms', { termsOfUse: [{ id: id(7) }] }],
    ['app groups', { appGroups: { Office365: [] } }],
    ['strengths', { authenticationStrengths: [] }],
  ])('changes with %s', (_, more) => {
    expect(version(more)).not.toBe(same());
  });

  it('tells values of different kinds apart', () => {
    const odd = ['1', 1, true, 'true', null, 'null', '', [], {}, [[]], ['', ''], [''], { a: '' }];
    const versions = odd.map((x) => version({ policies: [policy(1, { x: [x] })] }));
    expect(new Set(versions).size).toBe(odd.length);
  });

  it('is found for what loops or repeats', () => {
    const loop: Record<string, unknown> = { ...policy(1) };
    loop['self'] = loop;
    const again = { a: { b: [] } };
    expect(compile({ policies: [loop] }).version).toMatch(/^[0-9a-f]{32}$/);
    expect(version({ policies: [policy(1, { x: [again, again] })] })).not.toBe(
      version({ policies: [policy(1, { x: [again] })] }),
    );
  });
});

describe('a policy without an id', () => {
  it.each([undefined, null, '', 7, {}])('(%j) gets one of its content', (odd) => {
    const read = (given: unknown, state: string) =>
      compile({ policies: [{ ...policy(1), id: given, state }] }).policies[0]?.id;
    const made = read(odd, 'enabled');
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(read(odd, 'enabled')).toBe(made);
    expect(read(odd, 'disabled')).not.toBe(made);
    expect(read('CA001', 'enabled')).toBe('CA001');
  });

  it('nor a name: it is called nothing', () => {
    const names = [undefined, 7, '', 'CA001'].map(
      (displayName) => compile({ policies: [policy(1, { displayName })] }).policies[0]?.displayName,
    );
    expect(names).toEqual(['', '', '', 'CA001']);
  });
});

describe('policies that share an id', () => {
  const twins = [policy(1, { grantControls: block }), policy(1, { displayName: 'x' })];

  it('are both decided, whatever their order', () => {
    const results = (policies: readonly unknown[]) =>
      decide(compile({ policies }), {}).policies.map(({ displayName, result }) => [
        displayName,
        result,
      ]);
    expect(results(twins)).toEqual([
      ['', 'failure'],
      ['x', 'success'],
    ]);
    expect(results(twins.toReversed())).toEqual([
      ['x', 'success'],
      ['', 'failure'],
    ]);
  });

  it('are named once', () => {
    const policies = [...twins, policy(1, { grantControls: block, displayName: 'y' })];
    expect(decide(compile({ policies }), {}).reason?.policyIds).toEqual([id(1)]);
    const upper = { ...policy(1, { grantControls: block }), id: id(1).toUpperCase() };
    const more = [policy(2, { grantControls: block }), upper, ...policies];
    expect(decide(compile({ policies: more }), {}).reason?.policyIds).toEqual(
      [id(1).toUpperCase(), id(1), id(2)].sort(),
    );
  });
});

describe('many policies', () => {
  it('each at its own place, past 32 and 64', () => {
    const users = (n: number) => `a0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const policies = Array.from({ length: 70 }, (_, n) => ({
      id: users(1000 - n),
      state: 'enabled',
      conditions: { users: { includeUsers: [users(n)] } },
      grantControls: block,
    }));
    const set = compile({ policies });
    for (const n of [0, 1, 31, 32, 33, 63, 64, 69]) {
      const { policies: decided, reason } = decide(set, { user: { id: users(n) } });
      expect(reason?.policyIds).toEqual([users(1000 - n)]);
      expect(decided.flatMap(({ result }, at) => (result === 'failure' ? [at] : []))).toEqual([n]);
      const conditions = decided.map((p) => p.conditions?.[0]?.outcome);
      expect(conditions.flatMap((outcome, at) => (outcome === 'match' ? [at] : []))).toEqual([n]);
    }
    expect(decide(set, { user: { id: users(70) } }).conditionalAccessStatus).toBe('notApplied');
  });
});
