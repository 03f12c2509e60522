import { createHash } from 'node:crypto';
import { compile, decide, type PolicySet, type SignInFacts } from '../../shared/policy/index.ts';
import { type HandDecision, prepareHandLoop } from './engine/hand-loop.ts';
import { cpuMsSince, perSecond } from './engine/pace.ts';
import { generateLocations } from './engine/places.ts';
import { chanceOf } from './engine/random.ts';
import { measureRanges } from './engine/ranges.ts';
import { generateSignIns } from './engine/sign-ins.ts';
import { generatePolicies } from './engine/workload.ts';
import { median, megabytes, number, ratio } from './support/figures.ts';
import { liveHeapBytes } from './support/live-heap.ts';
import type { Section } from './support/section.ts';

/** Decisions per second, with and without trace, beside a loop written by hand. */
const sizes = [20, 200, 2000, 6000] as const;
const rounds = 5;
const compared = 300;

type Size = {
  readonly policies: number;
  readonly compileMs: number;
  readonly heapBytes: number;
  /** Decisions per second, one a round. */
  readonly hand: number[];
  readonly plain: number[];
  readonly traced: number[];
  readonly outcomes: string;
};

export async function measureEngine(): Promise<Section> {
  const chance = chanceOf(7);
  const locations = generateLocations(chance);
  const signIns = generateSignIns(chance, 2000);
  const measured = sizes.map((policies) => measureSize(policies, locations, signIns));
  const ranges = measureRanges(signIns);
  const own = section(measured, rangesIn(locations));
  return {
    ...own,
    tables: [...own.tables, ranges.table],
    budgets: [...own.budgets, ...ranges.budgets],
  };
}

type Locations = ReturnType<typeof generateLocations>;

const rangesIn = (locations: Locations): number =>
  locations.reduce((sum, { ipRanges }) => sum + ipRanges.length, 0);

function measureSize(count: number, locations: Locations, signIns: readonly SignInFacts[]): Size {
  const policies = generatePolicies(count);
  const compileTimes: number[] = [];
  const before = liveHeapBytes();
  let set: PolicySet | undefined;
  for (let round = 0; round < rounds; round++) {
    const started = process.cpuUsage();
    set = compile({ policies, namedLocations: locations });
    compileTimes.push(cpuMsSince(started));
  }
  if (!set) throw new Error('nothing was compiled');
  const compiled = set;
  const heapBytes = liveHeapBytes() - before;
  const hand = prepareHandLoop(policies, locations);
  const outcomes = compare(compiled, hand, signIns.slice(0, compared));

  const size: Size = {
    policies: count,
    compileMs: median(compileTimes),
    heapBytes,
    hand: [],
    plain: [],
    traced: [],
    outcomes,
  };
  const work = {
    hand,
    plain: (facts: SignInFacts) => decide(compiled, facts, { trace: false }),
    traced: (facts: SignInFacts) => decide(compiled, facts),
  };
  const ways = ['hand', 'plain', 'traced'] as const;
  for (const way of ways) perSecond(work[way], signIns); // warms up
  for (let round = 0; round < rounds; round++)
    for (const way of ways) size[way].push(perSecond(work[way], signIns));
  return size;
}

/** Throws where the two do not decide alike; answers how the compared sign-ins ended. */
function compare(
  set: PolicySet,
  hand: (facts: SignInFacts) => HandDecision,
  signIns: readonly SignInFacts[],
): string {
  const counts = { grant: 0, interrupt: 0, block: 0 };
  const hashes = [createHash('sha256'), createHash('sha256')] as const;
  for (const facts of signIns) {
    const decided = decide(set, facts, { trace: false });
    const { outcome, policyIds, policies } = hand(facts);
    counts[outcome]++;
    const ours = [decided.outcome, decided.reason?.policyIds ?? [], decided.policies];
    hashes[0].update(JSON.stringify(ours));
    hashes[1].update(JSON.stringify([outcome, policyIds, policies]));
  }
  if (hashes[0].digest('hex') !== hashes[1].digest('hex'))
    throw new Error(`the engine and the loop differ over ${set.policies.length} policies`);
  return `${counts.grant} / ${counts.interrupt} / ${counts.block}`;
}

function section(measured: readonly Size[], ranges: number): Section {
  const at = (policies: number) => measured.find((size) => size.policies === policies);
  const ratios = (size: Size | undefined, a: 'plain' | 'hand', b: 'hand' | 'traced') =>
    median((size?.[a] ?? []).map((value, round) => value / (size?.[b][round] ?? Number.NaN)));
  const toHand = ratios(at(200), 'plain', 'hand');
  const traceCost = ratios(at(200), 'plain', 'traced');
  const growth = median(at(20)?.plain ?? []) / median(at(2000)?.plain ?? []);
  const compileMs = at(200)?.compileMs ?? Number.NaN;
  const heapBytes = at(2000)?.heapBytes ?? Number.NaN;
  return {
    title: 'The policy engine',
    text: [
      `Generated policies in Graph’s shape (10 % off or report-only; users, groups, roles, guest types by tenant, 300 apps, 5 client types, 6 platforms, both risks) over 195 named locations with ${number(ranges)} ranges; 2,000 sign-ins with 3–27 groups. Decisions a second of CPU time, medians of ${rounds} slices in turn. Both give every policy’s result.`,
      `The loop written by hand has its lists in Sets and its ranges parsed, and knows two values; the engine knows three and reads whatever an export holds. Before anything was timed, both gave the same outcome, the same policies as reason and the same result of every policy for ${compared} sign-ins (compared by hash; the last column says how they ended).`,
    ],
    tables: [
      {
        head: [
          'Policies',
          'Loop by hand',
          '`decide`, no trace',
          '`decide`, trace',
          'no trace ÷ loop',
          'compile, CPU ms',
          'heap, MB',
          'grant / interrupt / block',
        ],
        rows: measured.map((size) => [
          number(size.policies),
          number(median(size.hand)),
          number(median(size.plain)),
          number(median(size.traced)),
          `${number(ratios(size, 'plain', 'hand'))}×`,
          number(size.compileMs),
          megabytes(size.heapBytes),
          size.outcomes,
        ]),
      },
    ],
    budgets: [
      {
        what: '`decide` without trace ÷ loop by hand, 200 policies',
        aim: '≥ 50×',
        figure: `${number(toHand)}×`,
        met: toHand >= 50,
      },
      {
        what: 'cost at 2,000 policies ÷ at 20',
        aim: '≤ 8×',
        figure: ratio(growth, 1),
        met: growth <= 8,
      },
      {
        what: 'cost with trace ÷ without, 200 policies',
        aim: '≤ 10×',
        figure: ratio(traceCost, 1),
        met: traceCost <= 10,
      },
      {
        what: '`compile`, 200 policies, all ranges, CPU',
        aim: '≤ 200 ms',
        figure: `${number(compileMs)} ms`,
        met: compileMs <= 200,
      },
      {
        what: 'heap of a compiled set, 2,000 policies',
        aim: '≤ 30 MB',
        figure: `${megabytes(heapBytes)} MB`,
        met: heapBytes <= 30 * 2 ** 20,
      },
    ],
  };
}
