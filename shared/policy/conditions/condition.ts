import type * as z from 'zod';
import type { Claim } from '../compiled/claim.ts';
import type { Signs } from '../compiled/signs.ts';
import type { KnownFacts } from '../known-facts.ts';
import type { NamedLocations } from '../places/named-locations.ts';
import type { FactName } from '../sign-in-facts.ts';
import type { Ternary } from '../ternary.ts';

/** What a condition may refer to outside its policy. */
export interface PolicyWorld {
  readonly namedLocations: NamedLocations;
  /** App ids by group word in lower case (`office365`); a missing word is not known. */
  readonly appGroups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One entry, or one group of entries, of an include or exclude list. */
export interface Matcher {
  readonly label: string;
  /** What the entry means. */
  test(facts: KnownFacts): Ternary;
  /** The same as claims, of which `noMatch` is left when none holds; without it it is only tested. */
  readonly claims?: readonly Claim[] | undefined;
}

/** An include list and what is left out of it. */
export interface Clause {
  readonly include: readonly Matcher[];
  readonly exclude: readonly Matcher[];
}

/** One condition of one policy, read once. All functions are pure and total. */
export interface Condition {
  /** What the condition means. */
  evaluate(facts: KnownFacts): Ternary;
  /** Says why, for the trace; called only when a trace is wanted. */
  explain(facts: KnownFacts): string;
  /** One answer whatever the facts: nothing is looked up. */
  readonly constant?: Ternary;
  /**
   * The same as lists of claims, of which one clause is enough, so that all policies are looked up at
   * once. Without it, and without a constant, the policy is evaluated by itself while it is in play.
   */
  readonly clauses?: readonly Clause[];
  /** `explain` by what was looked up; undefined where that does not say which entry it was. */
  explainSigns?(signs: Signs): string | undefined;
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
  return { constant: outcome, evaluate: () => outcome, explain: () => because };
}
