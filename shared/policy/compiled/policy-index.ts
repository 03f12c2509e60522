import type { Condition } from '../conditions/condition.ts';
import { conditionDefinitions } from '../conditions/registry.ts';
import type { KnownFacts } from '../known-facts.ts';
import type { Policy } from '../policy.ts';
import { bitOf, has, positionsIn, setBit, wordOf, wordsFor } from './bits.ts';
import { ConditionIndex } from './condition-index.ts';

/** What a sign-in leaves of the policies, by position. */
export interface Applying {
  /** Not known to be out of scope: what cannot be decided restricts. */
  readonly possible: readonly number[];
  /** Whether every condition of one of them is known to match. */
  readonly isCertain: (position: number) => boolean;
}

/** The indexed condition of that name; undefined where a policy does not narrow anything by it. */
function clausesOf({ conditions }: Policy, name: string): Condition['clauses'] {
  return conditions.find((c) => c.name === name)?.condition.clauses;
}

function isAlone({ constant, clauses }: Condition): boolean {
  return constant === undefined && clauses === undefined;
}

/**
 * Finds the policies that apply. One condition after the other takes policies out of play; what
 * cannot be looked up is evaluated for the policies still in play at the end.
 *
 * The bits are worked on in place: one sign-in at a time, and what is found is read before the next.
 */
export class PolicyIndex {
  /** By the name of the condition, in the order of the registry. */
  readonly conditions: ReadonlyMap<string, ConditionIndex>;
  readonly #indexes: readonly ConditionIndex[];
  readonly #alone: readonly (readonly Condition[])[];
  /** The policies with conditions that are evaluated alone. */
  readonly #withAlone: Int32Array;
  readonly #hasAlone: boolean;
  readonly #start: { readonly possible: Int32Array; readonly certain: Int32Array };
  readonly #possible: Int32Array;
  readonly #certain: Int32Array;

  constructor(policies: readonly Policy[]) {
    const words = wordsFor(policies.length);
    const bits = (): Int32Array => new Int32Array(words);
    this.#start = { possible: bits(), certain: bits() };
    this.#possible = bits();
    this.#certain = bits();
    this.#withAlone = bits();
    this.#alone = policies.map(({ conditions }) =>
      conditions.map(({ condition }) => condition).filter(isAlone),
    );
    for (const [position, { state, conditions }] of policies.entries()) {
      const constants = conditions.map(({ condition }) => condition.constant);
      if (state === 'disabled' || constants.includes('noMatch')) continue;
      setBit(this.#start.possible, position);
      if (!constants.includes('unknown')) setBit(this.#start.certain, position);
      if (this.#alone[position]?.length !== 0) setBit(this.#withAlone, position);
    }
    this.#hasAlone = this.#withAlone.some((word) => word !== 0);
    const indexes = new Map<string, ConditionIndex>();
    for (const { name } of conditionDefinitions) {
      const clauses = policies.map((policy) => clausesOf(policy, name));
      if (clauses.some((own) => own !== undefined)) indexes.set(name, new ConditionIndex(clauses));
    }
    this.conditions = indexes;
    this.#indexes = [...indexes.values()];
  }

  #evaluateAlone(facts: KnownFacts): void {
    for (const position of positionsIn(this.#possible, this.#withAlone))
      for (const condition of this.#alone[position] ?? []) {
        const outcome = condition.evaluate(facts);
        if (outcome === 'match') continue;
        const word = wordOf(position);
        const others = ~bitOf(position);
        this.#certain[word] = (this.#certain[word] ?? 0) & others;
        if (outcome === 'unknown') continue;
        this.#possible[word] = (this.#possible[word] ?? 0) & others;
        break;
      }
  }

  /** `everything`: looks up also what no policy still in play has, for the trace. */
  find(facts: KnownFacts, everything: boolean): Applying {
    this.#possible.set(this.#start.possible);
    this.#certain.set(this.#start.certain);
    for (const index of this.#indexes) {
      if (!everything && !index.matters(this.#possible)) continue;
      index.lookUp(facts);
      index.narrow(this.#possible, this.#certain);
    }
    if (this.#hasAlone) this.#evaluateAlone(facts);
    const certain = this.#certain;
    return {
      possible: positionsIn(this.#possible),
      isCertain: (position) => has(certain, position),
    };
  }
}
