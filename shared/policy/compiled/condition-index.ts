import type { Clause } from '../conditions/condition.ts';
import type { KnownFacts } from '../known-facts.ts';
import { bitOf, wordOf, wordsFor } from './bits.ts';
import { type Claim, type Dimension, everySignIn, type Value } from './claim.ts';
import { type Signs, sign, signBits } from './signs.ts';

/** Pairs of a place in the signs and the bits to set there. */
type Posting = Int32Array;

interface IndexedDimension {
  readonly read: Dimension;
  readonly postings: ReadonlyMap<Value, Posting>;
}

/** Bits to set, by place, while an index is built. */
type Marks = Map<number, number>;

function markIn(marks: Marks, at: number, bit: number): void {
  marks.set(at, (marks.get(at) ?? 0) | bit);
}

function posting(marks: Marks): Posting {
  return Int32Array.from([...marks].sort(([a], [b]) => a - b).flat());
}

/**
 * One condition of all policies at once. Every policy has a bit; for 32 policies there is a word for
 * each sign of each clause. A value that a sign-in holds sets the bits of the policies that list it;
 * what the signs then say is worked out for 32 policies in one step.
 */
export class ConditionIndex {
  readonly #clauses: number;
  /** The signs before anything is known of the sign-in: what holds for every one. */
  readonly #base: Int32Array;
  readonly #signs: Int32Array;
  readonly #dimensions: readonly IndexedDimension[];

  /** The clauses of each policy by its position; undefined where the condition does not narrow it here. */
  constructor(policies: readonly (readonly Clause[] | undefined)[]) {
    const clauses = Math.max(...policies.map((own) => own?.length ?? 0));
    this.#clauses = clauses;
    this.#base = new Int32Array(wordsFor(policies.length) * clauses * signBits);
    this.#signs = new Int32Array(this.#base.length);
    const dimensions = new Map<Dimension, Map<Value, Marks>>();
    const claim = ({ dimension, value }: Claim, at: number, bit: number): void => {
      if (dimension === everySignIn) {
        this.#base[at] = (this.#base[at] ?? 0) | bit;
        return;
      }
      const values = dimensions.get(dimension) ?? new Map<Value, Marks>();
      dimensions.set(dimension, values);
      const marks = values.get(value) ?? new Map<number, number>();
      values.set(value, marks);
      markIn(marks, at, bit);
    };
    for (const [position, own] of policies.entries()) {
      const bit = bitOf(position);
      const word = wordOf(position) * clauses * signBits;
      if (own === undefined)
        this.#base[word + sign.included] = (this.#base[word + sign.included] ?? 0) | bit;
      for (const [index, { include, exclude }] of (own ?? []).entries()) {
        const at = word + index * signBits;
        for (const c of include.flatMap((matcher) => matcher.claims ?? []))
          claim(c, at + (c.says === 'match' ? sign.included : sign.maybeIncluded), bit);
        for (const c of exclude.flatMap((matcher) => matcher.claims ?? []))
          claim(c, at + (c.says === 'match' ? sign.excluded : sign.maybeExcluded), bit);
      }
    }
    this.#dimensions = Array.from(dimensions, ([read, values]) => ({
      read,
      postings: new Map(Array.from(values, ([value, marks]) => [value, posting(marks)])),
    }));
  }

  #set(pairs: Posting | undefined): void {
    if (pairs === undefined) return;
    const signs = this.#signs;
    for (let i = 0; i < pairs.length; i += 2) {
      const at = pairs[i] as number;
      signs[at] = (signs[at] as number) | (pairs[i + 1] as number);
    }
  }

  /** Looks up what the sign-in holds. */
  lookUp(facts: KnownFacts): void {
    this.#signs.set(this.#base);
    for (const { read, postings } of this.#dimensions) {
      const held = read(facts);
      if (held === undefined) continue;
      if (typeof held === 'object') for (const value of held) this.#set(postings.get(value));
      else this.#set(postings.get(held));
    }
  }

  /**
   * Takes out of `possible` the policies that this condition rules out, and out of `certain` those it
   * is not known to match. False when none is left.
   */
  narrow(possible: Int32Array, certain: Int32Array): boolean {
    const signs = this.#signs;
    const clauses = this.#clauses;
    let left = 0;
    let at = 0;
    for (let word = 0; word < possible.length; word += 1) {
      let may = 0;
      let must = 0;
      for (let clause = 0; clause < clauses; clause += 1) {
        // An exclude that matches decides; one that may match leaves it open.
        const included = (signs[at] as number) & ~(signs[at + sign.excluded] as number);
        const maybe =
          (signs[at + sign.maybeIncluded] as number) & ~(signs[at + sign.excluded] as number);
        must |= included & ~(signs[at + sign.maybeExcluded] as number);
        may |= included | maybe;
        at += signBits;
      }
      const still = (possible[word] as number) & may;
      possible[word] = still;
      certain[word] = (certain[word] as number) & must;
      left |= still;
    }
    return left !== 0;
  }

  /** What was looked up of one policy. */
  signsOf(position: number): Signs {
    const bit = bitOf(position);
    const at = wordOf(position) * this.#clauses * signBits;
    let signs = 0;
    for (let i = this.#clauses * signBits - 1; i >= 0; i -= 1)
      signs = (signs << 1) | (((this.#signs[at + i] as number) & bit) === 0 ? 0 : 1);
    return signs;
  }
}
