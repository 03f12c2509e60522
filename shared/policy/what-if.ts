import { compilePolicies } from './compiled/compiled-policies.ts';
import type { AnalysisReason } from './conditions/condition.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { KnownFacts } from './known-facts.ts';
import type { Policy } from './policy.ts';
import type { PolicySet } from './policy-set.ts';
import { readFacts } from './read-facts.ts';
import type { FactName } from './sign-in-facts.ts';
import { missingFacts } from './what-if-missing.ts';
import { type Question, readQuestion, type WhatIfRequest } from './what-if-request.ts';
import { inWireNames, isObject, type JsonObject } from './wire.ts';

/** The policy as it was given, and whether it applies. @see Graph: whatIfAnalysisResult */
export type WhatIfAnalysisResult = JsonObject & {
  readonly id: string;
  readonly policyApplies: boolean;
  /** The first condition that was not met; `notSet` when the policy applies. */
  readonly analysisReasons: AnalysisReason;
};

export interface WhatIfAnswer {
  readonly value: readonly WhatIfAnalysisResult[];
  /** What sign-in would decide by the same facts; unlike `value` it restricts by what is not known. */
  readonly decision: Decision;
  /** Facts the request left out that could change the outcome. */
  readonly missing: readonly FactName[];
}

/** A policy Graph would not have stored. */
function isInvalid({ conditions, grant }: Policy): boolean {
  const names = grant.controls.map(({ control }) => control.name);
  return (
    conditions.some((condition) => !condition.known) ||
    grant.controls.some(({ control }) => control.known === false) ||
    (names.includes('mfa') && names.includes('authenticationStrength'))
  );
}

function isEmpty({ grant, session }: Policy): boolean {
  return grant.controls.length + session.names.length + session.unknown.length === 0;
}

/** Position of the first condition that is not known to match; the number of conditions if none. */
function firstUnmet(policy: Policy, facts: KnownFacts): number {
  const index = policy.conditions.findIndex((c) => c.condition.evaluate(facts) !== 'match');
  return index < 0 ? policy.conditions.length : index;
}

function analyse(policy: Policy, question: Question, cases: readonly KnownFacts[]): AnalysisReason {
  if (policy.state === 'disabled') return 'policyNotEnabled';
  if (isInvalid(policy)) return 'invalidPolicy';
  if (isEmpty(policy)) return 'emptyPolicy';
  if (question.workload) return 'users';
  // With several applications, the one that comes furthest says what is in the way.
  const furthest = cases.reduce((index, facts) => Math.max(index, firstUnmet(policy, facts)), 0);
  const unmet = policy.conditions[furthest];
  if (unmet === undefined) return 'notSet';
  return unmet.reason === 'target' ? question.targetReason : unmet.reason;
}

const strictness = { grant: 0, interrupt: 1, block: 2 } as const;

/** The strictest of the decisions for the applications asked about. */
function decideAll(set: PolicySet, question: Question): Decision {
  // No policy here is about workloads.
  if (question.workload) return decide({ ...set, policies: [], compiled: compilePolicies([]) }, {});
  const decisions = question.facts.map((facts) => decide(set, facts));
  return decisions.reduce((a, b) => (strictness[b.outcome] > strictness[a.outcome] ? b : a));
}

/**
 * Which policies would apply to a sign-in, in Graph's shape. Applicability only: what is not known
 * does not apply, as Graph documents it. Pure and total, like `decide`.
 *
 * @see Graph: conditionalAccessRoot: evaluate
 */
export function whatIf(set: PolicySet, request: WhatIfRequest): WhatIfAnswer {
  const question = readQuestion(request);
  const cases = question.facts.map(readFacts);
  const appliedOnly = isObject(request) && request['appliedPoliciesOnly'] === true;
  const value = set.policies.map((policy) => {
    const analysisReasons = analyse(policy, question, cases);
    const policyApplies = analysisReasons === 'notSet';
    return { ...inWireNames(policy.source), id: policy.id, policyApplies, analysisReasons };
  });
  return {
    value: appliedOnly ? value.filter((v) => v.policyApplies) : value,
    decision: decideAll(set, question),
    missing: question.workload ? [] : missingFacts(set, cases, question.supplied),
  };
}
