import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectRegistrations, type Registration } from '../../dev/host/functions-core.ts';
import { startKeyVault } from '../../dev/key-vault.ts';
import { type Authenticator, walk, walkingBrowser } from '../../dev/walk.ts';
import { startWorld } from '../../dev/world.ts';
import { type Built, buildApp, faultsOf } from '../../scripts/build/build-app.ts';
import { bundle } from '../../scripts/build/bundle.ts';
import { smoke } from '../../scripts/smoke/checks.ts';
import { lookAt } from '../../scripts/smoke/outside.ts';
import { jsonOf } from '../support/http-send.ts';
import { mailOf, startKillableGateway } from '../support/killable-gateway.ts';
import { mailedWay } from '../support/mailed-way.ts';

/** The app as it is deployed, built for this file alone. */
let folder: string;
let built: Built;
const main = () => join(folder, 'app', 'main.cjs');
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-bundle-'));
  built = await buildApp(join(folder, 'app'), join(folder, 'main.cjs.map'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

type Part = {
  readonly name: string;
  readonly 'bom-ref': string;
  readonly licenses?: readonly { readonly expression?: string }[];
};
const bill = (): { components: readonly Part[]; metadata: { component: Part } } =>
  JSON.parse(readFileSync(join(folder, 'app/sbom.cdx.json'), 'utf8'));

const environment = {
  VESTIBULE_ISSUER: 'http://localhost:7071',
  VESTIBULE_TABLES: 'UseDevelopmentStorage=true',
  VESTIBULE_LOCAL_KEY: 'A'.repeat(43),
};

/** What the host is told: names, routes, methods, schedules. */
const byName = (registrations: readonly Registration[]) =>
  Object.fromEntries(registrations.map(({ callback: _, ...told }) => [told.name, told]));

describe('the built app', () => {
  it('registers every function that there is a file for, as the source does', async () => {
    const files = globSync('functions/*.ts').sort();
    const names = files.map((file) => basename(file, '.ts'));
    // each function reads the environment while it loads
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1');
    const registered = await collectRegistrations(() => import(/* @vite-ignore */ main()));
    const fromSource = await collectRegistrations(async () => {
      for (const file of files) await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href);
    });
    vi.unstubAllEnvs();
    expect(registered.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(byName(registered)).toEqual(byName(fromSource));
  });

  it('takes a configuration, and a guest comes in by it, with a code by mail and an enrolment', async () => {
    await using gateway = await startKillableGateway(1, main());
    const { steps } = mailedWay(gateway, mailOf(0));
    const tokens = await steps.token();
    expect(tokens.status).toBe(200);
    expect(jsonOf(tokens)).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) });
    expect((await steps['mfa-reset']()).status).toBe(200);
    const { plainText } = await gateway.mailbox.waitForMail(mailOf(0), { timeoutMs: 5_000 });
    expect(plainText).toContain('Fabrikam');
  }, 60_000);

  it('takes its keys from a vault, which its identity opens: from files of their own', async () => {
    await using vault = await startKeyVault();
    const identity = createServer((_request, response) => {
      vault.credential
        .getToken()
        .then(({ token, expiresOnTimestamp }) =>
          response.writeHead(200, { 'content-type': 'application/json' }).end(
            JSON.stringify({
              access_token: token,
              expires_on: Math.floor(expiresOnTimestamp / 1000),
              resource: 'https://vault.azure.net',
              token_type: 'Bearer',
            }),
          ),
        )
        .catch(() => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(identity, 'listening');
    await using _ = { [Symbol.asyncDispose]: async () => void identity.close() };
    await using gateway = await startKillableGateway(1, main(), {
      VESTIBULE_LOCAL_KEY: undefined,
      VESTIBULE_VAULT: vault.url,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: 'of-this-app',
    });
    const tokens = await mailedWay(gateway, mailOf(0)).steps.token();
    expect(tokens.status).toBe(200);
    expect(vault.requests.filter(({ operation }) => operation === 'sign').length).toBeGreaterThan(
      2,
    );
  }, 60_000);

  it('lets a partner’s guest in, again by a code and into another app by the session', async () => {
    // what this process has loaded before registers nothing again
    const again = join(folder, 'again');
    cpSync(join(folder, 'app'), again, { recursive: true });
    appendFileSync(join(again, 'main.cjs'), `globalThis[Symbol.for('built')] = true;`);
    await using world = await startWorld({ app: join(again, 'main.cjs') });
    expect(Reflect.get(globalThis, Symbol.for('built'))).toBe(true);
    const [person] = world.people;
    if (!person) throw new Error('Contoso has no people');
    const authenticator: Authenticator = {};
    const browser = walkingBrowser();
    const seen: string[] = [];
    for (const query of ['', 'prompt=login', 'client=public']) {
      const { steps, result } = await walk(world, { person, authenticator, browser, query });
      expect(result).toMatchObject({ signedIn: true, claims: { iss: world.issuer } });
      seen.push(steps.map(({ step }) => step).join());
    }
    expect(seen[0]).toContain('POST /mfa/enrol');
    expect(seen[1]).toContain('POST /mfa/verify');
    expect(seen[2]).not.toContain('POST /mfa');
    for (const { check, faults } of await smoke(lookAt(world.issuer)))
      expect(faults, check).toEqual([]);
  }, 60_000);

  it('R57 lists its parts: every package with its licence, and a bill of materials', () => {
    const text = readFileSync(join(folder, 'app/THIRD-PARTY-LICENCES.txt'), 'utf8');
    const direct: Readonly<Record<string, string>> = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ).dependencies;
    for (const [name, version] of Object.entries(direct))
      expect(text.includes(`\n${name} ${version} (`), name).toBe(true);
    expect(text).toContain('licensed under a Creative Commons Attribution 4.0');
    expect(text).toContain('https://db-ip.com');
    const { components } = bill();
    for (const [name, version] of Object.entries(direct))
      expect(components).toContainEqual(
        expect.objectContaining({ name, version, hashes: [expect.anything()] }),
      );
  });

  it('R57 names each part once, and its licence in SPDX’s words or as a name', () => {
    const { components, metadata } = bill();
    const references = [metadata.component, ...components].map((part) => part['bom-ref']);
    expect(references.filter((each, i) => references.indexOf(each) !== i)).toEqual([]);
    const odd = components
      .flatMap(({ licenses = [] }) => licenses)
      .filter(({ expression = 'MIT' }) => !/^[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*$/.test(expression));
    expect(odd).toEqual([]);
    expect(components.every(({ licenses }) => licenses?.length === 1)).toBe(true);
  });

  it('keeps what it has compiled for the worker that starts next', async () => {
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
    const child = fork(main(), {
      env: { ...inherited, ...environment, TMPDIR: temporary },
      execArgv: [],
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const kept = globSync('node-compile-cache/*/*', { cwd: temporary });
    const sizes = kept.map((file) => readFileSync(join(temporary, file)).length);
    expect(Math.max(0, ...sizes)).toBeGreaterThan(100_000);
  });

  it('finds the countries of addresses where the template says', () => {
    const template = readFileSync('infra/main.bicep', 'utf8');
    const [, named = '?'] = /^param countryData string = '(.+)'$/m.exec(template) ?? [];
    expect(existsSync(join(folder, 'app', named))).toBe(true);
  });

  it('loses nothing where somebody installs what its manifest names', async () => {
    const installed = join(folder, 'installed');
    cpSync(join(folder, 'app'), installed, { recursive: true });
    await promisify(execFile)('npm', ['install', '--offline', '--no-audit', '--no-fund'], {
      cwd: installed,
    });
    const names = globSync('**/*', { cwd: installed });
    for (const { file } of built.files) expect(names).toContain(file);
  });

  it('runs nothing at the start that is imported lazily', async () => {
    for (const file of [
      'adapters/acs-mail',
      'adapters/store/tables-wire',
      'flows/sign-in/authorize',
    ])
      expect(built.lazy).toContainEqual({ file: `shared/${file}.ts`, runsAtStart: false });
    expect(built.lazy.filter(({ runsAtStart }) => runsAtStart)).toEqual([]);
    // an app that imports the same file both ways
    const both = join(folder, 'both');
    mkdirSync(join(both, 'functions'), { recursive: true });
    writeFileSync(join(both, 'lazy.ts'), 'export const drawn = 1;');
    writeFileSync(join(both, 'functions/one.ts'), "void import('../lazy.ts');");
    writeFileSync(join(both, 'functions/other.ts'), "import '../lazy.ts';");
    const { lazy } = await bundle(join(both, 'out'), join(both, 'map'), both);
    expect(lazy).toEqual([{ file: 'lazy.ts', runsAtStart: true }]);
    expect(faultsOf({ ...built, lazy })).toEqual([
      'lazy.ts is imported lazily, and runs at the start all the same',
    ]);
  });

  it('A127 holds no source map, no path of the machine it was built on, no test', () => {
    const text = readFileSync(join(folder, 'app/app.cjs'), 'utf8');
    for (const trace of ['sourceMappingURL', process.cwd(), 'vitest', 'startAzurite'])
      expect(text.includes(trace), trace).toBe(false);
  });

  it('says what is wrong with another one', () => {
    expect(faultsOf(built)).toEqual([]);
    const [first, ...others] = built.files;
    const stranger = { file: 'secret.env', bytes: 1, sha256: '' };
    expect(faultsOf({ ...built, codeBytes: 900_001, files: [...others, stranger] })).toEqual([
      `${first?.file} is missing`,
      'secret.env does not belong there',
      'the code has 900001 bytes; 900000 at most',
    ]);
  });
});
