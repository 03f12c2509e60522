import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** Of the built app: what the Functions host loads first. */
export const mainFile = 'main.cjs';

/** What the process has, the host's or ours. */
const external = ['@azure/functions-core'];

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
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    write: false,
    external,
    alias,
  });
  for (const { path, contents } of outputFiles) {
    const file = path.endsWith('.map') ? mapFile : path;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  return Object.keys(metafile.inputs);
}

/** An instance that starts its worker again finds the code compiled. */
const cache = `import { enableCompileCache } from 'node:module';\nenableCompileCache();`;
