// A slow and plain reading of the contract, to compare the engine with. It shares no code with it.
import type { PolicySetInput, SignInFacts } from '../../../shared/policy/index.ts';
import { conditionOutcomes } from './conditions.ts';
import { readFacts } from './facts.ts';
import { grantControlsOf, type Judging, operatorOf } from './grant.ts';
import type { Three } from './kleene.ts';
import { isConfigured, isObject, type Json, plain, wordOf } from './reading.ts';
import { reportOnlyResult } from './report-only.ts';
import { isOver } from './second-factors.ts';
import { mergeSessions, sessionOf, smallestLimit } from './session.ts';
import { decideTogether, verdictOf } from './verdict.ts';

export interface ReferenceDecision {
  readonly outcome: string;
  readonly next: Readonly<Record<string, unknown>> | undefined;
  readonly code: number | null | undefined;
  readonly policyIds: readonly string[] | undefined;
  readonly status: string;
  readonly policies: Readonly<Record<string, string>>;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, Three>>>>;
  readonly sessionControls: Json;
}

function itemsOf(value: unknown): readonly Json[] {
  const read = plain(value);
  const collection = isObject(read) && Array.isArray(read['value']) ? read['value'] : read;
  if (Array.isArray(collection)) return collection.filter(isObject);
  return isObject(collection) ? [collection] : [];
}

/** §11.3: a missing state is disabled; an unknown word is evaluated as enabled. */
function stateOf(state: unknown): 'enabled' | 'disabled' | 'reportOnly' {
  if (!isConfigured(state)) return 'disabled';
  const word = wordOf(state, ['enabled', 'disabled', 'enabledForReportingButNotEnforced']);
  if (word === 'disabled') return 'disabled';
  return word === 'enabledForReportingButNotEnforced' ? 'reportOnly' : 'enabled';
}

/** §11.10: the newest first factor. */
function firstFactorAt(facts: ReturnType<typeof readFacts>): number | undefined {
  const firstFactors = ['password', 'email', 'federatedSingleFactor', 'federatedMultiFactor'];
  const times = facts.methods
    .filter(({ mode, where }) => where === 'home' || firstFactors.includes(mode))
    .map(({ at }) => at)
    .filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

export function referenceDecision(input: PolicySetInput, given: SignInFacts): ReferenceDecision {
  const facts = readFacts(given);
  const groups = isObject(input.appGroups) ? input.appGroups : {};
  const around = { facts, locations: itemsOf(input.namedLocations ?? []), appGroups: groups };
  const policies = itemsOf(input.policies).map((policy) => {
    const outcomes = conditionOutcomes(policy['conditions'], around);
    const values = Object.values(outcomes);
    const state = stateOf(policy['state']);
    const certain = values.every((value) => value === 'match');
    return {
      id: String(policy['id']),
      policy,
      state,
      outcomes,
      // §4: an unknown condition restricts.
      applies: state === 'enabled' && !values.includes('noMatch'),
      session: sessionOf(policy['sessionControls'], policy['conditions'], certain),
    };
  });
  const applying = policies.filter(({ applies }) => applies);
  const judging: Judging = {
    facts,
    strengths: itemsOf(input.authenticationStrengths ?? []),
    terms: itemsOf(input.termsOfUse ?? []),
    secondary: smallestLimit(applying.map(({ session }) => session.secondary)),
    risky: applying.some(
      ({ outcomes }) => 'signInRiskLevels' in outcomes || 'userRiskLevels' in outcomes,
    ),
  };
  const primaryAt = firstFactorAt(facts);
  const judged = policies.map((one) => {
    const conditions = one.policy['conditions'];
    const applications = isObject(conditions) ? conditions['applications'] : undefined;
    const controls = grantControlsOf(one.policy['grantControls'], applications, judging);
    return {
      ...one,
      controls,
      operator: operatorOf(one.policy['grantControls']),
      frequencyOver: isOver(primaryAt, one.session.primary, facts),
      sessionUnsatisfiable: one.session.unsatisfiable,
    };
  });
  const resultOf = (one: (typeof judged)[number]): string => {
    if (one.state === 'disabled') return 'notEnabled';
    if (one.state === 'reportOnly')
      return reportOnlyResult(
        one.policy['conditions'],
        Object.values(one.outcomes),
        one.controls,
        one.operator,
      );
    return one.applies ? verdictOf(one) : 'notApplied';
  };
  const enrolling = facts.target.action === 'urn:user:registersecurityinfo';
  const verdict = decideTogether(
    judged.filter(({ applies }) => applies),
    enrolling && facts.target.kind === 'userAction',
  );
  return {
    ...verdict,
    policies: Object.fromEntries(judged.map((one) => [one.id, resultOf(one)])),
    conditions: Object.fromEntries(policies.map(({ id, outcomes }) => [id, outcomes])),
    sessionControls: mergeSessions(applying.map(({ session }) => session)),
  };
}
