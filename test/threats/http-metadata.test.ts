/**
 * An attacker makes the gateway speak in another name, or trusts that it takes over a name from the
 * request: clients that read such metadata would send their codes to him. And somebody with access
 * to the tables adds a key, so that tokens signed with it would be believed.
 */
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLocalKeys } from '../../shared/adapters/keys/keys-local.ts';
import { randomToken } from '../../shared/core/ids.ts';
import { insert } from '../../shared/rows/row.ts';
import { keysPartition } from '../../shared/rows/signing-key.ts';
import { jsonOf } from '../support/http-send.ts';
import { ask } from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
});
afterAll(() => world.close());

const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

const spoofed: readonly Readonly<Record<string, string>>[] = [
  {},
  { host: 'evil.example' },
  { host: 'evil.example:443' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-port': '444' },
  { forwarded: 'for=1.2.3.4;host=evil.example;proto=https' },
  { 'x-original-host': 'evil.example', 'x-host': 'evil.example', 'x-forwarded-server': 'evil' },
  { 'x-original-url': 'https://evil.example/', 'x-rewrite-url': 'https://evil.example/' },
  { 'disguised-host': 'evil.example', 'x-arr-ssl': 'evil', 'was-default-hostname': 'evil.example' },
];

test.each(spoofed)(
  'R11: the issuer is the configured one whatever is sent: %j',
  async (headers) => {
    for (const path of paths) {
      const got = await world.send(path, { headers });
      expect(got.status).toBe(200);
      expect(got.text.includes('evil')).toBe(false);
      const metadata = jsonOf(got);
      expect(metadata['issuer']).toBe(world.issuer);
      for (const [name, value] of Object.entries(metadata))
        if (/_endpoint$|_uri$/.test(name))
          expect(String(value)).toMatch(new RegExp(`^${world.issuer}/`));
    }
  },
);

test.each(spoofed)('R11: nor does any answer repeat another host: %j', async (headers) => {
  const error = await world.send(ask(world, { prompt: 'none' }).url, { headers });
  expect(new URL(error.location ?? '').searchParams.get('iss')).toBe(world.issuer);
  const straight = await world.send(ask(world, { domain_hint: 'contoso' }).url, { headers });
  expect(new URL(straight.location ?? '').searchParams.get('redirect_uri')).toBe(
    `${world.issuer}/callback/contoso`,
  );
  const posted = await world.send('/authorize', {
    method: 'POST',
    headers,
    body: new URLSearchParams({ client_id: 'x' }),
  });
  // relative, so that not even the browser's own idea of the host can be led astray
  expect(posted.headers.location).toBe('/authorize?client_id=x');
  const list = '/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=1';
  const listed = await world.adminRequest('GET', list, undefined, headers);
  expect(listed.status).toBe(200);
  expect(listed.text.includes('evil')).toBe(false);
  expect(jsonOf(listed)['@odata.context']).toMatch(new RegExp(`^${world.issuer}/`));
});

test('R06 R11: the metadata says exactly what is offered, the same at both places', async () => {
  const [first, second] = await Promise.all(paths.map((path) => world.send(path)));
  expect(first?.text).toBe(second?.text);
  expect(JSON.parse((first?.text ?? '').replaceAll(world.issuer, 'ISSUER'))).toEqual({
    issuer: 'ISSUER',
    authorization_endpoint: 'ISSUER/authorize',
    token_endpoint: 'ISSUER/token',
    userinfo_endpoint: 'ISSUER/userinfo',
    end_session_endpoint: 'ISSUER/logout',
    jwks_uri: 'ISSUER/jwks',
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email'],
    claims_supported: expect.arrayContaining(['iss', 'sub', 'aud', 'auth_time', 'nonce', 'amr']),
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    ui_locales_supported: ['en', 'de'],
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
  });
});

test('R11: no other document is there, and any origin may read these', async () => {
  for (const path of [
    '/.well-known/webfinger',
    '/.well-known/',
    '/.well-known/x/openid-configuration',
  ])
    expect((await world.send(path)).status).toBe(404);
  for (const path of [...paths, '/jwks'])
    expect((await world.send(path)).headers['access-control-allow-origin']).toBe('*');
});

// ── keys ─────────────────────────────────────────────────────────────────────────────────────

test('A158: a key row written by somebody with table access is not published, and an alarm tells', async () => {
  const published = jsonOf(await world.send('/jwks'))['keys'] as JWK[];
  expect(new Set(published.map(({ alg }) => alg))).toEqual(new Set(['ES256', 'RS256']));
  expect(published).toHaveLength(2);
  for (const key of published) {
    expect(Object.keys(key)).not.toEqual(expect.arrayContaining(['d']));
    expect(key.kid).toBe(await calculateJwkThumbprint(key));
  }

  const stored = await world.store.load(keysPartition);
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = foreign.publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(publicJwk);
  const made = { alg: 'RS256', publicJwk, createdAt: '2020-01-01T00:00:00.000Z' };
  // not the first row: that one may be the ring's
  const sealed =
    stored.find(({ value }) => 'privateSealed' in value)?.value['privateSealed'] ?? null;
  const rows = [
    insert(kid, {
      ...made,
      privateSealed: foreign.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    }),
    // a sealed private key of ours under the attacker's own name and public key
    insert(`${kid.slice(1)}A`, { ...made, privateSealed: sealed }),
  ];
  await world.store.commit(keysPartition, rows, randomToken());

  // an instance that starts now, under this world's own master key
  const alarms: string[] = [];
  const journal = {
    line: (level: string, event: string) => {
      if (level === 'alarm') alarms.push(event);
    },
  };
  const masterKey = Buffer.from(process.env['VESTIBULE_LOCAL_KEY'] ?? '', 'base64url');
  const fresh = openLocalKeys(masterKey, world.store, journal, () => new Date());
  const kids = (await fresh.publicKeys()).map((key) => key.kid);
  expect(new Set(kids)).toEqual(new Set(published.map((key) => key.kid)));
  expect(alarms).toEqual(['signingKeyForeign', 'signingKeyForeign']);
  expect((await world.send('/jwks')).text).not.toContain(kid);
});
