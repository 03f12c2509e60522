import type { ConditionDefinition } from './condition.ts';
import { readRiskLevels } from './risk-levels.ts';

/** @see Graph: conditionalAccessConditionSet.userRiskLevels */
export const userRiskLevels: ConditionDefinition<'userRiskLevels'> = {
  name: 'userRiskLevels',
  reason: 'userRisk',
  facts: ['userRiskLevel'],
  risk: true,
  read: (value) => readRiskLevels(value, (facts) => facts.userRiskLevel),
};
