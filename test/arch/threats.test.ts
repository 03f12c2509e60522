import { describe, expect, it } from 'vitest';
import { plant } from './plant.ts';

const catalogue = JSON.stringify({
  R01: { severity: 'C', title: 'first' },
  R02: { severity: 'M', title: 'second' },
  A001: { severity: 'H', title: 'third' },
});

async function check(test: string, pending = '{}') {
  using tree = plant({
    'test/threats/catalogue.json': catalogue,
    'test/threats/pending.json': pending,
    'test/threats/a.test.ts': test,
  });
  return await tree.run('check:threats');
}

const both = "it('R01 holds', run);";

describe('check:threats', () => {
  it.each([
    [
      'names in it, describe, each and templates',
      "describe('R01', () => { it.each(rows)('%s A001', run) });",
    ],
    ['a template', `for (const a of b) { test(\`R01 \${a} A001\`, run); }`],
    ['a conditional test', "it.skipIf(none).each(rows)('R01 A001', run);"],
    ['one of them pending', both, '{ "A001": "comes later" }'],
  ])('accepts %s', async (_what, test, pending?: string) => {
    const run = await check(test, pending);
    expect(run.output).toContain('0 faults');
    expect(run.failed).toBe(false);
  });

  it.each([
    ['a number without a test', both, 'A001 (H) has no test and is not pending: third'],
    ['a number in a comment', `${both} // it('A001')`, 'A001 (H) has no test'],
    ['a number in a string', `${both} const a = "it('A001')";`, 'A001 (H) has no test'],
    ['a skipped test', `${both} it.skip('A001', run);`, 'A001 (H) has no test'],
    ['a test left to do', `${both} it.todo('A001');`, 'A001 (H) has no test'],
    ['a test expected to fail', `${both} it.fails('A001', run);`, 'A001 (H) has no test'],
    [
      'a test skipped by option',
      `${both} it('A001', { skip: true }, run);`,
      'A001 (H) has no test',
    ],
    [
      'a skipped suite',
      `${both} describe.skip('x', () => it('A001', run));`,
      'A001 (H) has no test',
    ],
    ['a suite without a test', `${both} describe('A001', () => {});`, 'A001 (H) has no test'],
    ['an unknown number', `${both} it('A001 A999', run);`, 'A999 is not in the catalogue'],
    ['a range', `${both} it('A001–A003', run);`, 'names a range'],
  ])('refuses %s', async (_what, test, says) => {
    const run = await check(test);
    expect(run.output).toContain(says);
    expect(run.failed).toBe(true);
  });

  it.each([
    ['tested and pending', '{ "R01": "comes later", "A001": "later" }', 'R01 is tested in'],
    ['pending and unknown', '{ "A999": "comes later", "A001": "later" }', 'A999 is not in the'],
    ['pending without a reason', '{ "A001": "" }', 'Too small'],
  ])('refuses a number %s', async (_what, pending, says) => {
    const run = await check(both, pending);
    expect(run.output).toContain(says);
    expect(run.failed).toBe(true);
  });
});
