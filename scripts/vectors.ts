// Runs a folder of decision vectors: npm run vectors -- <folder> [--verbose]
import { globSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  compile,
  type Decision,
  decide,
  type PolicySetInput,
  parseNamedLocations,
  parsePolicies,
  type SignInFacts,
  type WhatIfRequest,
  whatIf,
} from '../shared/policy/index.ts';

interface Case {
  readonly name: string;
  readonly why?: string;
  readonly set: string;
  readonly facts?: SignInFacts;
  readonly request?: WhatIfRequest;
  readonly user?: WhatIfRequest['user'];
  readonly expect: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

interface VectorFile {
  readonly topic: string;
  readonly sets: Readonly<Record<string, PolicySetInput>>;
  readonly cases: readonly Case[];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** What differs, one line each; members that `expected` does not name are not compared. */
type Differ = (actual: unknown, expected: unknown) => string[];

function differ(label: string): Differ {
  return (actual, expected) =>
    isDeepStrictEqual(actual, expected)
      ? []
      : [`${label}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function members(label: string, read: (key: string) => unknown): Differ {
  return (_, expected) =>
    Object.entries(isRecord(expected) ? expected : {}).flatMap(([key, value]) =>
      differ(`${label}.${key}`)(read(key), value),
    );
}

function policyOf(decision: Decision, id: string): Decision['policies'][number] | undefined {
  return decision.policies.find((policy) => policy.id === id);
}

function compareConditions(decision: Decision, expected: unknown): string[] {
  return Object.entries(isRecord(expected) ? expected : {}).flatMap(([id, conditions]) => {
    const traced = policyOf(decision, id)?.conditions ?? [];
    return members(`conditions.${id}`, (name) => traced.find((c) => c.name === name)?.outcome)(
      undefined,
      conditions,
    );
  });
}

function compareDecision(decision: Decision, expect: Case['expect']): string[] {
  return Object.entries(expect).flatMap(([key, expected]) => {
    if (key === 'code') return differ(key)(decision.reason?.code, expected);
    if (key === 'policyIds') return differ(key)(decision.reason?.policyIds, expected);
    if (key === 'status') return differ(key)(decision.conditionalAccessStatus, expected);
    if (key === 'next') {
      const next: Readonly<Record<string, unknown>> = { ...decision.next };
      return members(key, (name) => next[name])(undefined, expected);
    }
    if (key === 'policies')
      return members(key, (id) => policyOf(decision, id)?.result)(undefined, expected);
    if (key === 'conditions') return compareConditions(decision, expected);
    if (key === 'outcome') return differ(key)(decision.outcome, expected);
    if (key === 'sessionControls') return differ(key)(decision.sessionControls, expected);
    return [`the vector compares "${key}", which this script does not know`];
  });
}

/** The part of a decision that a trace must not change. */
function bare(decision: Decision): unknown {
  const policies = decision.policies.map(({ id, displayName, state, result }) => ({
    id,
    displayName,
    state,
    result,
  }));
  return { ...decision, policies };
}

interface Result {
  readonly differences: string[];
  /** The engine grants where the vector interrupts or blocks. */
  readonly looser: boolean;
}

function runDecide(input: PolicySetInput, facts: SignInFacts, expect: Case['expect']): Result {
  const set = compile(input);
  const decision = decide(set, facts);
  const differences = compareDecision(decision, expect);
  const untraced = decide(set, facts, { trace: false });
  if (!isDeepStrictEqual(bare(decision), bare(untraced)))
    differences.push('the decision differs without a trace');
  const wanted = 'outcome' in expect ? expect['outcome'] : undefined;
  const looser = decision.outcome === 'grant' && wanted !== undefined && wanted !== 'grant';
  return { differences, looser };
}

function runWhatIf(input: PolicySetInput, request: WhatIfRequest, expect: Case['expect']): Result {
  const { value } = whatIf(compile(input), request);
  const shown = value.map(({ id, policyApplies, analysisReasons }) => ({
    id,
    policyApplies,
    analysisReasons,
  }));
  return { differences: differ('value')(shown, expect), looser: false };
}

function runCase(file: VectorFile, test: Case): Result {
  const input = file.sets[test.set];
  if (input === undefined) return { differences: [`no set ${test.set}`], looser: false };
  parsePolicies(input.policies);
  if (input.namedLocations !== undefined) parseNamedLocations(input.namedLocations);
  if (test.request === undefined) return runDecide(input, test.facts ?? {}, test.expect);
  const request = test.user === undefined ? test.request : { ...test.request, user: test.user };
  return runWhatIf(input, deepFreeze(request), test.expect);
}

function tryCase(file: VectorFile, test: Case): Result {
  try {
    return runCase(file, test);
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { differences: [`threw ${thrown}`], looser: false };
  }
}

function runFile(
  path: string,
  verbose: boolean,
): { passed: number; failed: number; looser: number } {
  const file: VectorFile = deepFreeze(JSON.parse(readFileSync(path, 'utf8')));
  const totals = { passed: 0, failed: 0, looser: 0 };
  const details: string[] = [];
  for (const test of file.cases) {
    const { differences, looser } = tryCase(file, test);
    totals[differences.length === 0 ? 'passed' : 'failed'] += 1;
    if (looser) totals.looser += 1;
    if (differences.length > 0)
      details.push(`  ${test.name} (${test.why ?? ''})`, ...differences.map((d) => `    ${d}`));
  }
  console.log(`${path}: ${totals.passed} passed, ${totals.failed} failed`);
  if (verbose) for (const line of details) console.log(line);
  return totals;
}

const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (folder === undefined) {
  console.error('usage: npm run vectors -- <folder> [--verbose]');
  process.exit(2);
}
const verbose = process.argv.includes('--verbose');
const paths = globSync(`${folder}/**/*.json`).sort();
const results = paths.map((path) => runFile(path, verbose));
const sum = (key: 'passed' | 'failed' | 'looser'): number =>
  results.reduce((total, result) => total + result[key], 0);
console.log(`${paths.length} files: ${sum('passed')} passed, ${sum('failed')} failed`);
console.log(`granted where the vector does not: ${sum('looser')}`);
if (paths.length === 0 || sum('failed') > 0 || sum('looser') > 0) process.exitCode = 1;
