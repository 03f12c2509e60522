import { cpSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertions } from '../../scripts/infra/assertions.ts';
import { checkInfra } from '../../scripts/infra/check.ts';
import { type Mutant, mutants } from './mutants.ts';

const caught = new Map<string, number>();

/** The faults that are said of the templates with one change. */
async function faultsOf([, , file, from, to]: Mutant) {
  using copy = mkdtempDisposableSync(join(tmpdir(), 'infra-'));
  cpSync('infra', copy.path, { recursive: true });
  const path = join(copy.path, file);
  const parts = readFileSync(path, 'utf8').split(from);
  expect(parts, 'the place is there once').toHaveLength(2);
  writeFileSync(path, parts.join(to));
  return (await checkInfra(copy.path)).faults;
}

const rules = ['syntax', 'schema', 'references', 'modules', ...assertions.map(({ name }) => name)];

describe.each(rules)('the checker, of %s', (rule) => {
  const own = mutants.filter(([one]) => one === rule);

  it('is tried by three faults at least', () => {
    expect(own.length).toBeGreaterThanOrEqual(3);
  });

  it.each(own)('%s: finds %s', async (...mutant) => {
    const [, , file, , , says] = mutant;
    const found = await faultsOf(mutant);
    expect(found.filter((fault) => fault.rule === rule && fault.file === file)).toContainEqual(
      expect.objectContaining({ detail: expect.stringContaining(says) }),
    );
    caught.set(rule, (caught.get(rule) ?? 0) + 1);
  });
});

it('every fault is of a class that is checked', () => {
  expect(mutants.filter(([rule]) => !rules.includes(rule))).toEqual([]);
});

afterAll(() => {
  const counts = rules.map((rule) => `${rule} ${caught.get(rule) ?? 0}`).join(', ');
  console.log(`planted faults found: ${counts}`);
});
