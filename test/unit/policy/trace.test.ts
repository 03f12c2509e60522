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
