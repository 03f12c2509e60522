import type { DecidedPolicy, PolicyResult } from '../decision.ts';
import type { Policy, PolicyState } from '../policy.ts';

/** One policy under each of its results: made once, used in every decision. */
export type Standing = Readonly<Partial<Record<PolicyResult, DecidedPolicy>>> & {
  /** How it stands when it does not apply. */
  readonly idle: DecidedPolicy;
};

const results: Readonly<Record<PolicyState, readonly [PolicyResult, ...PolicyResult[]]>> = {
  enabled: ['notApplied', 'success', 'interrupted', 'failure'],
  disabled: ['notEnabled'],
  enabledForReportingButNotEnforced: [
    'reportOnlyNotApplied',
    'reportOnlySuccess',
    'reportOnlyInterrupted',
    'reportOnlyFailure',
  ],
};

export function standingOf({ id, displayName, state }: Policy): Standing {
  const as = (result: PolicyResult): DecidedPolicy =>
    Object.freeze({ id, displayName, state, result });
  const [idle] = results[state];
  const all = Object.fromEntries(results[state].map((result) => [result, as(result)]));
  return { ...all, idle: all[idle] ?? as(idle) };
}
