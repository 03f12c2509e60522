import type { TargetScope } from './conditions/applications.ts';
import type { AnalysisReason, Condition } from './conditions/condition.ts';
import type { GrantControls } from './grant-controls.ts';
import type { PolicySession } from './session/policy-session.ts';
import type { FactName } from './sign-in-facts.ts';
import type { JsonObject } from './wire.ts';

/** @see Graph: conditionalAccessPolicyState */
export type PolicyState = 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';

/**
 * What `compile` takes, in Graph's wire shape as `GET` returns it. Each list may also be a Graph
 * collection, `{ "value": [...] }`.
 */
export interface PolicySetInput {
  readonly policies: unknown;
  readonly namedLocations?: unknown;
  readonly authenticationStrengths?: unknown;
  /** @see Graph: agreement */
  readonly termsOfUse?: unknown;
  /** App ids by group word: `Office365`, `MicrosoftAdminPortals`. */
  readonly appGroups?: unknown;
}

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

/** What `decide` decides by. Opaque to callers: made by `compile`, never changed. */
export interface PolicySet {
  readonly version: string;
  /** In the order of the input. */
  readonly policies: readonly Policy[];
  /** Positions in `policies` by policy id, so that the order of the input never matters. */
  readonly ranks: ReadonlyMap<Policy, number>;
}
