import { globSync, readFileSync } from 'node:fs';
import type { PolicySetInput, SignInFacts } from '../../../shared/policy/index.ts';

// Cases in the format that `npm run vectors` reads.
interface Case {
  readonly name: string;
  readonly why: string;
  readonly set: string;
  readonly facts: SignInFacts;
  readonly expect: Readonly<Record<string, unknown>>;
}

interface CaseFile {
  readonly topic: string;
  readonly sets: Readonly<Record<string, PolicySetInput>>;
  readonly cases: readonly Case[];
}

export const caseFiles: readonly CaseFile[] = globSync(`${import.meta.dirname}/cases/*.json`)
  .sort()
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as CaseFile);

export function setOf(file: CaseFile, { set }: Case): PolicySetInput {
  const input = file.sets[set];
  if (input === undefined) throw new Error(`no set ${set}`);
  return input;
}
