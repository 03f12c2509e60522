import * as z from 'zod';
import { type ConditionDefinition, constant } from './condition.ts';

/** A policy with this property is about workloads. @see Graph: conditionalAccessConditionSet.clientApplications */
export const clientApplications: ConditionDefinition<'clientApplications'> = {
  name: 'clientApplications',
  reason: 'users',
  facts: [],
  schema: z.unknown(),
  read: () => constant('noMatch', 'the policy is about workloads, not users'),
};
