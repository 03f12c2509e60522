/**
 * House rules no ready-made checker knows, read from the syntax tree. `check-architecture.mjs`
 * runs them; `test/arch` plants a fault against each.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

export type HouseFault = { readonly rule: string; readonly file: string; readonly detail: string };

type Rule = {
  readonly name: string;
  /** Which files, by their path from the root with forward slashes. */
  readonly on: RegExp;
  readonly faults: (source: ts.SourceFile) => readonly string[];
};

/** Flows that are no part of a sign-in, and the file that names what they are given. */
const mayScan = /^shared\/flows\/(house|admin|clean-up|export|list|outbox|prune)([-/].*|\.ts)$/;
const scanTypes = ['Scan', 'HouseWithScan'];

const rules: readonly Rule[] = [
  {
    // `Date.now`, `Math.random` and the global `crypto` are oxlint's; this one it cannot see.
    name: 'now-is-an-argument',
    on: /^shared\/(core|checks|flows|rows|policy|web|api)\//,
    faults: (source) =>
      nodes(source)
        .filter(readsTheClock)
        .map((node) => node.getText()),
  },
  {
    // It is empty in the CommonJS bundle.
    name: 'no-import-meta',
    on: /^(shared|functions)\//,
    faults: (source) =>
      nodes(source)
        .filter(ts.isMetaProperty)
        .map((node) => node.getText()),
  },
  {
    name: 'one-sdk-per-adapter',
    on: /^shared\/adapters\//,
    faults: (source) => {
      const sdks = [...new Set(imports(source).filter(isSdk).map(packageOf))];
      return sdks.length > 1 ? [`imports ${sdks.join(' and ')}`] : [];
    },
  },
  {
    name: 'no-scan-in-sign-in',
    on: /^shared\/flows\//,
    faults: (source) => (mayScan.test(source.fileName) ? [] : scanUses(source)),
  },
  {
    name: 'file-named-as-its-function',
    on: /^functions\//,
    faults: (source) => {
      const expected = basename(source.fileName, '.ts');
      const names = nodes(source).flatMap(registeredName);
      if (names.length === 1 && names[0] === expected) return [];
      return [`registers ${names.join(', ') || 'nothing'}, must register ${expected} alone`];
    },
  },
];

export function houseFaults(root: string): readonly HouseFault[] {
  return globSync('{functions,shared}/**/*.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
      return rules
        .filter(({ on }) => on.test(file))
        .flatMap(({ name, faults }) =>
          faults(source).map((detail) => ({ rule: name, file, detail })),
        );
    });
}

function nodes(source: ts.SourceFile): readonly ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    all.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return all;
}

/** `new Date()` and `Date()`; with an argument it is a conversion. */
function readsTheClock(node: ts.Node): boolean {
  const isDate = (callee: ts.Node) => ts.isIdentifier(callee) && callee.text === 'Date';
  if (ts.isNewExpression(node)) return isDate(node.expression) && !node.arguments?.length;
  return ts.isCallExpression(node) && isDate(node.expression);
}

/** Every module named: static, dynamic, re-exported and in a type. */
function imports(source: ts.SourceFile): readonly string[] {
  return nodes(source)
    .map(moduleNamed)
    .filter((module) => module !== undefined);
}

function moduleNamed(node: ts.Node): string | undefined {
  let module: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) module = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    module = node.argument.literal;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    module = node.arguments[0];
  return module && ts.isStringLiteralLike(module) ? module.text : undefined;
}

/** jose reads what another SDK fetched; zod describes rows. */
function isSdk(module: string): boolean {
  return !/^(\.|node:|zod(\/|$)|jose(\/|$))/.test(module);
}

function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}

function scanUses(source: ts.SourceFile): readonly string[] {
  return nodes(source)
    .filter(ts.isIdentifier)
    .filter(
      ({ text, parent }) =>
        scanTypes.includes(text) || (text === 'scan' && ts.isPropertyAccessExpression(parent)),
    )
    .map((node) => `\`${node.parent.getText()}\``);
}

/** The first argument of `app.http(…)`, `app.timer(…)` and their like. */
function registeredName(node: ts.Node): readonly string[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression, name } = node.expression;
  if (!ts.isIdentifier(expression) || expression.text !== 'app') return [];
  if (name.text === 'setup' || !ts.isIdentifier(name)) return [];
  const [first] = node.arguments;
  return [first && ts.isStringLiteralLike(first) ? first.text : '(a computed name)'];
}
