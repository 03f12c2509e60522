import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { GeneratedPolicy } from '../workload.ts';
import { type Condition, conditionsOf, type Peer, type Term } from './terms.ts';

/**
 * Cedar in WebAssembly: a policy is a `forbid` over the context, parsed once; the answer's diagnostics
 * name all that held. The context crosses into WebAssembly as JSON at every decision.
 */
export function openCedar(policies: readonly GeneratedPolicy[]): Peer {
  const name = `policies ${policies.length}`;
  const parsed = preparsePolicySet(name, {
    staticPolicies: Object.fromEntries(policies.map((policy) => [policy.id, written(policy)])),
  });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors[0]));
  const entity = (type: string, id: string) => ({ type, id });
  const call = {
    principal: entity('Guest', 'guest'),
    action: entity('Action', 'signIn'),
    resource: entity('App', 'app'),
    entities: [],
    preparsedPolicySetId: name,
  };
  return (facts) => {
    const answer = statefulIsAuthorized({ ...call, context: { ...facts } as never });
    if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors[0]));
    return answer.response.diagnostics.reason;
  };
}

const written = (policy: GeneratedPolicy): string =>
  `forbid (principal, action, resource) when { ${conditionsOf(policy).map(condition).join(' && ') || 'true'} };`;

const one = ({ fact, oneOf }: Term): string =>
  `context.${fact}.containsAny([${oneOf.map((value) => JSON.stringify(value)).join(', ')}])`;

function condition({ some, none }: Condition): string {
  const alternatives = some.map((terms) => `(${terms.map(one).join(' && ')})`).join(' || ');
  return [
    ...(alternatives === '' ? [] : [`(${alternatives})`]),
    ...none.map((term) => `!${one(term)}`),
  ].join(' && ');
}
