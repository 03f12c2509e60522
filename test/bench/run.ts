import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCleanUp } from './clean-up.ts';
import { measureDependencies } from './dependencies.ts';
import { measureMailFaults } from './mail-faults.ts';
import { measureSignIns } from './sign-ins.ts';
import { measureStartUp } from './start-up.ts';
import { writeFigures } from './support/document.ts';
import { type Section, sectionMarkdown } from './support/section.ts';
import { measureTableCalls } from './table-calls.ts';

/**
 * `npm run bench`: every short bench, printed; `--write` puts the figures into docs/performance.md,
 * `--only sign-ins` runs one. Figures of different runs cannot be compared, ratios within one can.
 */
const benches: Readonly<Record<string, () => Promise<Section>>> = {
  'table-calls': measureTableCalls,
  'sign-ins': measureSignIns,
  'clean-up': measureCleanUp,
  'mail-faults': measureMailFaults,
  'start-up': measureStartUp,
  dependencies: measureDependencies,
};

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, only: { type: 'string' } },
});
if (values.only !== undefined && !(values.only in benches))
  throw new Error(`no such bench; there are ${Object.keys(benches).join(', ')}`);
if (values.write && values.only !== undefined) throw new Error('--write writes all of them');

const started = performance.now();
const others = loadavg()[0]?.toFixed(1) ?? '?';
const written: string[] = [];
for (const [name, measure] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== name) continue;
  const begun = performance.now();
  const markdown = sectionMarkdown(await measure());
  written.push(markdown);
  console.log(`${markdown}\n\n(${name}: ${Math.round((performance.now() - begun) / 1000)} s)\n`);
}
const seconds = Math.round((performance.now() - started) / 1000);
const how = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, two shared cores (load average ${others} before it began), \`npm run bench\`, ${seconds} s`;
console.log(how);
if (values.write)
  await writeFigures('npm run bench -- --write', [`Measured ${how}.`, ...written].join('\n\n'));
