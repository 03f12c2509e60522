import type { TargetScope } from './conditions/applications.ts';
import type { AnalysisReason, Condition } from './conditions/condition.ts';
import type { GrantControls } from './grant-controls.ts';
import type { PolicySession } from './session/policy-session.ts';
import type { FactName } from './sign-in-facts.ts';
import type { JsonObject } from './wire.ts';

/** @see Graph: conditionalAccessPolicyState */
export type PolicyState = 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';

/** A configured condition of a policy. */
export interface PolicyCondition {
  /** The property under `conditions`, or `conditions` itself when that cannot be read. */
  readonly name: string;
  readonly reason: AnalysisReason | 'target';
  readonly risk: boolean;
  /** False for a condition this engine does not know. */
  readonly known: boolean;
  readonly facts: readonly FactName[];
  readonly condition: Condition;
}

/** A policy, read once. */
export interface Policy {
  readonly id: string;
  readonly displayName: string;
  readonly state: PolicyState;
  /** Asking order of the registry, not of the file. */
  readonly conditions: readonly PolicyCondition[];
  readonly hasRiskCondition: boolean;
  readonly scope: TargetScope;
  readonly grant: GrantControls;
  readonly session: PolicySession;
  /** About all applications and nothing but users: may switch continuous access evaluation off. */
  readonly plain: boolean;
  /** As it was given. */
  readonly source: JsonObject;
}
