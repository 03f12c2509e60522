/**
 * A package changes after it was locked, or brings a script that would run where it is installed. Seen
 * with npm itself and a package of our own making, as `.ci/run` and the README call it.
 */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-supply-'));
const user = join(folder, 'user');
const ran = join(folder, 'ran');
const cache = join(folder, 'cache');
const tarball = join(folder, 'parcel-1.0.0.tgz');

type Manifest = Readonly<Record<string, unknown>> & { readonly version: string };

const npm = (args: readonly string[], cwd: string) =>
  promisify(execFile)('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
    cwd,
    env: { PATH: process.env['PATH'], npm_config_cache: cache },
  });

/** A package whose script leaves a trace; `code` is what makes one differ from another. */
async function pack(code: string): Promise<void> {
  const source = join(folder, 'parcel');
  mkdirSync(source, { recursive: true });
  const postinstall = `node -e "require('node:fs').writeFileSync(process.env.INIT_CWD + '/../ran', '')"`;
  writeJson(join(source, 'package.json'), {
    name: 'parcel',
    version: '1.0.0',
    scripts: { postinstall },
  });
  writeFileSync(join(source, 'index.js'), code);
  await npm(['pack', '--pack-destination', folder], source);
}

const writeJson = (file: string, manifest: Manifest) =>
  writeFileSync(file, JSON.stringify(manifest));

beforeAll(async () => {
  await pack('module.exports = 1;');
  mkdirSync(user);
  const dependencies = { parcel: `file:${tarball}` };
  writeJson(join(user, 'package.json'), { name: 'user', version: '1.0.0', dependencies });
  await npm(['install', '--package-lock-only', '--ignore-scripts'], user);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** As they stand in the gate. */
const gate = /^npm (ci.*)$/m.exec(readFileSync('.ci/run', 'utf8'))?.[1]?.split(' ') ?? [];

describe('A128 R57 supply chain', () => {
  it('A128 the gate installs what is locked, and runs no script of it', async () => {
    expect(gate).toEqual(['ci', '--ignore-scripts']);
    await npm(gate, user);
    expect(existsSync(join(user, 'node_modules/parcel/index.js'))).toBe(true);
    expect(existsSync(ran)).toBe(false);
  });

  it('A128 a package that changed after it was locked is not installed', async () => {
    await pack('module.exports = 2;');
    rmSync(join(user, 'node_modules'), { recursive: true });
    // what was locked would be taken from there, whatever lies in its place
    rmSync(cache, { recursive: true });
    await expect(npm(gate, user)).rejects.toMatchObject({
      stderr: expect.stringContaining('EINTEGRITY'),
    });
    expect(existsSync(join(user, 'node_modules/parcel/index.js'))).toBe(false);
  });

  it('A128 nor is one that the lock does not know', async () => {
    await pack('module.exports = 1;');
    const manifest = JSON.parse(readFileSync(join(user, 'package.json'), 'utf8'));
    writeJson(join(user, 'package.json'), {
      ...manifest,
      dependencies: { ...manifest.dependencies, parcell: '1.0.0' },
    });
    await expect(npm(gate, user)).rejects.toMatchObject({
      stderr: expect.stringContaining('parcell'),
    });
  });
});
