// Compares the policy engine with the reference on random cases:
// npm run fuzz:policy -- [--seed 1] [--cases 100000] [--out reports/fuzz-policy.json]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFile, fuzz } from './run.ts';

const mostShown = 10;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '100000' },
    out: { type: 'string', default: 'reports/fuzz-policy.json' },
  },
});
const [seed, cases] = [Number(values.seed), Number(values.cases)];
if (!Number.isInteger(seed) || !Number.isInteger(cases) || cases < 1) {
  console.error('usage: npm run fuzz:policy -- [--seed 1] [--cases 100000] [--out file.json]');
  process.exit(2);
}
const started = performance.now();
const { found, differing, outcomes } = fuzz(seed, cases, mostShown);
const seconds = (performance.now() - started) / 1000;
console.log(
  `seed ${seed}: ${cases} cases in ${seconds.toFixed(1)} s, ${Math.round(cases / seconds)} a second;`,
  Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', '),
);
for (const { number, given, told } of found) {
  console.log(`case ${number}: ${JSON.stringify(given)}`);
  for (const { member, engine, reference } of told)
    console.log(
      `  ${member}: engine ${JSON.stringify(engine)}, reference ${JSON.stringify(reference)}`,
    );
}
if (differing > 0) {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(dataFile(found), null, 2)}\n`);
  console.log(
    `${differing} cases differ; the first ${found.length}, minimised, are in ${values.out}`,
  );
  process.exitCode = 1;
}
