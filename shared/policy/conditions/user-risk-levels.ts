import type { ConditionDefinition } from './condition.ts';
import { riskReader, riskSchema } from './risk-levels.ts';

/** @see Graph: conditionalAccessConditionSet.userRiskLevels */
export const userRiskLevels: ConditionDefinition<'userRiskLevels'> = {
  name: 'userRiskLevels',
  reason: 'userRisk',
  facts: ['userRiskLevel'],
  schema: riskSchema,
  risk: true,
  read: riskReader((facts) => facts.userRiskLevel),
};
