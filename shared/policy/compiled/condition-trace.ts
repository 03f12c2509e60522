import type { Clause } from '../conditions/condition.ts';
import type { ConditionTrace } from '../decision.ts';
import type { KnownFacts } from '../known-facts.ts';
import type { Policy, PolicyCondition } from '../policy.ts';
import { both, either, negate, type Ternary } from '../ternary.ts';
import type { ConditionIndex } from './condition-index.ts';
import type { PolicyIndex } from './policy-index.ts';
import { readSigns, type Signs } from './signs.ts';

function outcomeOf(clauses: readonly Clause[], signs: Signs): Ternary {
  let outcome: Ternary = 'noMatch';
  for (const clause of clauses.keys()) {
    const { included, excluded } = readSigns(signs, clause);
    outcome = either(outcome, both(included, negate(excluded)));
  }
  return outcome;
}

/** Says how one condition of one policy came out, by what the index has just looked up. */
export class ConditionTracer {
  readonly #name: string;
  readonly #condition: PolicyCondition['condition'];
  readonly #note: string;
  readonly #index: ConditionIndex | undefined;
  readonly #position: number;
  /** By signs: there are few that say all, and each gives one and the same trace. */
  readonly #seen: ConditionTrace[] = [];

  constructor(
    { name, condition }: PolicyCondition,
    { state }: Policy,
    index: ConditionIndex | undefined,
    position: number,
  ) {
    this.#name = name;
    this.#condition = condition;
    this.#note =
      state === 'enabledForReportingButNotEnforced' ? '; counts as a match once enabled' : '';
    this.#index = condition.clauses === undefined ? undefined : index;
    this.#position = position;
  }

  #trace(outcome: Ternary, because: string): ConditionTrace {
    const note = outcome === 'unknown' ? this.#note : '';
    return Object.freeze({ name: this.#name, outcome, because: because + note });
  }

  trace(facts: KnownFacts): ConditionTrace {
    const { clauses = [], constant } = this.#condition;
    if (this.#index === undefined && constant === undefined)
      return this.#trace(this.#condition.evaluate(facts), this.#condition.explain(facts));
    const signs = this.#index?.signsOf(this.#position) ?? 0;
    const before = this.#seen[signs];
    if (before !== undefined) return before;
    const outcome = constant ?? outcomeOf(clauses, signs);
    const because =
      constant === undefined
        ? this.#condition.explainSigns?.(signs)
        : this.#condition.explain(facts);
    if (because === undefined) return this.#trace(outcome, this.#condition.explain(facts));
    const trace = this.#trace(outcome, because);
    this.#seen[signs] = trace;
    return trace;
  }
}

/** The tracers of all policies, in the order of the index. */
export function tracersOf(
  policies: readonly Policy[],
  index: PolicyIndex,
): readonly (readonly ConditionTracer[])[] {
  return policies.map((policy, position) =>
    policy.conditions.map(
      (c) => new ConditionTracer(c, policy, index.conditions.get(c.name), position),
    ),
  );
}
