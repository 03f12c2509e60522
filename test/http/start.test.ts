/** What must not serve anybody does not start, and says which setting is at fault. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../shared/compose.ts';
import { ConfigError, readConfig } from '../../shared/config.ts';
import { applyConfiguration } from '../../shared/flows/configuration/apply.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
});
afterAll(() => world.close());

const key = Buffer.alloc(32, 7).toString('base64url');
const local = {
  VESTIBULE_ISSUER: 'http://localhost:7071',
  VESTIBULE_TABLES: 'UseDevelopmentStorage=true',
  VESTIBULE_LOCAL_KEY: key,
} as const;
const production = {
  VESTIBULE_ISSUER: 'https://login.fabrikam.example',
  VESTIBULE_TABLES: 'https://fabrikam.table.core.windows.net',
  VESTIBULE_VAULT: 'https://fabrikam.vault.azure.net',
  AZURE_CLIENT_ID: '00000000-0000-4000-8000-00000000c11e',
} as const;

type Env = Readonly<Record<string, string | undefined>>;
const seed = {
  VESTIBULE_SEED_CLIENT_ID: '00000000-0000-4000-8000-000000000000',
  VESTIBULE_SEED_CLIENT_SECRET: 'a secret of enough letters',
};
const mail = 'endpoint=https://fabrikam.communication.azure.com/;accesskey=bWFpbC1rZXk=';
const https = 'https://x.example';

const refused: readonly (readonly [string, string, Env])[] = [
  ['no issuer', 'VESTIBULE_ISSUER', { ...local, VESTIBULE_ISSUER: undefined }],
  ['an issuer that is no URL', 'VESTIBULE_ISSUER', { ...local, VESTIBULE_ISSUER: 'localhost' }],
  ['a path', 'VESTIBULE_ISSUER', { ...local, VESTIBULE_ISSUER: 'http://localhost:7071/x' }],
  ['a final slash', 'VESTIBULE_ISSUER', { ...local, VESTIBULE_ISSUER: 'http://localhost:7071/' }],
  ['a default port', 'VESTIBULE_ISSUER', { ...production, VESTIBULE_ISSUER: `${https}:443` }],
  ['capitals', 'VESTIBULE_ISSUER', { ...production, VESTIBULE_ISSUER: 'https://X.example' }],
  ['a user', 'VESTIBULE_ISSUER', { ...production, VESTIBULE_ISSUER: 'https://u@x.example' }],
  ['plain http', 'VESTIBULE_ISSUER', { ...production, VESTIBULE_ISSUER: 'http://x.example' }],
  [
    'a name that begins like ours',
    'VESTIBULE_ISSUER',
    { ...local, VESTIBULE_ISSUER: 'http://localhost.evil.example' },
  ],
  [
    'a name that begins like an address',
    'VESTIBULE_ISSUER',
    { ...local, VESTIBULE_ISSUER: 'http://127.0.0.1.evil.example' },
  ],
  ['another scheme', 'VESTIBULE_ISSUER', { ...local, VESTIBULE_ISSUER: 'ftp://localhost' }],
  ['loopback on Azure', 'VESTIBULE_ISSUER', { ...local, WEBSITE_SITE_NAME: 'fabrikam' }],
  ['a local key on Azure', 'VESTIBULE_LOCAL_KEY', { ...local, WEBSITE_SITE_NAME: 'fabrikam' }],
  ['an empty site name is Azure too', 'VESTIBULE_LOCAL_KEY', { ...local, WEBSITE_SITE_NAME: '' }],
  ['no tables', 'VESTIBULE_TABLES', { ...local, VESTIBULE_TABLES: undefined }],
  ['empty tables', 'VESTIBULE_TABLES', { ...local, VESTIBULE_TABLES: '' }],
  [
    'an account key',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'AccountName=a;AccountKey=b' },
  ],
  [
    'an account key in capitals',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'ACCOUNTKEY=b' },
  ],
  [
    'a shared access signature',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'SharedAccessSignature=sv' },
  ],
  [
    'development storage',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'UseDevelopmentStorage=true' },
  ],
  [
    'a signature in the address of the tables',
    'VESTIBULE_TABLES',
    {
      ...production,
      VESTIBULE_TABLES: `${production.VESTIBULE_TABLES}/?sv=1&sig=s3cret-signature`,
    },
  ],
  [
    'tables by http',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'http://fabrikam.table.core.windows.net' },
  ],
  [
    'a user of the tables',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: 'https://u@x.example' },
  ],
  [
    'a path of the tables',
    'VESTIBULE_TABLES',
    { ...production, VESTIBULE_TABLES: `${https}/account` },
  ],
  ['no vault', 'VESTIBULE_VAULT', { ...production, VESTIBULE_VAULT: undefined }],
  ['an empty vault', 'VESTIBULE_VAULT', { ...production, VESTIBULE_VAULT: '' }],
  ['a vault by http', 'VESTIBULE_VAULT', { ...production, VESTIBULE_VAULT: 'http://x.example' }],
  [
    'a stand-in of the vault',
    'VESTIBULE_VAULT',
    { ...production, VESTIBULE_VAULT: 'http://127.0.0.1:1' },
  ],
  ['a key of the vault', 'VESTIBULE_VAULT', { ...production, VESTIBULE_VAULT: `${https}/keys/x` }],
  [
    'a vault by http in the local world, elsewhere',
    'VESTIBULE_VAULT',
    { ...local, VESTIBULE_LOCAL_KEY: undefined, VESTIBULE_VAULT: 'http://x.example' },
  ],
  ['a vault and a local key', 'VESTIBULE_LOCAL_KEY', { ...local, VESTIBULE_VAULT: https }],
  ['no key at all', 'VESTIBULE_LOCAL_KEY', { ...local, VESTIBULE_LOCAL_KEY: undefined }],
  ['another place for keys', 'VESTIBULE_SIGNING', { ...production, VESTIBULE_SIGNING: 'local' }],
  ['an empty identity', 'AZURE_CLIENT_ID', { ...production, AZURE_CLIENT_ID: '' }],
  [
    'mail by http',
    'VESTIBULE_MAIL',
    { ...production, VESTIBULE_MAIL: 'endpoint=http://x/', VESTIBULE_MAIL_SENDER: 'a@b.example' },
  ],
  ['a local key', 'VESTIBULE_LOCAL_KEY', { ...production, VESTIBULE_LOCAL_KEY: key }],
  ['a short key', 'VESTIBULE_LOCAL_KEY', { ...local, VESTIBULE_LOCAL_KEY: 'x' }],
  [
    'a mail connection string',
    'VESTIBULE_MAIL',
    { ...production, VESTIBULE_MAIL: mail, VESTIBULE_MAIL_SENDER: 'no-reply@fabrikam.example' },
  ],
  [
    'a mail connection string without its key',
    'VESTIBULE_MAIL',
    { ...local, VESTIBULE_MAIL: 'endpoint=https://x/', VESTIBULE_MAIL_SENDER: 'a@b.example' },
  ],
  ['mail without a sender', 'VESTIBULE_MAIL', { ...local, VESTIBULE_MAIL: mail }],
  [
    'a sender without a service',
    'VESTIBULE_MAIL',
    { ...local, VESTIBULE_MAIL_SENDER: 'no-reply@fabrikam.example' },
  ],
  [
    'a sender that is no address',
    'VESTIBULE_MAIL_SENDER',
    { ...local, VESTIBULE_MAIL: mail, VESTIBULE_MAIL_SENDER: 'Fabrikam' },
  ],
  ['a seeded client', 'VESTIBULE_SEED_CLIENT_ID', { ...production, ...seed }],
  [
    'half a seeded client',
    'VESTIBULE_SEED_CLIENT_ID',
    { ...local, ...seed, VESTIBULE_SEED_CLIENT_SECRET: undefined },
  ],
  [
    'a short seeded secret',
    'VESTIBULE_SEED_CLIENT_SECRET',
    { ...local, ...seed, VESTIBULE_SEED_CLIENT_SECRET: 'x' },
  ],
  [
    'an admin issuer by http',
    'VESTIBULE_ADMIN_ISSUER',
    { ...production, VESTIBULE_ADMIN_ISSUER: 'http://x', VESTIBULE_ADMIN_AUDIENCE: 'y' },
  ],
  [
    'an admin issuer without audience',
    'VESTIBULE_ADMIN_ISSUER',
    { ...production, VESTIBULE_ADMIN_ISSUER: https },
  ],
  [
    'an unknown source of addresses',
    'VESTIBULE_CLIENT_ADDRESS',
    { ...local, VESTIBULE_CLIENT_ADDRESS: 'x-real-ip' },
  ],
  [
    'Front Door without its id',
    'VESTIBULE_FRONT_DOOR_ID',
    { ...production, VESTIBULE_CLIENT_ADDRESS: 'frontDoor' },
  ],
  [
    'the id of a Front Door that is not asked for',
    'VESTIBULE_FRONT_DOOR_ID',
    { ...production, VESTIBULE_FRONT_DOOR_ID: crypto.randomUUID() },
  ],
  [
    'a Front Door by its name',
    'VESTIBULE_FRONT_DOOR_ID',
    {
      ...production,
      VESTIBULE_CLIENT_ADDRESS: 'frontDoor',
      VESTIBULE_FRONT_DOOR_ID: 'afd-fabrikam',
    },
  ],
];

test.each(refused)('%s: refused, naming %s and no value', (_title, variable, env) => {
  let thrown: unknown;
  try {
    readConfig(env);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConfigError);
  const { message } = thrown as ConfigError;
  expect(message).toContain(variable);
  for (const value of [
    key,
    seed.VESTIBULE_SEED_CLIENT_SECRET,
    'AccountKey=b',
    'bWFpbC1rZXk=',
    's3cret',
  ])
    expect(message).not.toContain(value);
});

test('every fault is named at once', () => {
  const env = { ...local, ...seed, WEBSITE_SITE_NAME: 'fabrikam', VESTIBULE_ADMIN_AUDIENCE: 'x' };
  expect(() => readConfig(env)).toThrow(
    /VESTIBULE_ISSUER[\s\S]*VESTIBULE_LOCAL_KEY[\s\S]*VESTIBULE_TABLES[\s\S]*VESTIBULE_SEED[\s\S]*VESTIBULE_ADMIN/,
  );
});

test('the local world and a deployment are told apart by the issuer', () => {
  for (const VESTIBULE_ISSUER of ['http://localhost:7071', 'http://127.0.0.1', 'http://[::1]:1'])
    expect(readConfig({ ...local, VESTIBULE_ISSUER }).isLocalWorld).toBe(true);
  expect(readConfig(local)).toMatchObject({ keys: { kind: 'local' } });
  expect(readConfig(production)).toMatchObject({ isLocalWorld: false });
});

test('a deployment uses tables, vault and mail with its identity alone', () => {
  const sender = 'no-reply@fabrikam.example';
  const mailed = { VESTIBULE_MAIL: `endpoint=${https}/`, VESTIBULE_MAIL_SENDER: sender };
  expect(readConfig({ ...production, ...mailed, WEBSITE_SITE_NAME: 'fabrikam' })).toMatchObject({
    tables: { url: production.VESTIBULE_TABLES },
    keys: { kind: 'vault', url: production.VESTIBULE_VAULT, signing: 'keyvault' },
    mail: { endpoint: https, sender },
    managedIdentity: production.AZURE_CLIENT_ID,
  });
  expect(readConfig({ ...production, VESTIBULE_SIGNING: 'wrapped' })).toMatchObject({
    keys: { signing: 'wrapped' },
  });
  // Cosmos DB writes its table endpoints like this
  const cosmos = 'https://fabrikam.table.cosmos.azure.com:443/';
  expect(readConfig({ ...production, VESTIBULE_TABLES: cosmos }).tables).toEqual({ url: cosmos });
});

test('what the templates hand over is taken as Azure writes it', () => {
  const id = '7c9a1b52-3d7e-4f0a-9b64-0c1d2e3f4a5b';
  const sender = `DoNotReply@${id}.azurecomm.net`;
  const given = {
    ...production,
    WEBSITE_SITE_NAME: 'func-vestibule-abc',
    VESTIBULE_TABLES: 'https://stdataabc.table.core.windows.net/',
    VESTIBULE_VAULT: 'https://kv-abc.vault.azure.net/',
    VESTIBULE_SIGNING: 'keyvault',
    VESTIBULE_MAIL: 'endpoint=https://acs-abc.europe.communication.azure.com',
    VESTIBULE_MAIL_SENDER: sender,
    VESTIBULE_CLIENT_ADDRESS: 'frontDoor',
    VESTIBULE_FRONT_DOOR_ID: id.toUpperCase(),
    VESTIBULE_ADMIN_ISSUER: `https://login.microsoftonline.com/${id}/v2.0`,
    VESTIBULE_ADMIN_AUDIENCE: id,
    VESTIBULE_COUNTRY_DATA: 'data/dbip-country.mmdb',
    VESTIBULE_VALID_FROM: '2026-01-31T12:00:00Z',
    AZURE_CLIENT_ID: id,
  };
  expect(readConfig(given)).toMatchObject({
    keys: { url: 'https://kv-abc.vault.azure.net' },
    mail: { sender },
    clientAddress: { kind: 'frontDoor', id },
  });
});

// ── the host itself ──────────────────────────────────────────────────────────────────────────

const root = resolve(import.meta.dirname, '../..');
const entry = `
  import { globSync } from 'node:fs';
  import { startHost } from './dev/host/start-host.ts';
  const host = await startHost({ port: 0, log: () => {}, load: globSync(process.cwd() + '/functions/*.ts').sort() });
  const answer = await fetch(host.url + '/.well-known/openid-configuration');
  console.log('serves', answer.status);
  await host.close();
`;

async function runHost(env: Env) {
  const { PATH = '' } = process.env;
  const given = Object.fromEntries(
    Object.entries({ PATH, ...env }).filter(([, v]) => v !== undefined),
  );
  const child = spawn(process.execPath, ['--input-type=module', '-e', entry], {
    cwd: root,
    env: given as NodeJS.ProcessEnv,
  });
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { out, err, exitCode };
}

test('the host serves in the local world and deployed, and does not start on Azure or with local keys elsewhere', async () => {
  const [serves, deployed, onAzure, elsewhere] = await Promise.all([
    runHost(local),
    runHost({ ...production, WEBSITE_SITE_NAME: 'fabrikam' }),
    runHost({ ...local, WEBSITE_SITE_NAME: 'fabrikam' }),
    runHost({ ...local, VESTIBULE_ISSUER: production.VESTIBULE_ISSUER }),
  ]);
  expect(serves.err).toBe('');
  expect(serves).toMatchObject({ out: 'serves 200\n', exitCode: 0 });
  expect(deployed).toMatchObject({ out: 'serves 200\n', err: '', exitCode: 0 });
  for (const [host, variable] of [
    [onAzure, 'VESTIBULE_LOCAL_KEY'],
    [elsewhere, 'VESTIBULE_TABLES'],
  ] as const) {
    expect(host.exitCode).not.toBe(0);
    expect(host.out).toBe('');
    expect(host.err).toContain(variable);
    expect(host.err).not.toContain(key);
  }
});

// ── partners ─────────────────────────────────────────────────────────────────────────────────

test('a partner by http or on loopback is refused where the issuer is none', async () => {
  const house = compose();
  const apply = (issuer: string) => {
    const contoso = JSON.parse(world.files['partners/contoso.json'] ?? '{}') as object;
    const folder = {
      ...world.files,
      'partners/contoso.json': JSON.stringify({ ...contoso, issuer }),
    };
    const input = { folder, dryRun: true, administrator: 'test', isLocalWorld: false };
    return applyConfiguration(house, input, world.clock());
  };
  for (const issuer of [
    world.partner.issuer,
    'http://127.0.0.1',
    'https://localhost',
    'https://[::1]',
  ])
    expect(await apply(issuer)).toMatchObject({
      kind: 'faults',
      faults: [{ file: 'partners/contoso.json', pointer: '/issuer' }],
    });
  expect(await apply('https://login.contoso.example')).toMatchObject({
    kind: 'applied',
    dryRun: true,
  });
});

test('http elsewhere is refused in the local world too', async () => {
  const file = world.files['partners/contoso.json'] ?? '';
  for (const issuer of [
    'http://contoso.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
  ]) {
    const got = await world.apply({
      'partners/contoso.json': file.replace(world.partner.issuer, issuer),
    });
    expect(got.status).toBe(400);
    expect(got.text).toContain('partners/contoso.json#/issuer');
  }
});
