import type { KnownFacts } from './known-facts.ts';
import type { Policy, PolicyCondition } from './policy.ts';
import type { PolicySet } from './policy-set.ts';
import {
  clientAppTypes,
  devicePlatforms,
  type FactName,
  insiderRiskLevels,
  riskLevels,
  transferMethods,
} from './sign-in-facts.ts';

// Facts with few values: whether one of them would change a condition can be tried.
const values: Partial<Readonly<Record<FactName, readonly string[]>>> = {
  clientAppType: clientAppTypes,
  devicePlatform: devicePlatforms,
  signInRiskLevel: riskLevels,
  userRiskLevel: riskLevels,
  insiderRiskLevel: insiderRiskLevels,
  authenticationFlow: transferMethods,
};

/** The facts with one of them replaced. */
function withFact(facts: KnownFacts, name: FactName, value: string): KnownFacts {
  return Object.create(facts, { [name]: { value } }) as KnownFacts;
}

/** Whether knowing the fact could give the condition another answer. */
function couldChange(condition: PolicyCondition, fact: FactName, facts: KnownFacts): boolean {
  const now = condition.condition.evaluate(facts);
  const tried = values[fact];
  if (tried !== undefined)
    return tried.some(
      (value) => condition.condition.evaluate(withFact(facts, fact, value)) !== now,
    );
  // Any user or target may be meant; a place or a device unknown here has a meaning of its own.
  return now === 'unknown' || (fact !== 'user' && fact !== 'target');
}

function absentFacts(
  policy: Policy,
  facts: KnownFacts,
  supplied: ReadonlySet<FactName>,
): readonly FactName[] {
  const absent: FactName[] = [];
  for (const condition of policy.conditions) {
    const open = condition.facts.filter(
      (fact) => !supplied.has(fact) && couldChange(condition, fact, facts),
    );
    // Nothing that is still missing can make this policy apply.
    if (open.length === 0 && condition.condition.evaluate(facts) === 'noMatch') return [];
    absent.push(...open);
  }
  const asked = policy.grant.controls.flatMap(({ control }) => control.facts);
  if (policy.session.frequency !== undefined) asked.push('now', 'authentication');
  return [...absent, ...asked.filter((fact) => !supplied.has(fact))];
}

/** The facts a request left out that could change what the policies say, sorted. */
export function missingFacts(
  set: PolicySet,
  cases: readonly KnownFacts[],
  supplied: ReadonlySet<FactName>,
): readonly FactName[] {
  const missing = new Set<FactName>();
  for (const policy of set.policies) {
    if (policy.state === 'disabled') continue;
    for (const facts of cases)
      for (const fact of absentFacts(policy, facts, supplied)) missing.add(fact);
  }
  return [...missing].sort();
}
