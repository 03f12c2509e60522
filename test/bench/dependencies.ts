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

export async function measureDependencies(): Promise<Section> {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(resolve(root, 'package.json'), 'utf8'),
  );
  const names = Object.keys(manifest.dependencies);
  const together = 'all of them in one process';
  const taken = new Map<string, number[]>([...names, together].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, times] of taken)
      times.push(await importMs(name === together ? names : [name]));

  const costs = [...taken].map(([name, times]) => ({ name, ms: median(times) }));
  const alone = costs.filter(({ name }) => name !== together).toSorted((a, b) => b.ms - a.ms);
  const all = costs.filter(({ name }) => name === together);
  return {
    title: 'Dependencies at a cold start',
    text: [
      `Time of \`import()\` in a fresh process, unbundled, medians of ${rounds}. What several share is paid once, so together they cost less than their sum.`,
    ],
    tables: [
      {
        head: ['Dependency', 'Import, ms'],
        rows: [...alone, ...all].map(({ name, ms }) => [
          name === together ? name : `\`${name}\``,
          number(ms),
        ]),
      },
    ],
    budgets: [],
  };
}

async function importMs(names: readonly string[]): Promise<number> {
  const code = `const before = performance.now();
for (const name of ${JSON.stringify(names)}) await import(name);
console.log(performance.now() - before);`;
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  return Number(stdout);
}
