import { compile, decide, type PolicySet, type SignInFacts } from '../../../shared/policy/index.ts';
import { median, megabytes, number, ratio } from '../support/figures.ts';
import { liveHeapBytes } from '../support/live-heap.ts';
import type { Section } from '../support/section.ts';
import { compareLoops } from './compare-loops.ts';
import { comparePeers, type PeerPaces, peerSizes, peerTable } from './compare-peers.ts';
import { prepareHandLoop } from './hand-loop.ts';
import { cpuMsSince, decisionsPerSecond } from './pace.ts';
import { generateLocations } from './places.ts';
import { preparePlainLoop } from './plain-loop.ts';
import { growthPlot, type Line } from './plot.ts';
import { chanceOf } from './random.ts';
import { measureRanges } from './ranges.ts';
import { sameResults } from './same-results.ts';
import { generateSignIns } from './sign-ins.ts';
import { generatePolicies } from './workload.ts';

/** Decisions per second, with and without trace, beside loops written by hand and other engines. */
const sizes = [20, 60, 200, 600, 2000, 6000] as const;
const rounds = 5;
const compared = 300;

type Size = {
  readonly policies: number;
  readonly compileMs: number;
  readonly heapBytes: number;
  /** Decisions per second, one a round. */
  readonly hand: number[];
  readonly first: number[];
  readonly plain: number[];
  readonly traced: number[];
  readonly outcomes: string;
};

export async function measureEngine(): Promise<{ section: Section; plot: string }> {
  const chance = chanceOf(7);
  const locations = generateLocations(chance);
  const signIns = generateSignIns(chance, 10_000);
  const measured = sizes.map((policies) => measureSize(policies, locations, signIns));
  const loops = compareLoops(locations, signIns);
  const others = await comparePeers(locations, signIns);
  const ranges = measureRanges(signIns);
  const own = section(measured, rangesIn(locations));
  return {
    section: {
      ...own,
      text: [...own.text, loops.text, others.text],
      tables: [...own.tables, loops.table, peerTable(others.peers), ranges.table],
      budgets: [...own.budgets, ...ranges.budgets],
    },
    plot: growthPlot(linesOf(measured, others.peers), 'CPU time of one decision'),
  };
}

function linesOf(measured: readonly Size[], peers: readonly PeerPaces[]): readonly Line[] {
  const line = (name: string, way: Way, isOurs: boolean): Line => ({
    name,
    isOurs,
    points: measured.map((size) => [size.policies, 1e6 / median(size[way])]),
  });
  return [
    line('decide, no trace', 'plain', true),
    line('decide, full trace', 'traced', true),
    line('prepared loop', 'hand', false),
    line('first loop', 'first', false),
    // the engine itself stands first among the peers
    ...peers.slice(1).map(
      ({ name, paces }): Line => ({
        name,
        isOurs: false,
        points: peerSizes.map((size) => [size, 1e6 / (paces.get(size) ?? Number.NaN)]),
      }),
    ),
  ];
}

const ways = ['hand', 'first', 'plain', 'traced'] as const;
type Way = (typeof ways)[number];

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
  const first = preparePlainLoop(policies, locations);
  const outcomes = sameResults(compiled, hand, signIns.slice(0, compared));
  sameResults(compiled, first, signIns.slice(0, compared));

  const size: Size = {
    policies: count,
    compileMs: median(compileTimes),
    heapBytes,
    hand: [],
    first: [],
    plain: [],
    traced: [],
    outcomes,
  };
  const work = {
    hand,
    first,
    plain: (facts: SignInFacts) => decide(compiled, facts, { trace: false }),
    traced: (facts: SignInFacts) => decide(compiled, facts),
  };
  for (const way of ways) decisionsPerSecond(work[way], signIns); // warms up
  for (let round = 0; round < rounds; round++)
    for (const way of ways) size[way].push(decisionsPerSecond(work[way], signIns));
  return size;
}

function section(measured: readonly Size[], ranges: number): Section {
  const at = (policies: number) => measured.find((size) => size.policies === policies);
  const ratios = (size: Size | undefined, a: Way, b: Way) =>
    median((size?.[a] ?? []).map((value, round) => value / (size?.[b][round] ?? Number.NaN)));
  const toHand = ratios(at(200), 'plain', 'hand');
  const toFirst = ratios(at(200), 'plain', 'first');
  const traceCost = ratios(at(200), 'plain', 'traced');
  const growth = median(at(20)?.plain ?? []) / median(at(2000)?.plain ?? []);
  const compileMs = at(200)?.compileMs ?? Number.NaN;
  const heapBytes = at(2000)?.heapBytes ?? Number.NaN;
  return {
    title: 'The policy engine',
    text: [
      `Generated policies in Graph’s shape (10 % off or report-only; users, groups, roles, guest types by tenant, 300 apps, 5 client types, 6 platforms, both risks, locations) over 195 named locations with ${number(ranges)} ranges; 10,000 sign-ins with 3–27 groups. Decisions a second of CPU time, medians of ${rounds} slices in turn. All give every policy’s result.`,
      `Two loops written by hand: the *first* one looks at the lists as they stand in JSON, with the ranges parsed; the *prepared* one has a Set for every list and leaves a policy at the first condition that does not match. Both know two values; the engine knows three and reads whatever an export holds. Before anything was timed, all gave the same outcome, the same policies as reason and the same result of every policy for ${compared} sign-ins (compared by hash; the last column says how they ended).`,
      '![CPU time of one decision against the number of policies](engine-growth.svg)',
    ],
    tables: [
      {
        head: [
          'Policies',
          'First loop',
          'Prepared loop',
          '`decide`, no trace',
          '`decide`, trace',
          '÷ first',
          '÷ prepared',
          'compile, CPU ms',
          'heap, MB',
          'grant / interrupt / block',
        ],
        rows: measured.map((size) => [
          number(size.policies),
          number(median(size.first)),
          number(median(size.hand)),
          number(median(size.plain)),
          number(median(size.traced)),
          `${number(ratios(size, 'plain', 'first'))}×`,
          `${number(ratios(size, 'plain', 'hand'))}×`,
          number(size.compileMs),
          megabytes(size.heapBytes),
          size.outcomes,
        ]),
      },
    ],
    budgets: [
      {
        what: '`decide` without trace ÷ first loop, 200 policies',
        aim: '≥ 50×',
        figure: `${number(toFirst)}×`,
        met: toFirst >= 50,
      },
      {
        what: 'the same ÷ prepared loop',
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
