import type { Clause } from '../conditions/condition.ts';
import type { KnownFacts } from '../known-facts.ts';
import { bitOf, setBit, wordOf, wordsFor } from './bits.ts';
import { type Claim, type Dimension, everySignIn, type Value } from './claim.ts';
import { type Signs, signBits } from './signs.ts';

interface IndexedDimension {
  readonly read: Dimension;
  /** Where the posting of a text begins; nothing begins at 0. */
  readonly ofText: ReadonlyMap<Value, number>;
  /** The same of a number. */
  readonly ofNumber: Int32Array;
}

function numbered(starts: ReadonlyMap<Value, number>): Int32Array {
  const numbers = [...starts.keys()].filter((value) => typeof value === 'number');
  const byNumber = new Int32Array(numbers.reduce((most, value) => Math.max(most, value + 1), 0));
  for (const value of numbers) byNumber[value] = starts.get(value) ?? 0;
  return byNumber;
}

/** Bits to set, by place, while an index is built. */
class Marks {
  readonly sure = new Map<number, number>();
  readonly open = new Map<number, number>();

  add(says: Claim['says'], at: number, bit: number): void {
    const marks = says === 'match' ? this.sure : this.open;
    marks.set(at, (marks.get(at) ?? 0) | bit);
  }

  /** Appends the posting: how many pairs are sure and how many leave it open, then the pairs. */
  appendTo(postings: number[]): number {
    const start = postings.length;
    postings.push(this.sure.size, this.open.size);
    for (const marks of [this.sure, this.open])
      for (const [at, bits] of [...marks].sort(([a], [b]) => a - b)) postings.push(at, bits);
    return start;
  }
}

/** Two lists a clause: what is included stands before what is excluded. */
const lists = 2;

function startOf({ ofText, ofNumber }: IndexedDimension, value: Value): number {
  if (typeof value === 'string') return ofText.get(value) ?? 0;
  return value < ofNumber.length ? (ofNumber[value] as number) : 0;
}

function bitsOf(marks: ReadonlyMap<number, number>, length: number): Int32Array {
  const bits = new Int32Array(length);
  for (const [at, set] of marks) bits[at] = set;
  return bits;
}

/**
 * One condition of all policies at once. Every policy has a bit; for 32 policies there is a word for
 * each list of each clause. A value that a sign-in holds sets the bits of the policies that list it;
 * what the signs then say is worked out for 32 policies in one step.
 */
export class ConditionIndex {
  readonly #width: number;
  readonly #dimensions: readonly IndexedDimension[];
  /** All postings one after the other: pairs of a place among the signs and the bits to set there. */
  readonly #postings: Int32Array;
  /** The signs before anything is known of the sign-in. */
  readonly #always: {
    readonly sure: Int32Array;
    readonly open: Int32Array;
    readonly isOpen: boolean;
  };
  readonly #sure: Int32Array;
  /** The same of what is not known; most sign-ins leave nothing open. */
  readonly #open: Int32Array;
  #isOpen = true;
  /** The policies that have the condition. */
  readonly #having: Int32Array;

  /** The clauses of each policy by its position; undefined where the condition does not narrow it here. */
  constructor(policies: readonly (readonly Clause[] | undefined)[]) {
    const clauses = Math.max(...policies.map((own) => own?.length ?? 0));
    this.#width = clauses * lists;
    this.#sure = new Int32Array(wordsFor(policies.length) * this.#width);
    this.#open = new Int32Array(this.#sure.length);
    this.#having = new Int32Array(wordsFor(policies.length));
    const always = new Marks();
    const dimensions = new Map<Dimension, Map<Value, Marks>>();
    const marksOf = ({ dimension, value }: Claim): Marks => {
      if (dimension === everySignIn) return always;
      const values = dimensions.get(dimension) ?? new Map<Value, Marks>();
      const marks = values.get(value) ?? new Marks();
      dimensions.set(dimension, values.set(value, marks));
      return marks;
    };
    for (const [position, own] of policies.entries()) {
      const bit = bitOf(position);
      const at = wordOf(position) * this.#width;
      if (own === undefined) always.add('match', at, bit);
      else setBit(this.#having, position);
      for (const [index, { include, exclude }] of (own ?? []).entries())
        for (const [list, matchers] of [include, exclude].entries())
          for (const claim of matchers.flatMap((matcher) => matcher.claims ?? []))
            marksOf(claim).add(claim.says, at + index * lists + list, bit);
    }
    this.#always = {
      sure: bitsOf(always.sure, this.#sure.length),
      open: bitsOf(always.open, this.#sure.length),
      isOpen: always.open.size > 0,
    };
    const postings: number[] = [0];
    this.#dimensions = Array.from(dimensions, ([read, values]) => {
      const starts = new Map(Array.from(values, ([value, m]) => [value, m.appendTo(postings)]));
      return { read, ofText: starts, ofNumber: numbered(starts) };
    });
    this.#postings = Int32Array.from(postings);
  }

  #set(start: number): void {
    if (start === 0) return;
    const postings = this.#postings;
    const sure = this.#sure;
    let i = start + 2;
    for (const end = i + 2 * (postings[start] as number); i < end; i += 2) {
      const at = postings[i] as number;
      sure[at] = (sure[at] as number) | (postings[i + 1] as number);
    }
    const open = postings[start + 1] as number;
    if (open > 0) this.#setOpen(i, i + 2 * open);
  }

  #setOpen(from: number, end: number): void {
    this.#isOpen = true;
    for (let i = from; i < end; i += 2) {
      const at = this.#postings[i] as number;
      this.#open[at] = (this.#open[at] as number) | (this.#postings[i + 1] as number);
    }
  }

  /** Whether a policy still in play has the condition. */
  matters(possible: Int32Array): boolean {
    const having = this.#having;
    for (let word = 0; word < having.length; word += 1)
      if (((having[word] as number) & (possible[word] as number)) !== 0) return true;
    return false;
  }

  /** Looks up what the sign-in holds. */
  lookUp(facts: KnownFacts): void {
    const { sure, open, isOpen } = this.#always;
    this.#sure.set(sure);
    if (this.#isOpen) this.#open.set(open);
    this.#isOpen = isOpen;
    for (const dimension of this.#dimensions) {
      const held = dimension.read(facts);
      if (held === undefined) continue;
      if (typeof held !== 'object') this.#set(startOf(dimension, held));
      else for (let i = 0; i < held.length; i += 1) this.#set(startOf(dimension, held[i] as Value));
    }
  }

  /**
   * Takes out of `possible` the policies that this condition rules out, and out of `certain` those it
   * is not known to match.
   */
  narrow(possible: Int32Array, certain: Int32Array): void {
    if (this.#isOpen) this.#narrowOpen(possible, certain);
    else this.#narrowSure(possible, certain);
  }

  #narrowSure(possible: Int32Array, certain: Int32Array): void {
    const sure = this.#sure;
    const width = this.#width;
    for (let word = 0, at = 0; word < possible.length; word += 1) {
      let match = 0;
      for (const end = at + width; at < end; at += lists)
        match |= (sure[at] as number) & ~(sure[at + 1] as number);
      possible[word] = (possible[word] as number) & match;
      certain[word] = (certain[word] as number) & match;
    }
  }

  #narrowOpen(possible: Int32Array, certain: Int32Array): void {
    const sure = this.#sure;
    const open = this.#open;
    const width = this.#width;
    for (let word = 0, at = 0; word < possible.length; word += 1) {
      let may = 0;
      let must = 0;
      for (const end = at + width; at < end; at += lists) {
        // An exclude that matches decides; one that may match leaves it open.
        const kept = ~(sure[at + 1] as number);
        must |= (sure[at] as number) & kept & ~(open[at + 1] as number);
        may |= ((sure[at] as number) | (open[at] as number)) & kept;
      }
      possible[word] = (possible[word] as number) & may;
      certain[word] = (certain[word] as number) & must;
    }
  }

  /** What was looked up of one policy. */
  signsOf(position: number): Signs {
    const shift = position & 31;
    const at = wordOf(position) * this.#width;
    let signs = 0;
    for (let i = this.#width - 1; i >= 0; i -= 1)
      signs =
        (signs << signBits) |
        (((this.#sure[at + i] as number) >>> shift) & 1) |
        ((((this.#open[at + i] as number) >>> shift) & 1) << 1);
    return signs;
  }
}
