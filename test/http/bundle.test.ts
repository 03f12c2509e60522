import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectRegistrations } from '../../dev/host/functions-core.ts';
import { type Built, buildApp, faultsOf } from '../../scripts/build/build-app.ts';
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

const environment = {
  VESTIBULE_ISSUER: 'http://localhost:7071',
  VESTIBULE_TABLES: 'UseDevelopmentStorage=true',
  VESTIBULE_LOCAL_KEY: 'A'.repeat(43),
};

describe('the built app', () => {
  it('registers every function that there is a file for, under its name', async () => {
    const names = globSync('functions/*.ts').map((file) => basename(file, '.ts'));
    // each function reads the environment while it loads
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const registered = await collectRegistrations(() => import(/* @vite-ignore */ main()));
    vi.unstubAllEnvs();
    expect(registered.map(({ name }) => name).sort()).toEqual(names.sort());
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

  it('R57 lists its parts: every package with its licence, and a bill of materials', () => {
    const text = readFileSync(join(folder, 'app/THIRD-PARTY-LICENCES.txt'), 'utf8');
    const direct: Readonly<Record<string, string>> = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ).dependencies;
    for (const [name, version] of Object.entries(direct))
      expect(text.includes(`\n${name} ${version} (`), name).toBe(true);
    expect(text.includes('https://db-ip.com')).toBe(true);
    const { components } = JSON.parse(readFileSync(join(folder, 'app/sbom.cdx.json'), 'utf8'));
    for (const [name, version] of Object.entries(direct))
      expect(components).toContainEqual(
        expect.objectContaining({ name, version, hashes: [expect.anything()] }),
      );
  });

  it('A127 holds no source map, no path of the machine it was built on, no test', () => {
    const text = readFileSync(main(), 'utf8');
    for (const trace of ['sourceMappingURL', process.cwd(), 'vitest', 'startAzurite'])
      expect(text.includes(trace), trace).toBe(false);
  });

  it('says what is wrong with another one', () => {
    expect(faultsOf(built)).toEqual([]);
    const [first, ...others] = built.files;
    const grown = others.map((each) =>
      each.file === 'main.cjs' ? { ...each, bytes: 900_001 } : each,
    );
    const stranger = { file: 'secret.env', bytes: 1, sha256: '' };
    expect(faultsOf({ ...built, files: [...grown, stranger] })).toEqual([
      `${first?.file} is missing`,
      'secret.env does not belong there',
      'main.cjs has 900001 bytes; 900000 at most',
    ]);
  });
});
