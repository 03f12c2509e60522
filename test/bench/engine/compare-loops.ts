import { compile, decide, type SignInFacts } from '../../../shared/policy/index.ts';
import { median, number } from '../support/figures.ts';
import type { Table } from '../support/section.ts';
import { openBlockLists } from './block-list-places.ts';
import { type HandDecision, handLoop, prepareHandLoop } from './hand-loop.ts';
import { openPlaces, type Places } from './hand-places.ts';
import { type HandFacts, readHandFacts, testsOf } from './hand-tests.ts';
import { decisionsPerSecond } from './pace.ts';
import type { GeneratedLocation } from './places.ts';
import { sameResults } from './same-results.ts';
import { type GeneratedPolicy, generatePolicies } from './workload.ts';

/**
 * What the prepared loop owes its pace to: how it looks ranges up, and that it leaves a policy at the
 * first condition that does not match.
 */
const sizes = [20, 200, 2000] as const;
const judgedAt = 200;
const rounds = 5;
const compared = 200;

type Locations = readonly GeneratedLocation[];
type Prepare = (
  policies: readonly GeneratedPolicy[],
  locations: Locations,
) => (facts: SignInFacts) => HandDecision;

const loops: readonly (readonly [name: string, prepare: Prepare])[] = [
  ['prepared loop', prepareHandLoop],
  ['the same with `net.BlockList`', (...given) => prepareHandLoop(...given, openBlockLists)],
  ['asks every condition', (...given) => prepareThoroughLoop(...given, openPlaces)],
  ['the same with `net.BlockList`', (...given) => prepareThoroughLoop(...given, openBlockLists)],
];

function prepareThoroughLoop(
  policies: readonly GeneratedPolicy[],
  locations: Locations,
  open: typeof openPlaces,
): (facts: SignInFacts) => HandDecision {
  const places = open(locations);
  return handLoop(
    policies.map((policy) => {
      const tests = testsOf(policy.conditions, places);
      const applies = (facts: HandFacts) => {
        let all = true;
        for (const test of tests) all = test(facts) && all;
        return all;
      };
      return { policy, applies };
    }),
  );
}

export function compareLoops(
  locations: Locations,
  signIns: readonly SignInFacts[],
): { readonly table: Table; readonly text: string } {
  const measured = sizes.map((size) => pacesAt(size, locations, signIns));
  const judged = measured[sizes.indexOf(judgedAt)];
  return {
    text: askedText(locations, signIns.slice(0, compared)),
    table: {
      head: [
        'Loop',
        ...sizes.map((size) => `${number(size)} policies`),
        `\`decide\` at ${judgedAt} ÷ it`,
      ],
      rows: loops.map(([name], loop) => [
        name,
        ...measured.map(({ paces }) => number(median(paces[loop] ?? []))),
        `${number(median(judged?.ratios[loop] ?? []))}×`,
      ]),
    },
  };
}

/** Decisions a second of each loop and the engine's beside it, one a round. */
function pacesAt(size: number, locations: Locations, signIns: readonly SignInFacts[]) {
  const policies = generatePolicies(size);
  const set = compile({ policies, namedLocations: locations });
  const engine = (facts: SignInFacts) => decide(set, facts, { trace: false });
  const works = loops.map(([, prepare]) => prepare(policies, locations));
  for (const work of works) sameResults(set, work, signIns.slice(0, compared));
  for (const work of [engine, ...works]) decisionsPerSecond(work, signIns); // warms up
  const paces = loops.map((): number[] => []);
  const ratios = loops.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const ours = decisionsPerSecond(engine, signIns);
    for (const [loop, work] of works.entries()) {
      const pace = decisionsPerSecond(work, signIns);
      paces[loop]?.push(pace);
      ratios[loop]?.push(ours / pace);
    }
  }
  return { paces, ratios };
}

/** How far the loop that leaves early gets, and how often it looks ranges up. */
function askedText(locations: Locations, signIns: readonly SignInFacts[]): string {
  const opened = openPlaces(locations);
  let lookUps = 0;
  const places: Places = {
    isIn: (...given) => ++lookUps > 0 && opened.isIn(...given),
    isTrusted: (...given) => ++lookUps > 0 && opened.isTrusted(...given),
  };
  const policies = generatePolicies(judgedAt).filter(({ state }) => state !== 'disabled');
  const prepared = policies.map(({ conditions }) => testsOf(conditions, places));
  const facts = signIns.map(readHandFacts);
  let asked = 0;
  let atOnce = 0;
  for (const each of facts)
    for (const tests of prepared) {
      const mismatch = tests.findIndex((test) => !test(each));
      asked += mismatch < 0 ? tests.length : mismatch + 1;
      if (mismatch === 0) atOnce++;
    }
  const early = lookUps;
  for (const each of facts) for (const tests of prepared) for (const test of tests) test(each);
  const all = lookUps - early;
  const pairs = facts.length * prepared.length;
  const had = prepared.reduce((sum, tests) => sum + tests.length, 0) / prepared.length;
  return `How far the prepared loop gets decides how fast it is. Of the ${number(had)} conditions that one of ${judgedAt} policies has, it asks ${number(asked / pairs)}, since ${number((100 * atOnce) / pairs)} % of the policies end at the users, who are asked first; a decision looks ranges up ${number(early / facts.length)} times, where one that asks every condition would ${number(all / facts.length)} times. The second table has that loop too, and both with \`net.BlockList\` instead of parsed ranges; all are held to the engine’s results over ${compared} sign-ins and measured with it in turn.`;
}
