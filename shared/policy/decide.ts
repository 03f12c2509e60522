import type { CompiledPolicy } from './compiled/compiled-policies.ts';
import type { Decision } from './decision.ts';
import { Judge } from './judge.ts';
import { judgementOf } from './judgement.ts';
import type { PolicySet } from './policy-set.ts';
import { readFacts } from './read-facts.ts';
import { reportOnlyResult } from './report-only.ts';
import { type Contributing, mergeSessions } from './session/policy-session.ts';
import type { SignInFacts } from './sign-in-facts.ts';
import { tracePolicies } from './trace.ts';
import { type RankedVerdict, verdictOf } from './verdict.ts';

export interface DecideOptions {
  /** False leaves out the lists of each policy and changes nothing else. */
  readonly trace?: boolean;
}

function statusOf(
  outcome: Decision['outcome'],
  enforced: number,
): Decision['conditionalAccessStatus'] {
  if (enforced === 0) return 'notApplied';
  return outcome === 'grant' ? 'success' : 'failure';
}

/**
 * Decides a sign-in. Total: never throws for any facts, changes nothing, and reads no clock.
 *
 * Unknown facts and conditions make an enabled policy apply, and a control that cannot be evaluated
 * cannot be satisfied. Report-only and disabled policies never affect the outcome.
 */
export function decide(set: PolicySet, facts: SignInFacts, options: DecideOptions = {}): Decision {
  const { byId, index, idle } = set.compiled;
  const seen = readFacts(facts);
  const trace = options.trace !== false;
  const { possible, isCertain } = index.find(seen, trace);
  const enforced: CompiledPolicy[] = [];
  const reported: CompiledPolicy[] = [];
  const sessions: Contributing[] = [];
  let riskApplies = false;
  for (const position of possible) {
    const compiled = byId[position] as CompiledPolicy;
    const { policy } = compiled;
    const certain = isCertain(position);
    if (policy.state === 'enabled') {
      enforced.push(compiled);
      if (policy.hasRiskCondition) riskApplies = true;
      if (policy.session.contributions.length > 0)
        sessions.push({ session: policy.session, certain, plain: policy.plain });
    } else if (certain) reported.push(compiled);
  }
  const sessionControls = mergeSessions(sessions);
  const judge = new Judge(judgementOf(seen, sessionControls, riskApplies));
  const policies = idle.slice();
  const ranked: RankedVerdict[] = [];
  for (const compiled of enforced) {
    const { verdict } = judge.judge(compiled);
    ranked.push({ policy: compiled.policy, verdict });
    policies[compiled.inputAt] = compiled.standing[verdict.result] ?? compiled.standing.idle;
  }
  for (const compiled of reported) {
    const result = reportOnlyResult(compiled.policy, judge.judge(compiled).controls);
    policies[compiled.inputAt] = compiled.standing[result] ?? compiled.standing.idle;
  }
  const verdict = verdictOf(ranked, seen);
  return {
    ...verdict,
    sessionControls,
    conditionalAccessStatus: statusOf(verdict.outcome, enforced.length),
    policies: trace
      ? tracePolicies(set.compiled, policies, seen, judge, sessionControls)
      : policies,
    setVersion: set.version,
  };
}
