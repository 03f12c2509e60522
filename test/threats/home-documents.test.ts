/**
 * Whoever can write a partner's discovery or key document tries to become another issuer, to send
 * us (or the guest's browser, or the code and our secret) elsewhere, or to slip in a key that
 * anyone can sign with.
 */
import { describe, expect, test } from 'vitest';
import { fetchMetadata } from '../../shared/adapters/home-idp/documents.ts';
import {
  type FakeIdp,
  idTokenOf,
  later,
  makeKey,
  noon,
  openWatchedHome,
  publicJwk,
  redeemed,
  rsaKey,
  startFakeIdp,
  transaction,
} from '../support/fake-idp.ts';

const unavailable = (detail: string) => ({ code: 'homeUnavailable', status: 503, detail });

describe('R25 A024: the document names another issuer', () => {
  test.each([
    ['a trailing slash', (issuer: string) => `${issuer}/`],
    ['case', (issuer: string) => issuer.replace('http', 'HTTP')],
    ['the port', (issuer: string) => issuer.replace(/\d+$/, '1')],
    ['a path', (issuer: string) => `${issuer}/tenant`],
    ['a space', (issuer: string) => ` ${issuer}`],
    ['everything', () => 'https://evil.test'],
    ['a tenant template', () => 'https://login.example/{tenantid}/v2.0'],
    ['its type', (issuer: string) => [issuer]],
    ['nothing at all', () => undefined],
    ['somebody’s address', () => 'https://zoe.marker@evil.test/?leakquery'],
  ])('R25 A024: it differs in %s', async (_, change) => {
    await using idp = await startFakeIdp();
    idp.metadata['issuer'] = change(idp.issuer);
    const home = openWatchedHome();
    await expect(redeemed(idp, {}, { home })).rejects.toMatchObject(unavailable('issuerMismatch'));
    await expect(home.authorizationUrl(idp.partner, transaction, noon)).rejects.toMatchObject(
      unavailable('issuerMismatch'),
    );
    expect(home.alarms.map(({ event }) => event)).toEqual(['homeIssuerMismatch']);
    expect(JSON.stringify(home.alarms)).not.toMatch(/zoe\.marker|leakquery/);
    expect(idp.hits('jwks') + idp.hits('token')).toBe(0);
  });

  test('R25 A024: a document that changes later disables the partner, whatever is kept', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    expect(await redeemed(idp, {}, { home })).toMatchObject({ kind: 'identity' });
    const now = later(16 * 60_000);
    const iat = now.getTime() / 1000;
    const token = idTokenOf(idp, { claims: { iat, exp: iat + 60 } });
    idp.metadata['issuer'] = 'https://evil.test';
    await expect(redeemed(idp, token, { home, now })).rejects.toMatchObject(
      unavailable('issuerMismatch'),
    );
    const trusted = { issuer: idp.issuer, audience: 'api' };
    await expect(home.verifyAccessToken(trusted, token, now)).rejects.toMatchObject(
      unavailable('issuerMismatch'),
    );
    // And enabled again with the next honest one.
    idp.metadata['issuer'] = idp.issuer;
    const soon = new Date(now.getTime() + 6000);
    expect(await redeemed(idp, token, { home, now: soon })).toMatchObject({ kind: 'identity' });
  });
});

describe('A025: an endpoint lies elsewhere', () => {
  const elsewhere = [
    'https://evil.test/x',
    'file:///etc/passwd',
    'http://169.254.169.254/metadata',
    'http://[::ffff:127.0.0.1]/x',
    'http://2130706433/x',
    'ftp://127.0.0.1/x',
    'javascript:alert(1)',
    'data:application/json,{}',
    '/relative',
    '',
    7,
    undefined,
  ];
  const endpoints = ['jwks_uri', 'token_endpoint', 'authorization_endpoint'];
  test.each(endpoints.flatMap((name) => elsewhere.map((value) => [name, value] as const)))(
    'A025 R26: %s is %j',
    async (name, value) => {
      await using idp = await startFakeIdp();
      idp.metadata[name] = value;
      const home = openWatchedHome();
      await expect(redeemed(idp, {}, { home })).rejects.toMatchObject(
        unavailable('endpointRefused'),
      );
      expect(home.alarms.map(({ event }) => event)).toEqual(['homeEndpointRefused']);
      expect(idp.hits('jwks') + idp.hits('token')).toBe(0);
    },
  );

  test.each([
    (idp: FakeIdp) => `http://user:pw@${idp.host}/jwks`,
    (idp: FakeIdp) => `http://${idp.host}/jwks#part`,
    (idp: FakeIdp) => `http://127.0.0.1:1/jwks`.replace('1/', `${Number(idp.host.slice(10)) - 1}/`),
    (idp: FakeIdp) => `http://localhost:${idp.host.slice(10)}/jwks`,
    (idp: FakeIdp) => `http://${idp.host}.evil.test/jwks`,
    (idp: FakeIdp) => `http://${idp.host}@evil.test/jwks`,
  ])('A025 R26: the own host, almost (%#)', async (change) => {
    await using idp = await startFakeIdp();
    idp.metadata['jwks_uri'] = change(idp);
    await expect(redeemed(idp)).rejects.toMatchObject(unavailable('endpointRefused'));
  });

  test('A025 R26: under an https issuer every endpoint is https, on this machine too', async () => {
    const endpoints = {
      authorization_endpoint: 'https://idp.test/a',
      token_endpoint: 'https://idp.test/t',
    };
    const outcome = async (jwks_uri: string) => {
      const document = { issuer: 'https://idp.test', ...endpoints, jwks_uri };
      return fetchMetadata({
        issuer: 'https://idp.test',
        hosts: ['idp.test', '127.0.0.1'],
        fetch: async () => Response.json(document),
        alarm: () => {},
      });
    };
    expect(await outcome('https://idp.test/jwks')).toMatchObject({ kind: 'value' });
    for (const address of ['http://idp.test/jwks', 'http://127.0.0.1/jwks'])
      expect(await outcome(address)).toEqual({ kind: 'refused', detail: 'endpointRefused' });
  });

  test("A025 R26: a host on the partner's list is reached", async () => {
    await using idp = await startFakeIdp();
    await using keys = await startFakeIdp();
    idp.metadata['jwks_uri'] = `${keys.issuer}/jwks`;
    const partner = { ...idp.partner, hosts: [keys.host] };
    expect(await redeemed(idp, {}, { partner })).toMatchObject({ kind: 'identity' });
    expect([idp.hits('jwks'), keys.hits('jwks')]).toEqual([0, 1]);
  });
});

test.each([null, [], 'text', 7])('R25: metadata that is %j is none', async (document) => {
  await using idp = await startFakeIdp();
  idp.instead.discovery = (_, outgoing) => outgoing.end(JSON.stringify(document));
  await expect(redeemed(idp)).rejects.toMatchObject(unavailable('notMetadata'));
});

describe('A031: keys that must not be there', () => {
  const oct = { kty: 'oct', kid: 'mac', k: 'c2VjcmV0', alg: 'HS256' };
  const shared = makeKey('RS256', 'leaked');
  const leaked = { ...shared.privateKey.export({ format: 'jwk' }), kid: 'leaked', alg: 'RS256' };

  test('A031: a symmetric key is ignored, with an alarm; the others go on', async () => {
    await using idp = await startFakeIdp();
    idp.jwks = { keys: [oct, publicJwk(rsaKey)] };
    const home = openWatchedHome();
    expect(await redeemed(idp, {}, { home })).toMatchObject({ kind: 'identity' });
    expect(home.alarms).toEqual([
      {
        event: 'homeKeyRefused',
        detail: { issuer: idp.issuer, reason: 'symmetric', kid: 'mac' },
      },
    ]);
  });

  test('A031: the alarm does not repeat a name that may be somebody’s address', async () => {
    await using idp = await startFakeIdp();
    idp.jwks = { keys: [{ ...oct, kid: 'zoe.marker@evil.test' }, publicJwk(rsaKey)] };
    const home = openWatchedHome();
    expect(await redeemed(idp, {}, { home })).toMatchObject({ kind: 'identity' });
    expect(home.alarms).toMatchObject([
      { event: 'homeKeyRefused', detail: { reason: 'symmetric' } },
    ]);
    expect(JSON.stringify(home.alarms)).not.toContain('zoe.marker');
  });

  test('A031: a private key is ignored, with an alarm that does not carry it', async () => {
    await using idp = await startFakeIdp();
    idp.jwks = { keys: [leaked, publicJwk(rsaKey)] };
    const home = openWatchedHome();
    expect(await redeemed(idp, { key: shared }, { home })).toEqual({
      kind: 'invalid',
      check: 'kid',
    });
    expect(home.alarms).toMatchObject([{ event: 'homeKeyRefused', detail: { reason: 'private' } }]);
    expect(JSON.stringify(home.alarms)).not.toContain(String(leaked.d));
  });

  test('A031: of two keys with one kid neither counts', async () => {
    await using idp = await startFakeIdp();
    const twin = makeKey('RS256', 'rsa-1');
    idp.jwks = { keys: [publicJwk(rsaKey), publicJwk(twin)] };
    const home = openWatchedHome();
    for (const key of [rsaKey, twin])
      expect(await redeemed(idp, { key }, { home })).toEqual({ kind: 'invalid', check: 'kid' });
    expect(home.alarms).toMatchObject([
      { event: 'homeKeyRefused', detail: { reason: 'duplicateKid', kid: 'rsa-1' } },
      { event: 'homeKeyRefused', detail: { reason: 'duplicateKid', kid: 'rsa-1' } },
    ]);
  });

  test('A031: an encryption key of the same name does no harm', async () => {
    await using idp = await startFakeIdp();
    idp.jwks = {
      keys: [publicJwk(rsaKey), { ...publicJwk(makeKey('RS256', 'rsa-1')), use: 'enc' }],
    };
    expect(await redeemed(idp)).toMatchObject({ kind: 'identity' });
  });
});
