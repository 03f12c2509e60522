import { type ConditionDefinition, constant } from './condition.ts';
import { riskSchema } from './risk-levels.ts';

/** A policy with this property is about workloads. @see Graph: conditionalAccessConditionSet.servicePrincipalRiskLevels */
export const servicePrincipalRiskLevels: ConditionDefinition<'servicePrincipalRiskLevels'> = {
  name: 'servicePrincipalRiskLevels',
  reason: 'users',
  facts: [],
  schema: riskSchema,
  read: () => constant('noMatch', 'the policy is about workloads, not users'),
};
