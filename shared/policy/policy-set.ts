import type { CompiledPolicies } from './compiled/compiled-policies.ts';
import type { NamedLocations } from './places/named-locations.ts';
import type { Policy } from './policy.ts';

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

/** What `decide` decides by. Opaque to callers: made by `compile`, never changed. */
export interface PolicySet {
  readonly version: string;
  /** In the order of the input. */
  readonly policies: readonly Policy[];
  /** What of the named locations was read, by their content. */
  readonly locations: { readonly version: string; readonly named: NamedLocations };
  /** The same, made ready to be looked up. */
  readonly compiled: CompiledPolicies;
}
