import { beforeAll, describe, expect, it } from 'vitest';
import { type Files, manifest, plant } from './plant.ts';

/** A checker that passes a planted fault is a checker that is off: each is seen to bite. */

type Planted = readonly [what: string, file: string, code: string, says: string];

const fine = 'export const fine = 1;\n';
const lines = (count: number) => `${fine}${'// a line\n'.repeat(count - 1)}`;
const filesOf = (planted: readonly Planted[]): Files =>
  Object.fromEntries(planted.map(([, file, code]) => [file, code]));

/** Plants everything at once, runs the script once, and answers what was said of each file. */
function runOver(planted: readonly Planted[], script: string, args: readonly string[] = []) {
  const said = { failed: false, of: (_file: string): string => '' };
  beforeAll(async () => {
    using tree = plant(filesOf(planted));
    const run = await tree.run(script, { args });
    said.failed = run.failed;
    said.of = (file) =>
      run.output
        .split('\n')
        .filter((line) => [':', '(', ','].some((end) => line.includes(`${file}${end}`)))
        .join('\n');
  });
  return said;
}

function bites(planted: readonly Planted[], script: string, args: readonly string[] = []): void {
  const said = runOver(planted, script, args);
  it.each(planted)('%s', (_what, file, _code, says) => {
    if (says === '') expect(said.of(file)).toBe('');
    else expect(said.of(file)).toContain(says);
  });
  it('fails', () => {
    expect(said.failed).toBe(true);
  });
}

describe('tsc', () => {
  bites(
    [
      ['a wrong type', 'shared/core/a.ts', 'export const a: string = 1;', 'TS2322'],
      ['an unchecked index', 'cli/b.ts', 'export const b: number = [1][0];', 'TS2322'],
      ['an enum', 'dev/c.ts', 'export enum C { a }', 'TS1294'],
      ['an unused name', 'test/d.ts', 'const d = 1; export {};', 'TS6133'],
      ['fine code', 'scripts/e.ts', fine, ''],
    ],
    'check:types',
  );
});

describe('biome', () => {
  bites(
    [
      ['an unformatted file', 'shared/core/a.ts', 'export const a = "a"', 'title=format'],
      [
        'imports out of order',
        'shared/core/order.ts',
        "import { b } from './z.ts';\nimport { a } from './a.ts';\n\nexport const c = a + b;\n",
        'organizeImports',
      ],
      ['a default export', 'shared/core/b.ts', 'export default 1;\n', 'noDefaultExport'],
      ['any', 'shared/core/c.ts', 'export const c: any = 1;\n', 'noExplicitAny'],
      ['an enum', 'shared/core/d.ts', 'export enum D {\n  a,\n}\n', 'noEnum'],
      ['a file name with capitals', 'shared/core/fileName.ts', fine, 'useFilenamingConvention'],
      [
        'a warning',
        'shared/core/f.ts',
        'export const f = (a: string | undefined) => a!;\n',
        'noNonNullAssertion',
      ],
      ['fine code', 'shared/core/g.ts', fine, ''],
    ],
    'check:format',
    ['--reporter=github', '--max-diagnostics=none'],
  );
});

describe('oxlint', () => {
  const env = "export const a = process.env['A'];\n";
  bites(
    [
      [
        'a floating promise, which takes types to see',
        'shared/core/a.ts',
        'async function later() {}\nexport const a = () => {\n  later();\n};\n',
        'no-floating-promises',
      ],
      [
        'a forgotten case',
        'shared/flows/b.ts',
        "export function b(kind: 'x' | 'y') {\n  switch (kind) {\n    case 'x':\n      return 1;\n  }\n  return 2;\n}\n",
        'switch-exhaustiveness-check',
      ],
      ['@ts-ignore', 'dev/c.ts', '// @ts-ignore\nexport const c: string = 1;\n', 'ban-ts-comment'],
      ['any', 'functions/d.ts', 'export const d: any = 1;\n', 'no-explicit-any'],
      [
        'an import that is empty once types are gone',
        'shared/rows/e.ts',
        "import { type A } from './a.ts';\nexport type E = A;\n",
        'no-import-type-side-effects',
      ],
      ['301 lines in functions', 'functions/long.ts', lines(301), 'max-lines'],
      ['301 lines in shared', 'shared/web/long.ts', lines(301), 'max-lines'],
      ['301 lines in cli', 'cli/long.ts', lines(301), 'max-lines'],
      ['301 lines in dev', 'dev/host/long.ts', lines(301), 'max-lines'],
      ['300 lines', 'shared/web/short.ts', lines(300), ''],
      ['a long test', 'test/http/long.test.ts', lines(500), ''],
      ['process.env in an adapter', 'shared/adapters/env.ts', env, 'no-restricted-globals'],
      ['process.env in compose.ts', 'shared/compose.ts', env, 'no-restricted-globals'],
      ['process.env in a function', 'functions/env.ts', env, 'no-restricted-globals'],
      ['process.env in the engine', 'shared/policy/env.ts', env, 'no-restricted-globals'],
      [
        'process.env by a detour',
        'shared/adapters/detour.ts',
        "export const a = globalThis.process.env['A'];\n",
        'no-restricted-globals',
      ],
      ['process.env in config.ts', 'shared/config.ts', env, ''],
      ['process.env in dev', 'dev/env.ts', env, ''],
      ['process.env in a test', 'test/support/env.ts', env, ''],
      ['process.env in cli', 'cli/env.ts', env, ''],
      ['process.env in scripts', 'scripts/env.ts', env, ''],
      ...['core', 'checks', 'flows', 'rows', 'policy', 'web', 'api'].flatMap(
        (folder): Planted[] => [
          [
            `Date.now in ${folder}`,
            `shared/${folder}/now.ts`,
            'export const a = Date.now();\n',
            'no-restricted-properties',
          ],
          [
            `Math.random in ${folder}`,
            `shared/${folder}/random.ts`,
            'const { random } = Math;\nexport const a = random();\n',
            'no-restricted-properties',
          ],
          [
            `the global crypto in ${folder}`,
            `shared/${folder}/uuid.ts`,
            'export const a = crypto.randomUUID();\n',
            'no-restricted-globals',
          ],
        ],
      ),
      ['the clock in compose.ts', 'shared/compose/now.ts', 'export const a = Date.now();\n', ''],
    ],
    'check:lint',
    ['--format=unix'],
  );
});

describe('knip', () => {
  it('an unused file, export, type and package, and a package nobody declared', async () => {
    using tree = plant({
      'package.json': manifest({
        jose: '1',
        otplib: '1',
        typescript: '1',
        zod: '1',
        'dependency-cruiser': '1',
      }),
      'dev/start.ts':
        "import { used } from '../shared/core/a.ts';\nimport 'jose';\nimport 'qrcode';\nused();\n",
      'shared/core/a.ts':
        'export const used = () => {};\nexport const unused = 1;\nexport type Unused = 1;\n',
      'shared/core/orphan.ts': fine,
      'functions/trigger.ts': fine,
      'cli/vestibule.ts': fine,
      'dev/demo.ts': fine,
      'test/bench/run.ts': fine,
    });
    const { failed, output } = await tree.run('check:dead', { args: ['--reporter=json'] });
    expect(failed).toBe(true);
    const found: { issues: readonly Record<string, unknown>[] } = JSON.parse(
      output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1),
    );
    const issue = (file: string) => found.issues.find((entry) => entry['file'] === file) ?? {};
    expect(issue('shared/core/orphan.ts')['files']).toMatchObject([{}]);
    expect(issue('shared/core/a.ts')['exports']).toMatchObject([{ name: 'unused' }]);
    expect(issue('shared/core/a.ts')['types']).toMatchObject([{ name: 'Unused' }]);
    expect(issue('package.json')['dependencies']).toMatchObject([{ name: 'otplib' }]);
    expect(issue('dev/start.ts')['unlisted']).toMatchObject([{ name: 'qrcode' }]);
    const inFiles = new Set(found.issues.map((entry) => entry['file']));
    expect(inFiles).toEqual(
      new Set(['dev/start.ts', 'package.json', 'shared/core/a.ts', 'shared/core/orphan.ts']),
    );
  });
});
