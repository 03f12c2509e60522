/**
 * Every rule (R01) and attack (A001) of the threat catalogue stands in a test's name or, with the
 * reason, in `pending.json`. Severities C and H must; M and L are only counted.
 * A test that is skipped, left to do or expected to fail proves nothing and does not count.
 */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { z } from 'zod';

const number = z.string().regex(/^(R\d{2}|A\d{3})$/);
const severity = z.enum(['C', 'H', 'M', 'L']);
const catalogueSchema = z.record(number, z.strictObject({ severity, title: z.string().min(1) }));
const pendingSchema = z.record(number, z.string().min(5));

const catalogue = catalogueSchema.parse(json('test/threats/catalogue.json'));
const pending = pendingSchema.parse(json('test/threats/pending.json'));
const tested = new Map<string, string>();
const faults: string[] = [];

for (const file of globSync('test/**/*.test.ts').sort()) {
  for (const title of liveTitles(file)) {
    if (/[RA]\d+\s*(–|-|to|\.\.)\s*[RA]?\d+/.test(title))
      faults.push(`${file}: "${title}" names a range; write each number`);
    for (const [found] of title.matchAll(/\b[RA]\d{2,3}\b/g)) tested.set(found, file);
  }
}

for (const [found, file] of tested)
  if (!catalogue[found]) faults.push(`${file}: ${found} is not in the catalogue`);
for (const found of Object.keys(pending)) {
  if (!catalogue[found]) faults.push(`pending.json: ${found} is not in the catalogue`);
  const file = tested.get(found);
  if (file) faults.push(`pending.json: ${found} is tested in ${file}; take it out`);
}
const open = Object.entries(catalogue).filter(([key]) => !tested.has(key) && !pending[key]);
for (const [key, entry] of open)
  if (entry.severity === 'C' || entry.severity === 'H')
    faults.push(`${key} (${entry.severity}) has no test and is not pending: ${entry.title}`);

for (const fault of faults) console.error(fault);
const total = Object.keys(catalogue).length;
console.log(
  `${total} threats: ${tested.size} tested, ${Object.keys(pending).length} pending, ${open.length} open, ${faults.length} faults`,
);
process.exitCode = faults.length > 0 ? 1 : 0;

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Titles of the file's tests, each with those of its suites; a suite without a test has none. */
function liveTitles(file: string): readonly string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const titles: string[] = [];
  const visit = (node: ts.Node, suites: string): void => {
    const call = testCall(node);
    if (!call) ts.forEachChild(node, (child) => visit(child, suites));
    else if (call.live && call.kind === 'test') titles.push(`${suites} ${call.title}`);
    else if (call.live)
      for (const argument of call.rest) visit(argument, `${suites} ${call.title}`);
  };
  visit(source, '');
  return titles;
}

type TestCall = {
  readonly kind: 'test' | 'suite';
  readonly title: string;
  readonly live: boolean;
  readonly rest: readonly ts.Node[];
};

/** `it(…)`, `it.each(…)(…)`, `describe.skip(…)` and their like. */
function testCall(node: ts.Node): TestCall | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const words = calleeWords(node.expression);
  const [base, ...modifiers] = words;
  const kind =
    base === 'describe' ? 'suite' : base === 'it' || base === 'test' ? 'test' : undefined;
  const [title, ...rest] = node.arguments;
  if (!kind || !title) return undefined;
  const off = ['skip', 'todo', 'fails'];
  const live =
    !modifiers.some((word) => off.includes(word)) && !rest.some((option) => turnsOff(option, off));
  return { kind, title: text(title), live, rest };
}

/** `it.skipIf(x).each(rows)` → it, skipIf, each; empty for anything else. */
function calleeWords(callee: ts.Node): readonly string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isCallExpression(callee)) return calleeWords(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return calleeWords(callee.tag);
  if (ts.isPropertyAccessExpression(callee))
    return [...calleeWords(callee.expression), callee.name.text];
  return [];
}

/** `{ skip: true }` between title and body. */
function turnsOff(option: ts.Node, off: readonly string[]): boolean {
  return (
    ts.isObjectLiteralExpression(option) &&
    option.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) &&
        off.includes(property.name.getText()) &&
        property.initializer.kind === ts.SyntaxKind.TrueKeyword,
    )
  );
}

/** What is fixed of a title; the values put into a template are not. */
function text(title: ts.Node): string {
  if (ts.isStringLiteralLike(title)) return title.text;
  if (ts.isTemplateExpression(title))
    return [title.head, ...title.templateSpans.map((span) => span.literal)]
      .map((part) => part.text)
      .join(' ');
  return '';
}
