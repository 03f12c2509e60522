// §8, §11.14 and EF §2.4: what a report-only policy would have done.
import type { Control } from './grant.ts';
import type { Three } from './kleene.ts';
import { isConfigured, isObject } from './reading.ts';

export type ReportOnlyResult =
  | 'reportOnlySuccess'
  | 'reportOnlyFailure'
  | 'reportOnlyInterrupted'
  | 'reportOnlyNotApplied';

const interactive = [
  'mfa',
  'authenticationStrength',
  'passwordChange',
  'riskRemediation',
  'termsOfUse',
  'custom',
];

export function reportOnlyResult(
  conditions: unknown,
  outcomes: readonly Three[],
  controls: readonly Control[],
  operator: 'AND' | 'OR',
): ReportOnlyResult {
  if (outcomes.some((outcome) => outcome !== 'match')) return 'reportOnlyNotApplied';
  const applications = isObject(conditions) ? conditions['applications'] : undefined;
  if (isObject(applications) && isConfigured(applications['includeUserActions']))
    return 'reportOnlyNotApplied';
  if (controls.some(({ name }) => name === 'block')) return 'reportOnlyFailure';
  const unmet = controls.filter(({ standing }) => standing.kind !== 'satisfied');
  if (controls.length === 0 || unmet.length === 0) return 'reportOnlySuccess';
  if (operator === 'OR') {
    if (unmet.length < controls.length) return 'reportOnlySuccess';
    const couldDo = unmet.some(
      ({ name, standing }) => interactive.includes(name) && standing.kind === 'open',
    );
    return couldDo ? 'reportOnlyInterrupted' : 'reportOnlyFailure';
  }
  return unmet.some(({ name }) => !interactive.includes(name))
    ? 'reportOnlyFailure'
    : 'reportOnlyInterrupted';
}
