import type { ConditionDefinition } from './condition.ts';
import { readRiskLevels, riskSchema } from './risk-levels.ts';

/** @see Graph: conditionalAccessConditionSet.userRiskLevels */
export const userRiskLevels: ConditionDefinition<'userRiskLevels'> = {
  name: 'userRiskLevels',
  reason: 'userRisk',
  facts: ['userRiskLevel'],
  schema: riskSchema,
  risk: true,
  read: (value) => readRiskLevels(value, (facts) => facts.userRiskLevel),
};
