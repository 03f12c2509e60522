import type { PolicyResult } from './decision.ts';
import type { JudgedControl } from './judge-policy.ts';
import type { Policy } from './policy.ts';

/**
 * What would have happened where every condition is known to match, from the grant controls alone. A control a guest does something about is
 * an interruption; one that is only looked at is a failure.
 *
 * @see Graph: appliedConditionalAccessPolicyResult
 */
export function reportOnlyResult(policy: Policy, judged: readonly JudgedControl[]): PolicyResult {
  // Entra does not evaluate policies on user actions in report-only.
  if (policy.scope.namesActions) return 'reportOnlyNotApplied';
  if (policy.grant.blocks) return 'reportOnlyFailure';
  const unmet = judged.filter(({ verdict }) => verdict.kind !== 'satisfied');
  if (unmet.length === 0) return 'reportOnlySuccess';
  if (policy.grant.operator === 'OR') {
    if (unmet.length < judged.length) return 'reportOnlySuccess';
    const feasible = unmet.some((c) => c.control.interactive && c.verdict.kind === 'open');
    return feasible ? 'reportOnlyInterrupted' : 'reportOnlyFailure';
  }
  return unmet.every((c) => c.control.interactive) ? 'reportOnlyInterrupted' : 'reportOnlyFailure';
}
