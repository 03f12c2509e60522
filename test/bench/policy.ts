import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureEngine } from './engine/engine.ts';
import { writeFigures } from './support/document.ts';
import { sectionMarkdown } from './support/section.ts';

/**
 * `npm run bench:policy`: the engine beside loops written by hand and other policy engines; `--write`
 * puts figures and plot into docs.
 */
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const started = performance.now();
const others = loadavg()[0]?.toFixed(1) ?? '?';
const { section, plot } = await measureEngine();
const seconds = Math.round((performance.now() - started) / 1000);
const how = `Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, two shared cores (load average ${others} before it began), \`npm run bench:policy\`, ${seconds} s.`;
const markdown = sectionMarkdown(section);
console.log(`${markdown}\n\n${how}`);
if (values.write) {
  await writeFigures('npm run bench:policy -- --write', `${how}\n\n${markdown}`);
  await writeFile(resolve(import.meta.dirname, '../../docs/engine-growth.svg'), plot);
}
