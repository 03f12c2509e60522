import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/**
 * A copy of the house with nothing in it but the checkers, their settings and what a test plants:
 * the working tree is not touched, and each checker runs by the npm script that people run.
 */
export type Plant = Disposable & {
  readonly root: string;
  run(script: string, options?: RunOptions): Promise<{ failed: boolean; output: string }>;
};

type RunOptions = {
  readonly args?: readonly string[];
  /** Searched before everything else. */
  readonly pathFirst?: string;
};

export type Files = Readonly<Record<string, string>>;

const house = process.cwd();
const settings = [
  '.dependency-cruiser.mjs',
  '.gitignore',
  '.oxlintrc.json',
  'biome.json',
  'knip.json',
  'package.json',
  'tsconfig.json',
];

export function plant(files: Files): Plant {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'vestibule-arch-'));
  for (const file of [
    ...settings,
    ...globSync('scripts/check-{architecture,house,threats}.*', { cwd: house }),
  ])
    cpSync(join(house, file), join(root, file));
  // A junction asks for no right on Windows; elsewhere the word is ignored.
  symlinkSync(join(house, 'node_modules'), join(root, 'node_modules'), 'junction');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return {
    root,
    run: (script, options = {}) => npmRun(root, script, options),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The house's own package.json with other dependencies, for checkers that read them. */
export function manifest(dependencies: Readonly<Record<string, string>>): string {
  const own: object = JSON.parse(readFileSync(join(house, 'package.json'), 'utf8'));
  return JSON.stringify({ ...own, dependencies, devDependencies: {}, optionalDependencies: {} });
}

function npmRun(cwd: string, script: string, { args = [], pathFirst }: RunOptions) {
  const npm = pathFirst
    ? // npm puts node_modules/.bin first: what must come before it goes into the shell's own PATH.
      ['exec', '--no', '-c', `PATH="${pathFirst}${delimiter}$PATH" ${scriptText(script)}`]
    : ['run', '--silent', script, '--', ...args];
  return new Promise<{ failed: boolean; output: string }>((resolve) => {
    execFile(
      'npm',
      npm,
      { cwd, shell: process.platform === 'win32', maxBuffer: 1 << 26, env: plainEnv() },
      (error, stdout, stderr) =>
        resolve({ failed: error !== null, output: `${stdout}\n${stderr}` }),
    );
  });
}

function scriptText(script: string): string {
  const own: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(house, 'package.json'), 'utf8'),
  );
  return own.scripts[script] ?? '';
}

/** Without the runner's own variables: a child must not take itself for a part of this run. */
function plainEnv(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|npm_|NODE_ENV)/.test(name));
  return { ...Object.fromEntries(own), NO_COLOR: '1', FORCE_COLOR: '0' };
}
