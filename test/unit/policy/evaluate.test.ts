import { describe, expect, it } from 'vitest';
import { compile, decide } from '../../../shared/policy/index.ts';
import { readFacts } from '../../../shared/policy/read-facts.ts';
import { caseFiles, setOf } from './case-files.ts';

/** A condition means what `evaluate` says; the index only finds it for all policies at once. */

for (const file of caseFiles)
  describe(file.topic, () => {
    it.each(file.cases.map((c) => [`${c.why}: ${c.name}`, c] as const))('%s', (_, given) => {
      const set = compile(setOf(file, given));
      const facts = readFacts(given.facts);
      const { policies } = decide(set, given.facts);
      for (const [at, { conditions, state }] of set.policies.entries()) {
        const note = state === 'enabledForReportingButNotEnforced';
        const plain = conditions.map(({ name, condition }) => {
          const outcome = condition.evaluate(facts);
          const more = note && outcome === 'unknown' ? '; counts as a match once enabled' : '';
          return { name, outcome, because: condition.explain(facts) + more };
        });
        expect(policies[at]?.conditions).toEqual(plain);
      }
    });
  });

describe('what is looked up for all policies at once', () => {
  const id = 'a0000000-0000-4000-8000-000000000001';
  const filter = { mode: 'include', rule: 'CustomSecurityAttribute.S_A -eq "x"' };
  const device = { deviceFilter: { mode: 'include', rule: 'device.model -eq "x"' } };

  const indexed = (conditions: Record<string, unknown>) =>
    compile({ policies: [{ conditions: { users: { includeUsers: ['All'] }, ...conditions } }] })
      .policies[0]?.conditions.filter(({ condition }) => condition.clauses !== undefined)
      .map(({ name }) => name);

  it('is every condition that lists something', () => {
    const guests = { guestOrExternalUserTypes: 'serviceProvider' };
    const all = {
      users: { includeGroups: [id], excludeGuestsOrExternalUsers: guests },
      applications: { includeApplications: [id], includeUserActions: ['urn:user:registerdevice'] },
      platforms: { includePlatforms: ['iOS'] },
      locations: { includeLocations: ['AllTrusted', id] },
      clientAppTypes: ['browser', 'x'],
      authenticationFlows: { transferMethods: 'deviceCodeFlow' },
      signInRiskLevels: ['high'],
      userRiskLevels: ['high'],
      insiderRiskLevels: 'minor',
    };
    expect([...(indexed(all) ?? [])].sort()).toEqual(Object.keys(all).sort());
  });

  it('is no filter, which is evaluated policy by policy', () => {
    expect(indexed({ devices: device, applications: { applicationFilter: filter } })).toEqual([
      'users',
    ]);
  });
});
