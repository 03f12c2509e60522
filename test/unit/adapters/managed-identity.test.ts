import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startKeyVault } from '../../../dev/key-vault.ts';
import { openAcsMail } from '../../../shared/adapters/acs-mail.ts';
import { openVault } from '../../../shared/adapters/keys/vault.ts';
import { vaultPace } from '../../../shared/adapters/keys/vault-pace.ts';
import { managedIdentity, type TokenSource } from '../../../shared/adapters/managed-identity.ts';
import { openTables } from '../../../shared/adapters/store/tables.ts';

/** Azure's identity endpoint in an app, as the real library asks it. */

const asked: { readonly url: URL; readonly header: string | undefined }[] = [];
let status = 200;
/** Answers that are never given. */
let silent = false;
const server = createServer((request, response) => {
  const header = request.headers['x-identity-header'];
  asked.push({
    url: new URL(request.url ?? '', 'http://here'),
    header: typeof header === 'string' ? header : undefined,
  });
  if (silent) return;
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(
      JSON.stringify(
        status === 200
          ? { access_token: 'given', expires_on: inAnHour, resource: 'x', token_type: 'Bearer' }
          : { error: 'invalid_request', error_description: 'words of the platform' },
      ),
    );
});
const former = { ...process.env };

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${port}/msi/token`;
  process.env['IDENTITY_HEADER'] = 'of-this-app';
});
afterAll(() => {
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const)
    if (former[name] === undefined) delete process.env[name];
    else process.env[name] = former[name];
  server.close();
  server.closeAllConnections();
});
afterEach(() => {
  status = 200;
  silent = false;
  asked.length = 0;
});

const clientId = '00000000-0000-4000-8000-00000000c11e';

it('asks for the identity that is named, and says nothing of its own', async () => {
  const identity = managedIdentity(clientId);
  const got = await identity.getToken('https://vault.azure.net/.default');
  expect(got?.token).toBe('given');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.header).toBe('of-this-app');
  expect(asked[0]?.url.searchParams.get('client_id')).toBe(clientId);
  expect(asked[0]?.url.searchParams.get('resource')).toBe('https://vault.azure.net');
});

it('no token is a fault of ours, without the platform’s words', async () => {
  status = 400;
  const identity = managedIdentity('00000000-0000-4000-8000-00000000dead');
  const thrown = await identity
    .getToken('https://storage.azure.com/.default')
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'identityUnavailable', status: 503 });
  expect(`${String(thrown)} ${String((thrown as Error).cause)}`).not.toContain('words of');
});

/** An address that nobody listens at: who is asked for a token, and for what, shows all the same. */
const nowhere = 'https://127.0.0.1:1';
function noting(): TokenSource & { readonly scopes: string[] } {
  const scopes: string[] = [];
  return {
    scopes,
    async getToken(scope) {
      scopes.push(...[scope].flat());
      return { token: 'given', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

it('tables are used with it, and without a token answer 503', async () => {
  const credential = noting();
  const place = { table: 'config', key: 'x' } as const;
  const tables = openTables({ url: nowhere, credential, deadlineMs: 100 });
  await expect(tables.load(place)).rejects.toMatchObject({ code: 'storageUnavailable' });
  expect(new Set(credential.scopes)).toEqual(new Set(['https://storage.azure.com/.default']));
  status = 400;
  const identity = managedIdentity('00000000-0000-4000-8000-00000000beef');
  const without = openTables({ url: nowhere, credential: identity });
  await expect(without.load(place)).rejects.toMatchObject({ code: 'identityUnavailable' });
});

describe('A123 an identity service that never answers', () => {
  // that each of these ends is what is asserted: the service is silent to the end
  const identity = () => managedIdentity(crypto.randomUUID());

  it('A123 is waited for no longer than the vault', async () => {
    silent = true;
    const now = () => new Date(0);
    await using fake = await startKeyVault({ clock: now });
    const pace = vaultPace(now, 300);
    const vault = openVault({ url: fake.url, credential: identity(), pace });
    const ask = () => vault.newest('signing-es256');
    await expect(ask()).rejects.toMatchObject({ code: 'identityUnavailable', status: 503 });
    // nor by whoever comes next
    await expect(ask()).rejects.toThrow('held back');
    expect(asked).toHaveLength(1);
  });

  it('A123 is waited for no longer than tables', async () => {
    silent = true;
    const tables = openTables({ url: nowhere, credential: identity(), deadlineMs: 300 });
    const load = tables.load({ table: 'config', key: 'x' });
    await expect(load).rejects.toMatchObject({ code: 'identityUnavailable' });
  });

  it('A123 is waited for no longer than mail', async () => {
    silent = true;
    const mail = openAcsMail({ ...mailing, credential: identity() });
    const sent = await mail.send(message, crypto.randomUUID(), AbortSignal.timeout(300));
    expect(sent.kind).toBe('unavailable');
  });
});

const mailing = {
  endpoint: nowhere,
  sender: 'no-reply@fabrikam.example',
  render: () => ({ subject: 's', plainText: 't', html: 'h' }),
} as const;
const message = {
  kind: 'mfaReset',
  to: 'ann@contoso.example',
  reader: 'guest',
  displayName: 'Ann',
  at: new Date(0),
  languages: {},
  organisation: { name: 'Fabrikam', accentColour: '#000000' },
} as const;

it('mail is sent with it', async () => {
  const credential = noting();
  const mail = openAcsMail({ ...mailing, credential });
  const result = await mail.send(message, crypto.randomUUID(), AbortSignal.timeout(5_000));
  expect(result.kind).toBe('unavailable');
  // its resource ends in a slash, which the SDK writes
  expect(credential.scopes).toEqual(['https://communication.azure.com//.default']);
});
