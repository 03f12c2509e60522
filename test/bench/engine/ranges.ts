import { compile, decide, type SignInFacts } from '../../../shared/policy/index.ts';
import { median, number, ratio } from '../support/figures.ts';
import type { Budget, Table } from '../support/section.ts';
import { cpuMsSince, decisionsPerSecond } from './pace.ts';
import { type GeneratedLocation, generateLocations, generateManyLocations } from './places.ts';
import { chanceOf } from './random.ts';
import { generatePolicies } from './workload.ts';

/** What more ranges cost: 200 policies over three worlds, the last as large as the contract allows. */
const rounds = 5;

type World = {
  readonly locations: number;
  readonly ranges: number;
  readonly compileMs: number;
  readonly againMs: number;
  readonly decide: (facts: SignInFacts) => { readonly outcome: string };
  readonly plain: number[];
};

export function measureRanges(signIns: readonly SignInFacts[]): {
  readonly table: Table;
  readonly budgets: readonly Budget[];
} {
  const worlds = [
    prepare(generateLocations(chanceOf(7))),
    prepare(generateManyLocations(chanceOf(8), 195)),
    prepare(generateManyLocations(chanceOf(9), 1000)),
  ];
  for (const { decide: work } of worlds) decisionsPerSecond(work, signIns); // warms up
  for (let round = 0; round < rounds; round++)
    for (const { decide: work, plain } of worlds) plain.push(decisionsPerSecond(work, signIns));
  return { table: tableOf(worlds), budgets: budgetsOf(worlds) };
}

function prepare(namedLocations: readonly GeneratedLocation[]): World {
  const input = { policies: generatePolicies(200), namedLocations };
  const started = process.cpuUsage();
  const set = compile(input);
  const compileMs = cpuMsSince(started);
  const again = process.cpuUsage();
  const same = compile(input, set);
  const againMs = cpuMsSince(again);
  return {
    locations: namedLocations.length,
    ranges: namedLocations.reduce((sum, { ipRanges }) => sum + ipRanges.length, 0),
    compileMs,
    againMs,
    decide: (facts) => decide(same, facts, { trace: false }),
    plain: [],
  };
}

const tableOf = (worlds: readonly World[]): Table => ({
  head: [
    'Locations, 200 policies',
    'Ranges',
    '`decide`, no trace',
    'first compile, CPU ms',
    'compile with the locations kept',
  ],
  rows: worlds.map(({ locations, ranges, plain, compileMs, againMs }) => [
    number(locations),
    number(ranges),
    number(median(plain)),
    number(compileMs),
    number(againMs),
  ]),
});

function budgetsOf([usual, many, limit]: readonly World[]): readonly Budget[] {
  const slower = (world: World | undefined) =>
    median((usual?.plain ?? []).map((pace, round) => pace / (world?.plain[round] ?? Number.NaN)));
  const compileMs = limit?.compileMs ?? Number.NaN;
  return [
    {
      what: 'cost per decision with 390,000 ranges ÷ with 46,000',
      aim: '≤ 1.3×',
      figure: ratio(slower(many), 1),
      met: slower(many) <= 1.3,
    },
    {
      what: 'cost per decision at the contract’s limit (2,000,000 ranges) ÷ with 46,000',
      aim: '≤ 2×',
      figure: ratio(slower(limit), 1),
      met: slower(limit) <= 2,
    },
    {
      what: '`compile` at the contract’s limit, CPU',
      aim: '≤ 5,000 ms',
      figure: `${number(compileMs)} ms`,
      met: compileMs <= 5000,
    },
  ];
}
