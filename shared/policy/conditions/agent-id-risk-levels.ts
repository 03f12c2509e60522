import { flags } from '../schema.ts';
import { type ConditionDefinition, constant } from './condition.ts';

/** A policy with this property is about workloads. @see Graph: conditionalAccessConditionSet.agentIdRiskLevels */
export const agentIdRiskLevels: ConditionDefinition<'agentIdRiskLevels'> = {
  name: 'agentIdRiskLevels',
  reason: 'users',
  facts: [],
  schema: flags(['low', 'medium', 'high']),
  read: () => constant('noMatch', 'the policy is about workloads, not users'),
};
