/**
 * Reads exports that others published, every JSON file below a folder, and says what becomes of each
 * leaf: `npm run corpus -- <folder>`. Fails when a file throws, a leaf is not in the report, or a
 * refusal names no place.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readExport } from '../shared/policy/index.ts';
import { isPlaced, issuesOf, jsonOf, reportedLeaves, unexplained } from './export-leaves.ts';

type FileResult = {
  readonly file: string;
  readonly cells: readonly string[];
  readonly details: readonly string[];
  readonly outcome: 'read' | 'refused' | 'unplaced' | 'threw';
  readonly dropped: number;
};

const headings = ['KIND', 'ITEMS', 'ENFORCED', 'CARRIED', 'REFUSED', 'SILENT', 'FILE'];
const width = 8;

function readOne(folder: string, file: string): FileResult {
  const bytes = readFileSync(join(folder, file));
  try {
    return examine(file, bytes);
  } catch (thrown) {
    const said = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { file, cells: ['threw'], details: [`threw ${said}`], outcome: 'threw', dropped: 0 };
  }
}

function examine(file: string, bytes: Uint8Array): FileResult {
  const json = jsonOf(bytes);
  const { kind, report } = readExport(bytes);
  const leaves = json === undefined ? [] : reportedLeaves(json, report);
  const count = (standing: string) => leaves.filter((leaf) => leaf.standing === standing).length;
  const issues = issuesOf(report);
  const errors = issues.filter(({ severity }) => severity === 'error');
  const unplaced = [
    ...errors.filter((issue) => !isPlaced(json, issue)).map(({ pointer }) => pointer),
    ...unexplained(leaves, report),
  ];
  const dropped = leaves.filter(({ standing }) => standing === 'dropped');
  const outcome = errors.length === 0 ? 'read' : 'refused';
  const numbers = [
    report.items.length,
    count('enforced'),
    count('carried'),
    count('refused'),
    count('silent'),
  ];
  return {
    file,
    cells: [kind === 'policies' ? 'policy' : 'location', ...numbers.map(String)],
    details: [
      ...issues.map(
        ({ severity, pointer, message }) => `${severity} ${pointer || '/'}  ${message}`,
      ),
      ...dropped.map(({ pointer }) => `DROPPED ${pointer}`),
      ...unplaced.map((pointer) => `NOT EXPLAINED ${pointer}`),
    ],
    outcome: unplaced.length > 0 ? 'unplaced' : outcome,
    dropped: dropped.length,
  };
}

const row = (cells: readonly string[], file: string): string =>
  [...headings.slice(0, -1).map((_, index) => (cells[index] ?? '').padEnd(width)), file].join('  ');

const [folder, ...more] = process.argv.slice(2);
if (
  folder === undefined ||
  more.length > 0 ||
  !statSync(folder, { throwIfNoEntry: false })?.isDirectory()
) {
  console.error('usage: npm run corpus -- <folder>');
  process.exit(2);
}
const files = globSync('**/*.{json,JSON}', { cwd: folder }).sort();
const results = files.map((file) => readOne(folder, file));
console.log(row(headings, 'FILE'));
for (const { file, cells, details } of results) {
  console.log(row(cells, file));
  for (const line of details) console.log(`    ${line}`);
}
const having = (outcome: FileResult['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length;
const dropped = results.reduce((sum, result) => sum + result.dropped, 0);
if (having('unplaced') > 0) console.log(`${having('unplaced')} refused without a pointer`);
console.log(
  `${files.length} files: ${having('read')} read, ${having('refused')} refused with a pointer, ${having('threw')} threw, ${dropped} leaves not in the report`,
);
if (files.length === 0 || having('threw') > 0 || having('unplaced') > 0 || dropped > 0)
  process.exitCode = 1;
