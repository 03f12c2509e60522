import type { Judgement } from './controls/control.ts';
import type { DecidedPolicy, Decision, PolicyResult } from './decision.ts';
import {
  type JudgedControl,
  judgeControls,
  judgePolicy,
  type PolicyVerdict,
} from './judge-policy.ts';
import { judgementOf } from './judgement.ts';
import type { KnownFacts } from './known-facts.ts';
import type { Policy, PolicySet } from './policy-set.ts';
import { readFacts } from './read-facts.ts';
import { reportOnlyResult } from './report-only.ts';
import { mergeSessions } from './session/policy-session.ts';
import type { SessionControls } from './session/session-control.ts';
import type { SignInFacts } from './sign-in-facts.ts';
import { both, type Ternary } from './ternary.ts';
import { tracePolicy } from './trace.ts';
import { type RankedVerdict, verdictOf } from './verdict.ts';

export interface DecideOptions {
  /** False leaves out the lists of each policy and changes nothing else. */
  readonly trace?: boolean;
}

/** Whether every condition matches. One that is known not to match decides, whatever the others. */
function applies(policy: Policy, facts: KnownFacts): Ternary {
  let outcome: Ternary = 'match';
  for (const { condition } of policy.conditions) {
    outcome = both(outcome, condition.evaluate(facts));
    if (outcome === 'noMatch') return outcome;
  }
  return outcome;
}

interface Evaluated {
  readonly policy: Policy;
  readonly applies: Ternary;
}

/** Enabled and not known to be out of scope: what cannot be decided restricts. */
function isEnforced({ policy, applies: outcome }: Evaluated): boolean {
  return policy.state === 'enabled' && outcome !== 'noMatch';
}

function resultOf(
  { policy, applies: outcome }: Evaluated,
  judged: readonly JudgedControl[],
  verdict: PolicyVerdict | undefined,
): PolicyResult {
  if (policy.state === 'disabled') return 'notEnabled';
  if (policy.state === 'enabled') return verdict?.result ?? 'notApplied';
  return reportOnlyResult(policy, outcome, judged);
}

function statusOf(
  outcome: Decision['outcome'],
  enforced: number,
): Decision['conditionalAccessStatus'] {
  if (enforced === 0) return 'notApplied';
  return outcome === 'grant' ? 'success' : 'failure';
}

function decidePolicy(
  evaluated: Evaluated,
  verdict: PolicyVerdict | undefined,
  judgement: Judgement,
  traced: { readonly merged: SessionControls } | undefined,
): DecidedPolicy {
  const { policy } = evaluated;
  const { id, displayName, state } = policy;
  const wanted = traced !== undefined || state === 'enabledForReportingButNotEnforced';
  const judged = wanted ? judgeControls(policy, judgement) : [];
  const result = resultOf(evaluated, judged, verdict);
  const head = { id, displayName, state, result };
  if (traced === undefined) return head;
  const merged = verdict === undefined ? undefined : traced.merged;
  return { ...head, ...tracePolicy(policy, judgement.facts, judged, merged) };
}

/**
 * Decides a sign-in. Total: never throws for any facts, changes nothing, and reads no clock.
 *
 * Unknown facts and conditions make an enabled policy apply, and a control that cannot be evaluated
 * cannot be satisfied. Report-only and disabled policies never affect the outcome.
 */
export function decide(set: PolicySet, facts: SignInFacts, options: DecideOptions = {}): Decision {
  const seen = readFacts(facts);
  const evaluated = set.policies.map((policy) => ({
    policy,
    applies: policy.state === 'disabled' ? 'noMatch' : applies(policy, seen),
  }));
  const enforced = evaluated.filter(isEnforced);
  const sessionControls = mergeSessions(
    enforced.map(({ policy, applies: outcome }) => ({
      session: policy.session,
      certain: outcome === 'match',
      plain: policy.plain,
    })),
  );
  const riskApplies = enforced.some(({ policy }) => policy.hasRiskCondition);
  const judgement = judgementOf(seen, sessionControls, riskApplies);
  const ranked: RankedVerdict[] = enforced
    .map(({ policy }) => ({
      policy,
      verdict: judgePolicy(policy, judgeControls(policy, judgement), judgement),
    }))
    .sort((a, b) => (set.ranks.get(a.policy) ?? 0) - (set.ranks.get(b.policy) ?? 0));
  const verdicts = new Map(ranked.map(({ policy, verdict }) => [policy, verdict]));
  const verdict = verdictOf(ranked, seen);
  const traced = options.trace === false ? undefined : { merged: sessionControls };
  return {
    ...verdict,
    sessionControls,
    conditionalAccessStatus: statusOf(verdict.outcome, enforced.length),
    policies: evaluated.map((e) => decidePolicy(e, verdicts.get(e.policy), judgement, traced)),
    setVersion: set.version,
  };
}
