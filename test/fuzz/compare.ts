import { isDeepStrictEqual } from 'node:util';
import {
  compile,
  type Decision,
  decide,
  type PolicySetInput,
  type SignInFacts,
} from '../../shared/policy/index.ts';
import { referenceDecision } from '../support/reference-engine/index.ts';

export interface FuzzCase {
  readonly input: PolicySetInput;
  readonly facts: SignInFacts;
}

/** The engine's decision under the names that a data case compares. */
function view(decision: Decision): Readonly<Record<string, unknown>> {
  const { policies, reason, next } = decision;
  return {
    outcome: decision.outcome,
    next: next && {
      control: next.control,
      action: next.action,
      ...(next.methods && { methods: next.methods }),
      ...(next.termsOfUseId && { termsOfUseId: next.termsOfUseId }),
      policyIds: next.policyIds,
    },
    code: reason?.code,
    policyIds: reason?.policyIds,
    status: decision.conditionalAccessStatus,
    policies: Object.fromEntries(policies.map((p) => [p.id, p.result])),
    conditions: Object.fromEntries(
      policies.map((p) => [
        p.id,
        Object.fromEntries((p.conditions ?? []).map((c) => [c.name, c.outcome])),
      ]),
    ),
    sessionControls: decision.sessionControls,
  };
}

export interface Difference {
  readonly member: string;
  readonly engine: unknown;
  readonly reference: unknown;
}

/** Where the engine and the reference do not say the same; a throw is a difference too. */
export function differences({ input, facts }: FuzzCase): {
  readonly told: readonly Difference[];
  readonly outcome: string;
} {
  const reference = referenceDecision(input, facts);
  const { outcome } = reference;
  let engine: Readonly<Record<string, unknown>>;
  try {
    engine = view(decide(compile(input), facts));
  } catch (error) {
    return { told: [{ member: 'throws', engine: String(error), reference: undefined }], outcome };
  }
  const told = Object.entries(reference)
    .filter(([member, value]) => !isDeepStrictEqual(engine[member], value))
    .map(([member, value]) => ({ member, engine: engine[member], reference: value }));
  return { told, outcome };
}
