import type { ConditionDefinition } from './condition.ts';
import { readRiskLevels } from './risk-levels.ts';

/** @see Graph: conditionalAccessConditionSet.signInRiskLevels */
export const signInRiskLevels: ConditionDefinition<'signInRiskLevels'> = {
  name: 'signInRiskLevels',
  reason: 'signInRisk',
  facts: ['signInRiskLevel'],
  risk: true,
  read: (value) => readRiskLevels(value, (facts) => facts.signInRiskLevel),
};
