import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** Of the built app: what the Functions host loads first. */
export const mainFile = 'main.cjs';

/**
 * Loaded when the first key or token of the identity is asked for, and large: each is a file of its own
 * that an instance reads only then, with no more of it than the app uses.
 */
export const lazyPackages: Readonly<Record<string, readonly string[]>> = {
  '@azure/identity': ['ManagedIdentityCredential'],
  '@azure/keyvault-keys': ['CryptographyClient', 'KeyClient'],
};

export const lazyFile = (name: string): string => `node_modules/${name}/index.js`;

/** What the process has: the host's own module, and what is loaded later. */
const external = ['@azure/functions-core', ...Object.keys(lazyPackages)];

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

/**
 * All functions as one minified CommonJS file. Source maps lie apart: they are for us, and an attacker
 * would read them with pleasure. Answers what went into it, by path.
 */
export async function bundle(out: string, mapFile: string): Promise<readonly string[]> {
  const functions = globSync('functions/*.ts').map((file) => file.replaceAll('\\', '/'));
  const entry = functions
    .sort()
    .map((file) => `import './${file}';`)
    .join('\n');
  const { outputFiles, metafile } = await build({
    stdin: { contents: `${cache}\n${entry}`, resolveDir: process.cwd(), loader: 'ts' },
    outfile: join(out, mainFile),
    ...common,
    sourcemap: 'external',
    sourcesContent: false,
    external,
    alias,
  });
  for (const { path, contents } of outputFiles) {
    const file = path.endsWith('.map') ? mapFile : path;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  const later = await Promise.all(
    Object.entries(lazyPackages).map(([name, used]) => bundleLater(out, name, used)),
  );
  return [...Object.keys(metafile.inputs), ...later.flat()];
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

/** An instance that starts its worker again finds the code compiled. */
const cache = `import { enableCompileCache } from 'node:module';\nenableCompileCache();`;
