import { agentIdRiskLevels } from './agent-id-risk-levels.ts';
import { applications } from './applications.ts';
import { authenticationFlows } from './authentication-flows.ts';
import { clientAppTypes } from './client-app-types.ts';
import { clientApplications } from './client-applications.ts';
import type { ConditionDefinition } from './condition.ts';
import { devices } from './devices.ts';
import { insiderRiskLevels } from './insider-risk-levels.ts';
import { locations } from './locations.ts';
import { platforms } from './platforms.ts';
import { servicePrincipalRiskLevels } from './service-principal-risk-levels.ts';
import { signInRiskLevels } from './sign-in-risk-levels.ts';
import { userRiskLevels } from './user-risk-levels.ts';
import { users } from './users.ts';

/**
 * Every condition this engine knows, in the order in which What-If looks for the first that is not
 * met. A property under `conditions` that is not here makes its policy undecided.
 */
const known = [
  users,
  clientApplications,
  servicePrincipalRiskLevels,
  agentIdRiskLevels,
  applications,
  platforms,
  locations,
  clientAppTypes,
  devices,
  authenticationFlows,
  signInRiskLevels,
  userRiskLevels,
  insiderRiskLevels,
] as const;

export type ConditionName = (typeof known)[number]['name'];

export const conditionDefinitions: readonly ConditionDefinition<ConditionName>[] = known;
