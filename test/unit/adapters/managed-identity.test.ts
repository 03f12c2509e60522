import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openAcsMail } from '../../../shared/adapters/acs-mail.ts';
import { managedIdentity, type TokenSource } from '../../../shared/adapters/managed-identity.ts';
import { openTables } from '../../../shared/adapters/tables.ts';

/** Azure's identity endpoint in an app, as the real library asks it. */

const asked: { readonly url: URL; readonly header: string | undefined }[] = [];
let status = 200;
const server = createServer((request, response) => {
  const header = request.headers['x-identity-header'];
  asked.push({
    url: new URL(request.url ?? '', 'http://here'),
    header: typeof header === 'string' ? header : undefined,
  });
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
});
afterEach(() => {
  status = 200;
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

it('mail is sent with it', async () => {
  const credential = noting();
  const mail = openAcsMail({
    endpoint: nowhere,
    credential,
    sender: 'no-reply@fabrikam.example',
    render: () => ({ subject: 's', plainText: 't', html: 'h' }),
  });
  const message = {
    kind: 'mfaReset',
    to: 'ann@contoso.example',
    reader: 'guest',
    displayName: 'Ann',
    at: new Date(0),
    languages: {},
    organisation: { name: 'Fabrikam', accentColour: '#000000' },
  } as const;
  const result = await mail.send(message, crypto.randomUUID(), AbortSignal.timeout(5_000));
  expect(result.kind).toBe('unavailable');
  // its resource ends in a slash, which the SDK writes
  expect(credential.scopes).toEqual(['https://communication.azure.com//.default']);
});
