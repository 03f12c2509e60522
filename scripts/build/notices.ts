import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that a list of files belongs to, by folder. */
export function packagesOf(inputs: readonly string[]): readonly string[] {
  const folders = inputs.flatMap((input) => {
    const found = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    return found ? [found[0]] : [];
  });
  return [...new Set(folders)].sort();
}

type Manifest = { readonly name: string; readonly version: string; readonly license?: string };

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Who wrote what the artefact holds, and under which terms: every package with its own text. */
export function licences(folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = manifestOf(folder);
    const [text] = globSync(licenceFile, { cwd: folder }).sort();
    const own =
      text === undefined ? 'No text of its own.' : readFileSync(join(folder, text), 'utf8');
    return `${name} ${version} (${license ?? 'no licence named'})\n\n${own.trim()}\n`;
  });
  return [heading, ...parts].join(`\n${'─'.repeat(80)}\n\n`);
}

const licenceFile = '{*licen[cs]e,*LICEN[CS]E,*Licen[cs]e,copying,COPYING}{,.md,.txt}';

const heading = `What this app is made of, beside its own code.

Countries of addresses: IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0.
`;

type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> };

/**
 * CycloneDX 1.5: the packages that are in the artefact, each with the hash that the lock file holds it
 * to. Ours and not `npm sbom`: that lists what is installed, and leaves out packages that tools need, too.
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function billOfMaterials(folders: readonly string[]): string {
  const own = manifestOf('.');
  const { packages }: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const byPurl = new Map(
    folders.map((folder) => {
      const { name, version } = manifestOf(folder);
      // a package that lies in two folders is one part
      return [purlOf(name, version), folder] as const;
    }),
  );
  const components = [...byPurl].map(([purl, folder]) => {
    const { name, version, license } = manifestOf(folder);
    const integrity = packages[folder]?.integrity?.split('-');
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      ...(license === undefined ? {} : { licenses: [licenceOf(license)] }),
      purl,
      ...(integrity?.[1] === undefined ? {} : { hashes: [hashOf(integrity[1])] }),
    };
  });
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purlOf(own.name, own.version),
        name: own.name,
        version: own.version,
      },
    },
    components,
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** An SPDX expression, or in words where a package says it in words. */
const licenceOf = (text: string) =>
  /^SEE /i.test(text) ? { license: { name: text } } : { expression: text };

/** @see https://github.com/package-url/purl-spec */
const purlOf = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

const hashOf = (base64: string) => ({
  alg: 'SHA-512',
  content: Buffer.from(base64, 'base64').toString('hex'),
});
