import { describe, expect, it } from 'vitest';
import { compile, type Decision, decide } from '../../../shared/policy/index.ts';
import { caseFiles, setOf } from './case-files.ts';

/** A decision under the names that a case compares. */
function view(decision: Decision): Readonly<Record<string, unknown>> {
  const { policies, reason } = decision;
  return {
    outcome: decision.outcome,
    next: decision.next,
    code: reason?.code,
    policyIds: reason?.policyIds,
    status: decision.conditionalAccessStatus,
    sessionControls: decision.sessionControls,
    policies: Object.fromEntries(policies.map((p) => [p.id, p.result])),
    conditions: Object.fromEntries(
      policies.map((p) => [
        p.id,
        Object.fromEntries((p.conditions ?? []).map((c) => [c.name, c.outcome])),
      ]),
    ),
  };
}

for (const file of caseFiles) {
  describe(file.topic, () => {
    it.each(file.cases.map((c) => [`${c.why}: ${c.name}`, c] as const))('%s', (_, given) => {
      const decision = decide(compile(setOf(file, given)), given.facts);
      const decided = view(decision);
      expect(decided).toMatchObject(given.expect);
      // These whole: what is merged too much is as wrong as what is missing.
      const { sessionControls = decided['sessionControls'] } = given.expect;
      expect(decided['sessionControls']).toStrictEqual(sessionControls);
      expect(Object.values(decision.next ?? {})).not.toContain(undefined);
      // Whoever is stopped learns why, and what to do.
      for (const text of [decision.reason?.name, decision.reason?.remedy])
        expect(text === undefined).toBe(decision.outcome === 'grant');
      for (const text of Object.values(decision.reason ?? {})) expect(text).not.toBe('');
    });
  });
}
