import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../../../docs/performance.md');
const end = '<!-- end of figures -->';

/** Replaces what lies between the command's own markers; the rest of the page is written by people. */
export async function writeFigures(command: string, figures: string): Promise<void> {
  const begin = `<!-- figures: written by \`${command}\` -->`;
  const page = await readFile(file, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(end).slice(1).join(end);
  if (before === undefined || after === undefined) throw new Error(`${file} has lost its markers`);
  await writeFile(file, `${before}${begin}\n\n${figures}\n\n${end}${after}`);
}
