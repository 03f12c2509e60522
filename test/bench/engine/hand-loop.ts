import type { Decision, PolicyResult, SignInFacts } from '../../../shared/policy/index.ts';
import { openPlaces, type Places } from './hand-places.ts';
import { type HandFacts, readHandFacts, testsOf } from './hand-tests.ts';
import type { GeneratedLocation } from './places.ts';
import type { GeneratedPolicy } from './workload.ts';

/**
 * What one writes when one has no engine: every list a Set, every range parsed, then a loop over all
 * policies. Two values instead of three, no trace, no import: it decides the generated subset only.
 */
export type HandDecision = Pick<Decision, 'outcome'> & {
  readonly policyIds: readonly string[];
  readonly policies: readonly Pick<
    Decision['policies'][number],
    'id' | 'displayName' | 'state' | 'result'
  >[];
};

export function prepareHandLoop(
  policies: readonly GeneratedPolicy[],
  locations: readonly GeneratedLocation[],
  open: (locations: readonly GeneratedLocation[]) => Places = openPlaces,
): (facts: SignInFacts) => HandDecision {
  const places = open(locations);
  return handLoop(
    policies.map((policy) => {
      const tests = testsOf(policy.conditions, places);
      return { policy, applies: (facts) => tests.every((test) => test(facts)) };
    }),
  );
}

type Looped = {
  readonly policy: GeneratedPolicy;
  readonly applies: (facts: HandFacts) => boolean;
};

/** The loop itself: what applies is asked of every policy. */
export function handLoop(policies: readonly Looped[]): (facts: SignInFacts) => HandDecision {
  const prepared = policies.map((looped) => ({
    ...looped,
    blocks: looped.policy.grantControls.builtInControls[0] === 'block',
  }));
  return (given) => {
    const facts: HandFacts = readHandFacts(given);
    const results: HandDecision['policies'][number][] = [];
    const failed: string[] = [];
    const open: string[] = [];
    for (const { policy, blocks, applies: test } of prepared) {
      const { id, displayName, state } = policy;
      const applies = state !== 'disabled' && test(facts);
      const verdict = blocks ? 'Failure' : facts.proved ? 'Success' : 'Interrupted';
      if (applies && state === 'enabled' && verdict === 'Failure') failed.push(id);
      if (applies && state === 'enabled' && verdict === 'Interrupted') open.push(id);
      results.push({ id, displayName, state, result: resultOf(state, applies, verdict) });
    }
    const policyIds = failed.length > 0 ? failed.sort() : open.sort();
    const outcome = failed.length > 0 ? 'block' : open.length > 0 ? 'interrupt' : 'grant';
    return { outcome, policyIds, policies: results };
  };
}

function resultOf(
  state: GeneratedPolicy['state'],
  applies: boolean,
  verdict: 'Failure' | 'Success' | 'Interrupted',
): PolicyResult {
  if (state === 'disabled') return 'notEnabled';
  if (state === 'enabledForReportingButNotEnforced')
    return applies ? `reportOnly${verdict}` : 'reportOnlyNotApplied';
  if (!applies) return 'notApplied';
  return verdict === 'Failure' ? 'failure' : verdict === 'Success' ? 'success' : 'interrupted';
}
