import { describe, expect, test } from 'vitest';
import { openClient } from '../../../cli/client.ts';
import {
  accessToken,
  clientId,
  clientSecret,
  startAdmin,
  startStandIn,
  tokenSaid,
} from './stand-in.ts';

describe('signing in', () => {
  test('with client credentials, once for many requests', async () => {
    await using admin = await startAdmin(() => ({ body: { fine: true } }));
    const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
    expect((await client.request('GET', '/a')).body).toEqual({ fine: true });
    await client.request('POST', '/b', { body: { x: 1 }, headers: { 'Idempotency-Key': 'k' } });
    const [token, first, second] = admin.asked;
    expect(admin.asked).toHaveLength(3);
    expect(token).toMatchObject({
      method: 'POST',
      url: '/token',
      body: 'grant_type=client_credentials',
    });
    const pair = Buffer.from(token?.headers.authorization?.slice(6) ?? '', 'base64').toString();
    expect(pair.split(':').map(decodeURIComponent)).toEqual([clientId, clientSecret]);
    expect(first?.headers.authorization).toBe(`Bearer ${accessToken}`);
    expect(second).toMatchObject({ body: '{"x":1}', headers: { 'idempotency-key': 'k' } });
  });

  test('again shortly before the token ends', async () => {
    await using admin = await startStandIn(({ url }) =>
      url === '/token' ? { body: { ...(tokenSaid.body as object), expires_in: 30 } } : {},
    );
    const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
    await client.request('GET', '/a');
    await client.request('GET', '/a');
    expect(admin.asked.map(({ url }) => url)).toEqual(['/token', '/a', '/token', '/a']);
  });

  test('not at all with a token of the caller’s', async () => {
    await using admin = await startAdmin(() => ({}));
    await openClient({ issuer: `${admin.issuer}/`, token: `${accessToken}\n` }).request(
      'GET',
      '/a',
    );
    expect(admin.asked.map(({ url }) => url)).toEqual(['/a']);
    expect(admin.asked[0]?.headers.authorization).toBe(`Bearer ${accessToken}`);
  });

  test.each([
    [401, 'invalid_client', 3, 'VESTIBULE_CLIENT_SECRET'],
    [400, 'unauthorized_client', 3, 'appRoles'],
    [503, 'temporarily_unavailable', 4, 'try again later'],
  ])('%i %s', async (status, error, exitCode, fix) => {
    await using admin = await startStandIn(() => ({
      status,
      body: { error, error_description: `you sent ${clientSecret}` },
    }));
    const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
    await expect(client.request('GET', '/a')).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(`${status} ${error}: you sent …`),
      fix: expect.stringContaining(fix),
    });
  });

  test('an answer that is no token', async () => {
    await using admin = await startStandIn(() => ({ body: '<html>' }));
    const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
    await expect(client.request('GET', '/a')).rejects.toMatchObject({ exitCode: 4 });
  });
});

test('plain http goes to loopback addresses alone', () => {
  const open = (issuer: string) => () => openClient({ issuer, token: 'x' });
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:7071'])
    expect(open(`http://${host}`)).not.toThrow();
  for (const host of ['host.example', 'localhost.example', '127.0.0.2', '10.0.0.1', '[::2]'])
    expect(open(`http://${host}`)).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test.each(['https://evil.example/a', '//evil.example/a', 'http://127.0.0.1:1/a', 'http://['])(
  'no token is sent to %s',
  async (link) => {
    await using admin = await startAdmin(() => ({}));
    const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
    await expect(client.request('GET', link)).rejects.toMatchObject({ exitCode: 4 });
    expect(admin.asked).toEqual([]);
  },
);

test('a redirect is not followed', async () => {
  await using elsewhere = await startAdmin(() => ({}));
  await using admin = await startAdmin(() => ({
    status: 307,
    headers: { location: `${elsewhere.issuer}/a` },
  }));
  const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
  await expect(client.request('GET', '/a')).rejects.toMatchObject({
    exitCode: 4,
    fix: expect.stringContaining('redirects are not followed'),
  });
  expect(elsewhere.asked).toEqual([]);
});

test('every fault of a refusal by file and place, without what was sent', async () => {
  await using admin = await startAdmin(({ headers }) => ({
    status: 400,
    body: {
      error: {
        code: 'BadRequest',
        message: 'apps/x.json#/appId: must be a GUID',
        details: [
          { code: 'BadRequest', target: 'apps/x.json#/appId', message: 'must be a GUID' },
          { code: 'BadRequest', message: `sent with ${headers.authorization}` },
        ],
      },
    },
  }));
  const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
  await expect(
    client.request('PUT', '/manage/config?dryRun=true', { body: {} }),
  ).rejects.toMatchObject({
    message: 'PUT /manage/config: 400 BadRequest: refused with 2 faults',
    details: [
      { target: 'apps/x.json#/appId', message: 'must be a GUID' },
      { target: undefined, message: 'sent with Bearer …' },
    ],
    exitCode: 3,
  });
});

test('a refusal that is no Graph error', async () => {
  await using admin = await startAdmin(() => ({ status: 404, body: '<html>nginx' }));
  const client = openClient({ issuer: admin.issuer, clientId, clientSecret });
  await expect(client.request('GET', '/a')).rejects.toMatchObject({
    message: 'GET /a: 404: the answer says no more',
    exitCode: 3,
  });
});
