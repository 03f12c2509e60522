import { type ConditionDefinition, constant } from './condition.ts';

/** A policy with this property is about workloads. @see Graph: conditionalAccessConditionSet.servicePrincipalRiskLevels */
export const servicePrincipalRiskLevels: ConditionDefinition<'servicePrincipalRiskLevels'> = {
  name: 'servicePrincipalRiskLevels',
  reason: 'users',
  facts: [],
  read: () => constant('noMatch', 'the policy is about workloads, not users'),
};
