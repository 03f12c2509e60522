import { describeCode, type ReasonCode } from './codes.ts';
import type { StepAction } from './controls/control.ts';
import type { Decision, DecisionReason, NextStep } from './decision.ts';
import type { Failure, OpenStep, PolicyVerdict } from './judge-policy.ts';
import type { KnownFacts } from './known-facts.ts';
import type { Policy } from './policy.ts';

/** An applying enabled policy and how it stands; ordered by policy id. */
export interface RankedVerdict {
  readonly policy: Policy;
  readonly verdict: PolicyVerdict;
}

type Verdict = Pick<Decision, 'outcome' | 'next' | 'reason'>;

const interruptCodes: Readonly<Record<Exclude<StepAction, 'acceptTerms'>, ReasonCode>> = {
  challenge: 50076,
  stepUpAtHome: 50076,
  register: 50072,
  reauthenticate: 70043,
  registerDevice: 50097,
};

function idsOf(ranked: readonly RankedVerdict[]): readonly string[] {
  const ids = ranked.map(({ policy }) => policy.id);
  // Nearly always in order already; two spellings or one id twice are not.
  const inOrder = ids.every((id, at) => at === 0 || (ids[at - 1] ?? '') < id);
  return inOrder ? ids : [...new Set(ids)].sort();
}

/** The first in asking order; among equals the smallest policy, whose own list is in order already. */
function first<T extends { readonly place: number }>(
  ranked: readonly RankedVerdict[],
  select: (verdict: PolicyVerdict) => readonly T[],
): T | undefined {
  let best: T | undefined;
  for (const { verdict } of ranked)
    for (const item of select(verdict))
      if (best === undefined || item.place < best.place) best = item;
  return best;
}

function blocked(failed: readonly RankedVerdict[], facts: KnownFacts): Verdict {
  const failure = first<Failure>(failed, (verdict) => verdict.failures);
  const code = failed.some(({ policy }) => policy.grant.blocks) ? 53003 : (failure?.code ?? 53003);
  const { target } = facts;
  const enrolling =
    target?.kind === 'userAction' && target.action === 'urn:user:registersecurityinfo';
  const shown = enrolling && code === 53003 ? 53010 : code;
  return {
    outcome: 'block',
    reason: { code: shown, ...describeCode(shown), policyIds: idsOf(failed) },
  };
}

function reasonOf(step: OpenStep, policyIds: readonly string[]): DecisionReason {
  if (step.action === 'acceptTerms')
    return {
      code: null,
      name: 'termsOfUseRequired',
      policyIds,
      remedy: 'Accept the terms of use.',
    };
  const code = interruptCodes[step.action];
  return { code, ...describeCode(code), policyIds };
}

function interrupted(step: OpenStep, open: readonly RankedVerdict[]): Verdict {
  const served = open.filter(({ verdict }) =>
    verdict.steps.some((s) => s.control === step.control && s.termsOfUseId === step.termsOfUseId),
  );
  const policyIds = idsOf(served);
  const next: NextStep = {
    control: step.control,
    action: step.action,
    ...(step.methods === undefined ? {} : { methods: step.methods }),
    ...(step.termsOfUseId === undefined ? {} : { termsOfUseId: step.termsOfUseId }),
    policyIds,
  };
  return { outcome: 'interrupt', next, reason: reasonOf(step, policyIds) };
}

/** What all applying enabled policies say together: all must be satisfied, one that cannot be blocks. */
export function verdictOf(ranked: readonly RankedVerdict[], facts: KnownFacts): Verdict {
  const failed = ranked.filter(({ verdict }) => verdict.result === 'failure');
  if (failed.length > 0) return blocked(failed, facts);
  const step = first<OpenStep>(ranked, (verdict) => verdict.steps);
  return step === undefined ? { outcome: 'grant' } : interrupted(step, ranked);
}
