import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hashSecret } from '../../shared/checks/client-authentication.ts';

/** The example folder as a test house applies it: its secrets are ones that tests know. */
export type Files = Readonly<Record<string, string>>;

export const secrets = {
  partner: 'partner-secret-of-contoso-5b1c',
  woodgrove: 'client-secret-of-woodgrove-9f27',
  timesheets: 'client-secret-of-timesheets-71d0',
  admin: 'client-secret-of-automation-c3e8',
} as const;

export const appIds = {
  woodgrove: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b001',
  desktop: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b002',
  timesheets: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b003',
  admin: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b0ad',
} as const;

export const redirectUri = 'http://[::1]:7090/callback';

const folder = resolve(import.meta.dirname, '../../examples/fabrikam');

const hashes: Files = {
  'apps/woodgrove.json': hashSecret(secrets.woodgrove),
  'apps/timesheets.json': hashSecret(secrets.timesheets),
  'apps/admin-automation.json': hashSecret(secrets.admin),
};

export function exampleFiles(): Record<string, string> {
  return Object.fromEntries(
    globSync('**/*.json', { cwd: folder })
      .map((file) => file.replaceAll('\\', '/'))
      .sort()
      .map((file) => [file, replaced(file, readFileSync(join(folder, file), 'utf8'))]),
  );
}

const replaced = (file: string, text: string): string =>
  text
    .replace(/\{ "env": "CONTOSO_CLIENT_SECRET" \}/, JSON.stringify(secrets.partner))
    .replaceAll(/sha256:[A-Za-z0-9_-]{43}/g, (hash) => hashes[file] ?? hash);

/** One file changed: members given replace, `undefined` takes one away. */
export function edited(files: Files, file: string, members: Readonly<Record<string, unknown>>) {
  const before: unknown = JSON.parse(files[file] ?? '{}');
  return { ...files, [file]: JSON.stringify({ ...(before as object), ...members }) };
}

export function without(files: Files, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([file]) => !names.includes(file)));
}

/** A policy for every guest and app, with what makes it this one. */
export const policy = (id: number, more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    id: `b0119999-0c0a-4a10-9e01-${String(id).padStart(12, '0')}`,
    displayName: `Test policy ${id}`,
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
    },
    grantControls: { operator: 'OR', builtInControls: ['block'] },
    ...more,
  });
