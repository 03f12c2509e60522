import { chmodSync } from 'node:fs';
import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plant } from './plant.ts';

/** The drawing of docs/architecture.md once more, by hand: what each place may import. */
const arrows = {
  functions: 'flows web compose @azure/functions zod',
  policy: 'zod',
  checks: 'core jose otplib ipaddr.js zod node:crypto',
  flows: 'policy policy-inside checks rows ports core zod',
  rows: 'core zod',
  ports: 'core zod',
  adapters:
    'rows ports core checks @azure/data-tables oauth4webapi jose zod node:crypto node:fs node:async_hooks',
  web: 'core api qrcode zod',
  api: 'zod',
  core: 'node:crypto',
  config: 'core zod node:fs node:async_hooks node:process',
  compose:
    'policy policy-inside checks flows rows ports adapters web api core config zod node:fs node:async_hooks',
  'compose-override':
    'policy policy-inside checks flows rows ports adapters web api core config compose zod node:fs node:async_hooks',
  cli: 'policy api zod node:crypto node:fs node:async_hooks node:process',
};
type Place = keyof typeof arrows;

const targets: Readonly<Record<string, string>> = {
  functions: 'functions/target.ts',
  policy: 'shared/policy/index.ts',
  'policy-inside': 'shared/policy/target.ts',
  checks: 'shared/checks/target.ts',
  flows: 'shared/flows/target.ts',
  rows: 'shared/rows/target.ts',
  ports: 'shared/ports.ts',
  adapters: 'shared/adapters/target.ts',
  web: 'shared/web/target.ts',
  api: 'shared/api/target.ts',
  core: 'shared/core/target.ts',
  config: 'shared/config.ts',
  compose: 'shared/compose.ts',
  'compose-override': 'shared/compose-override.ts',
  cli: 'cli/target.ts',
  dev: 'dev/target.ts',
  test: 'test/target.ts',
  scripts: 'scripts/target.ts',
};
const libraries = [
  '@azure/functions',
  '@azure/data-tables',
  'jose',
  'oauth4webapi',
  'otplib',
  'ipaddr.js',
  'qrcode',
  'zod',
  'openid-client',
  'croner',
  'node:crypto',
  'node:fs',
  'node:async_hooks',
  'node:process',
];
const everything = [...Object.keys(targets), ...libraries];

/** Places that are one file are their own source; the others get a file that imports everything. */
const sourceOf = (place: string) => {
  const target = targets[place] ?? '';
  return /^shared\/[^/]+$/.test(target) ? target : `${posix.dirname(target)}/source.ts`;
};

function importsOf(place: string): string {
  const source = sourceOf(place);
  return everything
    .filter((name) => targets[name] !== source)
    .map((name) => `import '${targets[name] ? relative(source, targets[name]) : name}';`)
    .join('\n');
}

function relative(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

/** `rule: from → to`, with `to` as the test names it. */
function violations(output: string) {
  return [...output.matchAll(/^([\w-]+): (\S+) → (\S+)$/gm)].map(([, rule, from, to = '']) => ({
    rule,
    from,
    to:
      Object.keys(targets).find((name) => targets[name] === to) ??
      /node_modules\/(?:@types\/)?((?:@[^/]+\/)?[^/]+)/.exec(to)?.[1] ??
      `node:${to}`,
  }));
}

describe('every arrow of the house', () => {
  let found: ReturnType<typeof violations> = [];

  beforeAll(async () => {
    using tree = plant({
      ...Object.fromEntries(Object.values(targets).map((file) => [file, 'export const a = 1;'])),
      ...Object.fromEntries(
        [...Object.keys(arrows), 'dev', 'scripts'].map((place) => [
          sourceOf(place),
          importsOf(place),
        ]),
      ),
    });
    const run = await tree.run('check:architecture');
    expect(run.failed).toBe(true);
    found = violations(run.output);
  });

  const refusedTo = (place: string, rule: RegExp) =>
    new Set(
      found.filter((v) => v.from === sourceOf(place) && rule.test(v.rule ?? '')).map((v) => v.to),
    );

  it.each(Object.keys(arrows) as Place[])(
    '%s imports what its arrows say and nothing else',
    (place) => {
      const own = place === 'policy' ? ['policy', 'policy-inside'] : [place];
      const may = new Set([...arrows[place].split(' '), ...own]);
      // Some may be imported for their types alone: the next suite.
      const typesOnly = {
        rows: ['policy', 'policy-inside', 'ports'],
        ports: ['node:crypto'],
        web: ['flows', 'ports'],
      };
      const refused = everything.filter((name) => !may.has(name));
      expect(refusedTo(place, new RegExp(`^${place}-(may-import|types-only)$`))).toEqual(
        new Set(refused),
      );
      const asTypes = place in typesOnly ? typesOnly[place as keyof typeof typesOnly] : [];
      expect(refusedTo(place, new RegExp(`^${place}-types-only$`))).toEqual(new Set(asTypes));
    },
  );

  it('dev and scripts import anything but what is for tests, dev or functions alone', () => {
    const named = /^(nothing-imports|override-for|azure-functions|\w+-may-import)/;
    expect(refusedTo('dev', named)).toEqual(new Set(['test']));
    const refused = ['dev', 'test', 'compose-override', '@azure/functions'];
    expect(refusedTo('scripts', named)).toEqual(new Set(refused));
  });

  it('circles are seen', () => {
    expect(found.filter((v) => v.rule === 'no-circular').length).toBeGreaterThan(0);
  });
});

describe('the other import rules', () => {
  const files = {
    'shared/core/a.ts': 'export type A = 1; export const a = 1;',
    'shared/policy/a.ts': 'export type A = 1; export const a = 1;',
    'shared/flows/a.ts': 'export type A = 1; export const a = 1;',
    'shared/rows/types.ts': "import type { A } from '../policy/a.ts'; export type B = A;",
    'shared/web/types.ts': "import type { A } from '../flows/a.ts'; export type B = A;",
    'shared/rows/mixed.ts': "import { type A, a } from '../policy/a.ts'; export const b: A = a;",
    'shared/checks/dynamic.ts': "export const load = () => import('../flows/a.ts');",
    'shared/checks/again.ts': "export * from '../flows/a.ts';",
    'shared/checks/in-type.ts': "export type B = import('../flows/a.ts').A;",
    'shared/adapters/undeclared.ts': "import '@azure/core-rest-pipeline';",
    'shared/adapters/missing.ts': "import './nowhere.ts';",
    'shared/colour/blue.ts': 'export const blue = 1;',
    'infra/stray.ts': 'export const stray = 1;',
    'test/flows/anything.test.ts': "import '../../shared/adapters/missing.ts'; import 'jose';",
    'dev/target.ts': 'export const a = 1;',
    'stray.config.ts': "import './dev/target.ts';",
  };
  let output = '';

  beforeAll(async () => {
    using tree = plant(files);
    ({ output } = await tree.run('check:architecture'));
  });

  it.each([
    ['more than types', 'rows-types-only: shared/rows/mixed.ts → shared/policy/a.ts'],
    ['an import at run time', 'checks-may-import: shared/checks/dynamic.ts'],
    ['a re-export', 'checks-may-import: shared/checks/again.ts'],
    ['an import in a type', 'checks-may-import: shared/checks/in-type.ts'],
    ['a package nobody declared', 'declared-packages: shared/adapters/undeclared.ts'],
    ['a file that is not there', 'resolvable: shared/adapters/missing.ts'],
    ['a folder without a rule', 'no-place: shared/colour/blue.ts'],
    ['a file outside every folder', 'not-seen: dependency-cruiser did not see infra/stray.ts'],
    ['settings that import dev', 'nothing-imports-dev: stray.config.ts'],
  ])('%s is refused', (_fault, line) => {
    expect(output).toContain(line);
  });

  it('types go where only types may, and tests anywhere', () => {
    expect(output).not.toMatch(/types\.ts|anything\.test\.ts/);
  });

  it('a checker that sees nothing is a failure', async () => {
    const nothing = '{"modules":[],"summary":{"violations":[],"ruleSetUsed":{"forbidden":[]}}}';
    using tree = plant({
      'shared/core/a.ts': 'export const a = 1;',
      'blind/depcruise': `#!/bin/sh\necho '${nothing}'\n`,
    });
    chmodSync(`${tree.root}/blind/depcruise`, 0o755);
    const blind = await tree.run('check:architecture', { pathFirst: `${tree.root}/blind` });
    expect(blind.output).toContain('did not see shared/core/a.ts');
    expect(blind.failed).toBe(true);
  });
});
