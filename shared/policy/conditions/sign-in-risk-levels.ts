import type { ConditionDefinition } from './condition.ts';
import { riskReader, riskSchema } from './risk-levels.ts';

/** @see Graph: conditionalAccessConditionSet.signInRiskLevels */
export const signInRiskLevels: ConditionDefinition<'signInRiskLevels'> = {
  name: 'signInRiskLevels',
  reason: 'signInRisk',
  facts: ['signInRiskLevel'],
  schema: riskSchema,
  risk: true,
  read: riskReader((facts) => facts.signInRiskLevel),
};
