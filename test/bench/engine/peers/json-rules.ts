import { Engine, type NestedCondition, type RuleProperties } from 'json-rules-engine';
import type { GeneratedPolicy } from '../workload.ts';
import { type Condition, conditionsOf, type Peer, type Term } from './terms.ts';

/** json-rules-engine: a policy is a rule, the rules that fire are those that apply. It is asynchronous. */
export function openJsonRules(policies: readonly GeneratedPolicy[]): Peer {
  const engine = new Engine(policies.map(rule));
  engine.addOperator<string[], string[]>('overlaps', (held, wanted) =>
    held.some((value) => wanted.includes(value)),
  );
  engine.addOperator<string[], string[]>('misses', (held, wanted) =>
    held.every((value) => !wanted.includes(value)),
  );
  return async (facts) => (await engine.run(facts)).events.map(({ type }) => type);
}

const rule = (policy: GeneratedPolicy): RuleProperties => ({
  conditions: { all: conditionsOf(policy).flatMap(written) },
  event: { type: policy.id },
});

const one =
  (operator: 'overlaps' | 'misses') =>
  ({ fact, oneOf }: Term): NestedCondition => ({ fact, operator, value: [...oneOf] });

function written({ some, none }: Condition): NestedCondition[] {
  return [
    ...(some.length > 0
      ? [{ any: some.map((terms) => ({ all: terms.map(one('overlaps')) })) }]
      : []),
    ...none.map(one('misses')),
  ];
}
