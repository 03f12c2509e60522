import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compile,
  type Decision,
  decide,
  type PolicySetInput,
  type SignInFacts,
} from '../../../shared/policy/index.ts';

// Cases in the format that `npm run vectors` reads.
interface Case {
  readonly name: string;
  readonly why: string;
  readonly set: string;
  readonly facts: SignInFacts;
  readonly expect: Readonly<Record<string, unknown>>;
}

interface CaseFile {
  readonly topic: string;
  readonly sets: Readonly<Record<string, PolicySetInput>>;
  readonly cases: readonly Case[];
}

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

for (const path of globSync(`${import.meta.dirname}/cases/*.json`).sort()) {
  const file = JSON.parse(readFileSync(path, 'utf8')) as CaseFile;
  describe(file.topic, () => {
    it.each(file.cases.map((c) => [`${c.why}: ${c.name}`, c] as const))('%s', (_, given) => {
      const input = file.sets[given.set];
      if (input === undefined) throw new Error(`no set ${given.set}`);
      expect(view(decide(compile(input), given.facts))).toMatchObject(given.expect);
    });
  });
}
