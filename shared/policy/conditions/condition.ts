import type { z } from 'zod';
import type { KnownFacts } from '../known-facts.ts';
import type { NamedLocations } from '../named-locations.ts';
import type { FactName } from '../sign-in-facts.ts';
import type { Ternary } from '../ternary.ts';

/** What a condition may refer to outside its policy. */
export interface PolicyWorld {
  readonly namedLocations: NamedLocations;
  /** App ids by group word in lower case (`office365`); a missing word is not known. */
  readonly appGroups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One condition of one policy, read once. Both functions are pure and total. */
export interface Condition {
  evaluate(facts: KnownFacts): Ternary;
  /** Says why, for the trace; called only when a trace is wanted. */
  explain(facts: KnownFacts): string;
}

/** @see Graph: whatIfAnalysisReasons */
export type AnalysisReason =
  | 'notSet'
  | 'policyNotEnabled'
  | 'invalidPolicy'
  | 'emptyPolicy'
  | 'users'
  | 'application'
  | 'userActions'
  | 'authenticationContext'
  | 'devicePlatform'
  | 'location'
  | 'clientApps'
  | 'devices'
  | 'authenticationFlow'
  | 'signInRisk'
  | 'userRisk'
  | 'insiderRisk';

/** A kind of condition: how to read the property of that name under `conditions`. */
export interface ConditionDefinition<Name extends string = string> {
  readonly name: Name;
  /** What-If's word for "this one was not met"; `target` is named after what was asked for. */
  readonly reason: AnalysisReason | 'target';
  readonly facts: readonly FactName[];
  /** What an import accepts of it: configured members only, under their wire names. */
  readonly schema: z.ZodType;
  /** Present even when the policy does not configure it. */
  readonly always?: true;
  /** A condition on the risk of the sign-in or the user: forbids enrolling (Graph 53004). */
  readonly risk?: true;
  /** `value` is configured, unless `always`. Undefined: this value configures nothing. */
  read(value: unknown, world: PolicyWorld): Condition | undefined;
}

/** A condition with one answer whatever the facts. */
export function constant(outcome: Ternary, because: string): Condition {
  return { evaluate: () => outcome, explain: () => because };
}
