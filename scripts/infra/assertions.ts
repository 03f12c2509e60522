/** What must stay true of the templates, whatever else changes: each by its name. */

import { logs, queryStrings } from './assert-logs.ts';
import { network, publishingPasswords } from './assert-network.ts';
import { appSettings, secretOutputs, secrets } from './assert-secrets.ts';
import { keys, roleAssignments, vaultByRoles } from './assert-vault.ts';
import {
  type Assertion,
  always,
  cosmosAccounts,
  sites,
  storageAccounts,
  vaults,
  workspaces,
} from './asserting.ts';
import type { Fault, Infra } from './model.ts';

export const assertions: readonly Assertion[] = [
  {
    name: 'no-shared-keys',
    faults: always(
      storageAccounts,
      ['properties.allowSharedKeyAccess', false],
      ['properties.isLocalUserEnabled', false],
      ['properties.allowBlobPublicAccess', false],
    ),
  },
  {
    name: 'no-local-auth',
    faults: (infra) => [
      ...always('Microsoft.Insights/components', ['properties.DisableLocalAuth', true])(infra),
      ...always(workspaces, ['properties.features.disableLocalAuth', true])(infra),
      ...always('Microsoft.Communication/communicationServices', [
        'properties.disableLocalAuth',
        true,
      ])(infra),
      ...always(cosmosAccounts, ['properties.disableLocalAuth', true])(infra),
    ],
  },
  {
    name: 'managed-identity',
    faults: always(
      sites,
      ['identity.type', 'UserAssigned'],
      [
        'properties.functionAppConfig.deployment.storage.authentication.type',
        'UserAssignedIdentity',
      ],
    ),
  },
  { name: 'no-publishing-passwords', faults: publishingPasswords },
  {
    name: 'tls',
    faults: (infra) => [
      ...always(
        storageAccounts,
        ['properties.minimumTlsVersion', 'TLS1_2', 'TLS1_3'],
        ['properties.supportsHttpsTrafficOnly', true],
      )(infra),
      ...always(cosmosAccounts, ['properties.minimalTlsVersion', 'Tls12'])(infra),
      ...always(
        sites,
        ['properties.httpsOnly', true],
        ['properties.siteConfig.minTlsVersion', '1.2', '1.3'],
        ['properties.siteConfig.scmMinTlsVersion', '1.2', '1.3'],
      )(infra),
    ],
  },
  { name: 'shut-network', faults: network },
  {
    name: 'purge-protection',
    faults: always(
      vaults,
      ['properties.enablePurgeProtection', true],
      ['properties.enableSoftDelete', true],
      ['properties.softDeleteRetentionInDays', 90],
    ),
  },
  { name: 'vault-by-roles', faults: vaultByRoles },
  { name: 'keys', faults: keys },
  { name: 'roles', faults: roleAssignments },
  { name: 'no-secrets', faults: secrets },
  { name: 'no-secret-outputs', faults: secretOutputs },
  { name: 'app-settings', faults: appSettings },
  { name: 'query-strings', faults: queryStrings },
  { name: 'logs', faults: logs },
];

export function assertionFaults(infra: Infra): readonly Fault[] {
  return assertions.flatMap(({ name, faults }) =>
    faults(infra).map(([file, line, detail]) => ({ file: file.path, line, rule: name, detail })),
  );
}
