import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { assertions } from '../../scripts/infra/assertions.ts';
import { checkInfra } from '../../scripts/infra/check.ts';
import { parseBicep } from '../../scripts/infra/parse.ts';

const { infra, faults } = await checkInfra('infra');
const made = infra.files.flatMap((file) => file.resources.filter(({ isExisting }) => !isExisting));
const of = (type: string) => made.filter((one) => one.type === type);

it('the templates have no fault', () => {
  expect(faults).toEqual([]);
});

it.each([
  'no-shared-keys',
  'no-local-auth',
  'managed-identity',
  'no-publishing-passwords',
  'tls',
  'shut-network',
  'roles',
])('R58 deployed with managed identity and nothing open: %s', (name) => {
  const assertion = assertions.find((one) => one.name === name);
  expect(assertion?.faults(infra)).toEqual([]);
});

it('R58 what is asserted is there to be asserted', () => {
  expect(of('Microsoft.Storage/storageAccounts').map(({ name }) => name)).toEqual(['host', 'data']);
  expect(of('Microsoft.Web/sites')).toHaveLength(1);
  expect(of('Microsoft.KeyVault/vaults')).toHaveLength(1);
  expect(of('Microsoft.KeyVault/vaults/keys')).toHaveLength(3);
  expect(of('Microsoft.DocumentDB/databaseAccounts')).toHaveLength(1);
  expect(of('Microsoft.Communication/communicationServices')).toHaveLength(1);
  expect(of('Microsoft.Authorization/roleAssignments')).toHaveLength(7);
  expect(of('Microsoft.Insights/dataCollectionRules')).toHaveLength(1);
});

it('an assertion says nothing of a template that has no such resource', async () => {
  const empty = await parseBicep('modules/empty.bicep', 'param name string\n');
  const said = assertions
    .filter(({ name }) => name !== 'query-strings')
    .flatMap(({ faults: ask }) => ask({ folder: 'infra', files: [empty] }));
  expect(said).toEqual([]);
});

it('the program fails on a fault, and says where', () => {
  using copy = mkdtempDisposableSync(join(tmpdir(), 'infra-'));
  cpSync('infra', join(copy.path, 'infra'), { recursive: true });
  const run = () =>
    spawnSync(process.execPath, [resolve('scripts/check-infra.ts')], {
      cwd: copy.path,
      encoding: 'utf8',
    });
  expect(run()).toMatchObject({ status: 0, stderr: '' });

  const vault = join(copy.path, 'infra/modules/vault.bicep');
  const text = readFileSync(vault, 'utf8');
  writeFileSync(vault, text.replace('enablePurgeProtection: true', 'enablePurgeProtection: false'));
  const failed = run();
  expect(failed.status).toBe(1);
  expect(failed.stderr).toMatch(/^infra\/modules\/vault\.bicep:\d+: purge-protection: vault: /);
});
