import { createHash } from 'node:crypto';
import {
  compile,
  type Decision,
  decide,
  type PolicySet,
  type SignInFacts,
} from '../../../shared/policy/index.ts';
import { median, number } from '../support/figures.ts';
import type { Table } from '../support/section.ts';
import { openPlaces, type Places } from './hand-places.ts';
import { perSecond, perSecondAwaited } from './pace.ts';
import { openCasbin } from './peers/casbin.ts';
import { openCasl } from './peers/casl.ts';
import { openCedar } from './peers/cedar.ts';
import { openJsonRules } from './peers/json-rules.ts';
import { type Peer, type PeerFacts, peerFactsOf } from './peers/terms.ts';
import type { GeneratedLocation } from './places.ts';
import { generatePolicies, pools } from './workload.ts';

/** Policy engines from npm over the same policies; each finds what applies, and nothing else. */
export const peerSizes = [20, 200, 2000] as const;
const rounds = 5;
const compared = 100;
/** Sign-ins a peer is timed over. */
const timed = 500;

export type PeerPaces = {
  readonly name: string;
  /** Decisions a second, by number of policies. */
  readonly paces: ReadonlyMap<number, number>;
};

export async function comparePeers(
  locations: readonly GeneratedLocation[],
  signIns: readonly SignInFacts[],
): Promise<{ readonly peers: readonly PeerPaces[]; readonly text: string }> {
  const places = openPlaces(locations);
  const given = signIns.slice(0, timed);
  const facts = given.map((each) => peerFactsOf(each, places, pools.locations));
  const found = new Map<string, Map<number, number>>();
  const blockedSeen: string[] = [];
  for (const size of peerSizes) {
    const policies = generatePolicies(size);
    const on = policies.filter(({ state }) => state !== 'disabled');
    const set = compile({ policies, namedLocations: locations });
    const decided = given.slice(0, compared).map((each) => decide(set, each, { trace: false }));
    const peers: readonly (readonly [name: string, peer: Peer])[] = [
      ['@casl/ability', openCasl(on)],
      ['cedar-wasm', openCedar(on)],
      ['json-rules-engine', openJsonRules(on)],
    ];
    for (const [name, peer] of peers) await sameApply(name, peer, facts, decided);
    const isBlocked = await openCasbin(policies);
    // few are blocked: without a search for them a peer that never blocks would pass
    const blocked = signIns
      .filter((each) => decide(set, each, { trace: false }).outcome === 'block')
      .slice(0, compared);
    for (const each of [...given.slice(0, compared), ...blocked])
      sameBlocked(isBlocked, set, each, places);
    blockedSeen.push(`${number(size)} policies: ${blocked.length}`);

    const engine = (at: number) => decide(set, given[at] as SignInFacts, { trace: false });
    const works: readonly (readonly [name: string, slice: () => number | Promise<number>])[] = [
      ['`decide`, no trace', () => perSecond((at) => engine(at).policies.length, given.length)],
      ...peers.map(
        ([name, peer]) =>
          [
            name,
            () => perSecondAwaited((at) => peer(facts[at] as PeerFacts), facts.length),
          ] as const,
      ),
      ['casbin', () => perSecond((at) => Number(isBlocked(facts[at] as PeerFacts)), facts.length)],
    ];
    const paces = new Map(works.map(([name]) => [name, [] as number[]]));
    for (const [, slice] of works) await slice(); // warms up
    for (let round = 0; round < rounds; round++)
      for (const [name, slice] of works) paces.get(name)?.push(await slice());
    for (const [name, own] of paces)
      found.set(name, (found.get(name) ?? new Map()).set(size, median(own)));
  }
  return {
    peers: Array.from(found, ([name, paces]) => ({ name, paces })),
    text: `Other engines, each with the same policies in its own language, prepared as far as it can be, and **given the places of an address for nothing**, since none can look up ranges. They only say which policies apply; casbin only whether one of those that block does, so that it has about a tenth of the rules. ${timed} sign-ins. Before that, ${compared} of them were held to the engine’s results by hash, and casbin also to up to ${compared} of ${number(signIns.length)} that are blocked (${blockedSeen.join(', ')}). json-rules-engine answers asynchronously, Cedar’s context crosses into WebAssembly as JSON.`,
  };
}

const idle = new Set(['notApplied', 'notEnabled', 'reportOnlyNotApplied']);

const hashOf = (lists: readonly (readonly string[])[]): string =>
  createHash('sha256').update(JSON.stringify(lists)).digest('hex');

async function sameApply(
  name: string,
  peer: Peer,
  facts: readonly PeerFacts[],
  decided: readonly Decision[],
): Promise<void> {
  const ours = decided.map(({ policies }) =>
    policies.flatMap(({ id, result }) => (idle.has(result) ? [] : [id])).sort(),
  );
  const theirs: string[][] = [];
  for (const each of facts.slice(0, decided.length)) theirs.push([...(await peer(each))].sort());
  if (hashOf(ours) !== hashOf(theirs)) throw new Error(`the engine and ${name} differ`);
}

function sameBlocked(
  isBlocked: (facts: PeerFacts) => boolean,
  set: PolicySet,
  given: SignInFacts,
  places: Places,
): void {
  const { outcome } = decide(set, given, { trace: false });
  if (isBlocked(peerFactsOf(given, places, pools.locations)) !== (outcome === 'block'))
    throw new Error('the engine and casbin differ');
}

export function peerTable(peers: readonly PeerPaces[]): Table {
  const own = peers[0]?.paces;
  return {
    head: [
      'Engine',
      ...peerSizes.map((size) => `${number(size)} policies`),
      '`decide` at 200 ÷ it',
    ],
    rows: peers.map(({ name, paces }) => [
      name,
      ...peerSizes.map((size) => number(paces.get(size) ?? Number.NaN)),
      `${number((own?.get(200) ?? Number.NaN) / (paces.get(200) ?? Number.NaN))}×`,
    ]),
  };
}
