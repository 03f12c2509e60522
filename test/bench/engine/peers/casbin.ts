import { newEnforcer, newModelFromString } from 'casbin';
import type { GeneratedPolicy } from '../workload.ts';
import { type Condition, conditionsOf, type PeerFacts, type Term } from './terms.ts';

/**
 * casbin: a rule each for the policies that block, as an expression that `eval` runs; it ends at the
 * first that holds. It says only whether the sign-in is blocked: it cannot name all policies that apply.
 */
export async function openCasbin(
  policies: readonly GeneratedPolicy[],
): Promise<(facts: PeerFacts) => boolean> {
  const enforcer = await newEnforcer(newModelFromString(model));
  const lists: (readonly string[])[] = [];
  const blocking = policies.filter(
    ({ state, grantControls }) =>
      state === 'enabled' && grantControls.builtInControls[0] === 'block',
  );
  const rules = blocking.map((policy) => [written(policy, lists), 'deny']);
  if (rules.length > 0) await enforcer.addPolicies(rules);
  // lists stand beside the rules: within an expression they would be parsed at every decision
  const sets = lists.map((values) => new Set(values));
  await enforcer.addFunction('listed', (held: readonly string[], at: number) =>
    held.some((value) => sets[at]?.has(value)),
  );
  return (facts) => !enforcer.enforceSync(facts);
}

const model = `
[request_definition]
r = signIn
[policy_definition]
p = rule, eft
[policy_effect]
e = !some(where (p.eft == deny))
[matchers]
m = eval(p.rule)
`;

function written(policy: GeneratedPolicy, lists: (readonly string[])[]): string {
  const one = ({ fact, oneOf }: Term): string =>
    `listed(r.signIn.${fact}, ${lists.push(oneOf) - 1})`;
  const condition = ({ some, none }: Condition): string => {
    const alternatives = some.map((terms) => `(${terms.map(one).join(' && ')})`).join(' || ');
    return [
      ...(alternatives === '' ? [] : [`(${alternatives})`]),
      ...none.map((term) => `!${one(term)}`),
    ].join(' && ');
  };
  return conditionsOf(policy).map(condition).join(' && ') || 'true';
}
