import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** Of the built app: what the Functions host loads first. */
export const mainFile = 'main.cjs';
/** All functions. */
export const bundleFile = 'app.cjs';

/**
 * A worker that starts again on its instance finds the code compiled. A file of its own: what is
 * being run when the cache is opened is compiled already, and so is never kept.
 */
const main = `require('node:module').enableCompileCache();\nrequire('./${bundleFile}');\n`;

/**
 * Loaded by the first request to that service, and large: each is a file of its own that an instance
 * reads only then, with no more of it than the app uses. What they share is in each of them.
 */
export const lazyPackages: Readonly<Record<string, readonly string[]>> = {
  '@azure/communication-email': ['EmailClient'],
  '@azure/data-tables': ['odata', 'RestError', 'TableClient'],
  '@azure/identity': ['ManagedIdentityCredential'],
  '@azure/keyvault-keys': ['CryptographyClient', 'KeyClient'],
};

/**
 * Not below `node_modules`: what deploys may take such a folder for its own, and empty it after the manifest,
 * which names no dependency.
 */
export const lazyFile = (name: string): string => `lib/${basename(name)}.cjs`;

const later: Plugin = {
  name: 'later',
  setup(building) {
    building.onResolve({ filter: /^@azure\// }, ({ path }) =>
      path in lazyPackages ? { path: `./${lazyFile(path)}`, external: true } : undefined,
    );
  },
};

const common = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
} as const satisfies BuildOptions;

/** The QR code is drawn by our own SVG: the library's writers of pictures stay out. */
const alias = { qrcode: 'qrcode/lib/core/qrcode.js' };

export type Bundled = {
  /** What went into it, by path. */
  readonly inputs: readonly string[];
  /** Files that an `import()` of ours names, and whether the start runs them all the same. */
  readonly lazy: readonly { readonly file: string; readonly runsAtStart: boolean }[];
};

/**
 * All functions as one minified CommonJS file. Source maps lie apart: they are for us, and an attacker
 * would read them with pleasure.
 */
export async function bundle(out: string, mapFile: string, root = process.cwd()): Promise<Bundled> {
  const functions = globSync('functions/*.ts', { cwd: root }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const entry = functions
    .sort()
    .map((file) => `import './${file}';`)
    .join('\n');
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: entryName, loader: 'ts' },
    absWorkingDir: root,
    outfile: join(out, bundleFile),
    ...common,
    sourcemap: 'external',
    sourcesContent: false,
    // the host's own module
    external: ['@azure/functions-core'],
    plugins: [later],
    alias,
  });
  for (const { path, contents } of outputFiles) {
    const file = path.endsWith('.map') ? mapFile : path;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  const laterInputs = await Promise.all(
    Object.entries(lazyPackages).map(([name, used]) => bundleLater(out, name, used)),
  );
  writeFileSync(join(out, mainFile), main);
  const inputs = [...Object.keys(metafile.inputs), ...laterInputs.flat()];
  return { inputs, lazy: lazyOf(metafile) };
}

async function bundleLater(out: string, name: string, used: readonly string[]) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { ${used.join(', ')} } from '${name}';`,
      resolveDir: process.cwd(),
    },
    outfile: join(out, lazyFile(name)),
    ...common,
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  return Object.keys(metafile.inputs);
}

const entryName = 'functions.ts';

/** esbuild defers a file only if nothing that runs at the start imports it statically. */
function lazyOf({ inputs }: Metafile): Bundled['lazy'] {
  const atStart = new Set<string>();
  const follow = (file: string): void => {
    if (atStart.has(file)) return;
    atStart.add(file);
    for (const { path, kind, external } of inputs[file]?.imports ?? [])
      if (!external && kind !== 'dynamic-import') follow(path);
  };
  follow(entryName);
  const named = Object.entries(inputs)
    .filter(([file]) => !file.includes('node_modules/'))
    .flatMap(([, { imports }]) => imports)
    .filter(({ kind, external }) => kind === 'dynamic-import' && !external)
    .map(({ path }) => path);
  return [...new Set(named)].sort().map((file) => ({ file, runsAtStart: atStart.has(file) }));
}
