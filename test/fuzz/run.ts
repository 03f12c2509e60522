import { type Difference, differences, type FuzzCase } from './compare.ts';
import { minimise } from './minimise.ts';
import { Random } from './random.ts';
import { randomFacts } from './random-facts.ts';
import { randomSet } from './random-sets.ts';

export interface Found {
  readonly number: number;
  readonly given: FuzzCase;
  readonly told: readonly Difference[];
}

export interface FuzzReport {
  readonly found: readonly Found[];
  readonly differing: number;
  /** How often each outcome came up: the cases must not all end in the same way. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Case `number` of a seed; it does not depend on the cases before it. */
function caseOf(seed: number, number: number): FuzzCase {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
  return { input: randomSet(random), facts: randomFacts(random) };
}

/** Runs the cases of a seed and minimises the first `most` that differ. */
export function fuzz(seed: number, cases: number, most: number): FuzzReport {
  const found: Found[] = [];
  const outcomes: Record<string, number> = {};
  let differing = 0;
  for (let number = 0; number < cases; number += 1) {
    const given = caseOf(seed, number);
    const { told, outcome } = differences(given);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (told.length === 0) continue;
    differing += 1;
    if (found.length >= most) continue;
    // The same member must stay different: else the smallest case is another one.
    const member = told[0]?.member;
    const small = minimise(given, (smaller) =>
      differences(smaller).told.some((difference) => difference.member === member),
    );
    found.push({ number, given: small, told: differences(small).told });
  }
  return { found, differing, outcomes };
}

/** The differences in the format of test/unit/policy/cases, to be completed with `why`. */
export function dataFile(found: readonly Found[]): unknown {
  return {
    topic: 'differences from the reference',
    sets: Object.fromEntries(found.map(({ given }, index) => [`set ${index + 1}`, given.input])),
    cases: found.map(({ number, given, told }, index) => ({
      name: `difference ${index + 1}, case ${number}`,
      why: '',
      set: `set ${index + 1}`,
      facts: given.facts,
      expect: Object.fromEntries(told.map(({ member, reference }) => [member, reference])),
      engine: Object.fromEntries(told.map(({ member, engine }) => [member, engine])),
    })),
  };
}
