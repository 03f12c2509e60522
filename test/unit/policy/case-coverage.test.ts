import { describe, expect, it } from 'vitest';
import { conditionDefinitions } from '../../../shared/policy/conditions/registry.ts';
import { controlDefinitions } from '../../../shared/policy/controls/registry.ts';
import { compile, type DecidedPolicy, decide } from '../../../shared/policy/index.ts';
import { caseFiles, setOf } from './case-files.ts';

/** A custom control is traced with its id. */
function controlName(traced: string): string {
  return traced.startsWith('customAuthenticationFactor ') ? 'customAuthenticationFactors' : traced;
}

const outcomes = new Set<string>();
const standings = new Set<string>();

/** Only policies that a case says something of count: a trace that nobody compares covers nothing. */
function count({ conditions = [], controls = [] }: DecidedPolicy, expected: object): void {
  const compared = Object.keys(expected);
  for (const { name, outcome } of conditions)
    if (compared.includes(name)) outcomes.add(`${name} ${outcome}`);
  for (const { control, satisfied, satisfiable } of controls) {
    const unmet = satisfiable ? 'interactive' : 'unsatisfiable';
    standings.add(`${controlName(control)} ${satisfied ? 'satisfied' : unmet}`);
  }
}

// Asked for by a test, not while the file loads or before all tests: a mutation run would take every
// mutant for one that needs all tests.
function countAll(): void {
  if (standings.size > 0) return;
  for (const file of caseFiles)
    for (const given of file.cases) {
      const expected = (given.expect['conditions'] ?? {}) as Record<string, object>;
      const { policies } = decide(compile(setOf(file, given)), given.facts);
      for (const told of policies) count(told, expected[told.id] ?? {});
    }
}

/** They are about workloads and agents, whatever the facts are. */
const neverAGuest = ['clientApplications', 'servicePrincipalRiskLevels', 'agentIdRiskLevels'];

/** What these controls can be beside unsatisfiable; every other can be all three. */
const limited: Readonly<Record<string, readonly string[]>> = {
  block: [],
  domainJoinedDevice: ['satisfied'],
  passwordChange: [],
  riskRemediation: [],
  customAuthenticationFactors: [],
};

const controlNames = controlDefinitions.map((definition) =>
  definition.kind === 'builtIn' ? definition.control.name : definition.member,
);

describe('the data cases cover', () => {
  it.each(conditionDefinitions.map(({ name }) => name))('the condition %s', (name) => {
    countAll();
    const wanted = neverAGuest.includes(name) ? ['noMatch'] : ['match', 'noMatch', 'unknown'];
    expect(wanted.filter((outcome) => !outcomes.has(`${name} ${outcome}`))).toEqual([]);
  });

  it.each(controlNames)('the control %s', (name) => {
    countAll();
    const wanted = [...(limited[name] ?? ['satisfied', 'interactive']), 'unsatisfiable'];
    expect(wanted.filter((standing) => !standings.has(`${name} ${standing}`))).toEqual([]);
  });

  it('nothing that the registries do not have', () => {
    expect([...neverAGuest, ...Object.keys(limited)].sort()).toEqual(
      [...conditionDefinitions.map(({ name }) => name as string), ...controlNames]
        .filter((name) => neverAGuest.includes(name) || Object.hasOwn(limited, name))
        .sort(),
    );
  });
});
