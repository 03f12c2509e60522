/**
 * An attacker makes the gateway send a victim's code, or the victim, to an address of the
 * attacker's: by a redirect URI that only looks like the registered one. Whatever is not exactly
 * registered ends on the gateway's own page, and nothing is redirected.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, referenceOn, textOf } from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const registered = 'https://app.woodgrove.example/signed-in';
const withQuery = 'https://app.woodgrove.example/signed-in?tenant=1';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld({
    seed: (files) => ({
      ...files,
      'apps/woodgrove.json': withUris(files['apps/woodgrove.json'] ?? '', [registered, withQuery]),
    }),
  });
});
afterAll(() => world.close());

function withUris(file: string, more: readonly string[]): string {
  const app = JSON.parse(file) as { redirectUris: string[] };
  return JSON.stringify({ ...app, redirectUris: [...app.redirectUris, ...more] });
}

const host = 'app.woodgrove.example';
const mutated: readonly string[] = [
  `https://${host}.evil.example/signed-in`,
  `https://evil${host}/signed-in`,
  `https://evil.${host}/signed-in`,
  `https://${host}@evil.example/signed-in`,
  `https://${host}\\@evil.example/signed-in`,
  `https://evil.example\\@${host}/signed-in`,
  `https://user@${host}/signed-in`,
  `https://user:password@${host}/signed-in`,
  `https://evil.example/${registered}`,
  `https://evil.example/?${registered}`,
  `https://evil.example/#${registered}`,
  `https://evil.example%2f@${host}/signed-in`,
  `https://${host}%2f%2fevil.example/signed-in`,
  `https://${host}%2eevil.example/signed-in`,
  `https://${host}%00.evil.example/signed-in`,
  `https://${host}/signed-in/..;/../evil`,
  `https://${host}/signed-in/../signed-in`,
  `https://${host}/./signed-in`,
  `https://${host}/x/../signed-in`,
  `https://${host}/signed-in/`,
  `https://${host}//signed-in`,
  `https://${host}/signed-in//evil.example`,
  `https://${host}/signed-in%2f`,
  `https://${host}/Signed-In`,
  `https://${host}/signed%2Din`,
  `https://${host.toUpperCase()}/signed-in`,
  `HTTPS://${host}/signed-in`,
  `https://${host}:443/signed-in`,
  `https://${host}:444/signed-in`,
  `https://${host}./signed-in`,
  `http://${host}/signed-in`,
  `https:${host}/signed-in`,
  `https:/${host}/signed-in`,
  `//${host}/signed-in`,
  `/\\${host}/signed-in`,
  `/signed-in`,
  `javascript:alert(1)//${host}/signed-in`,
  `data:text/html,<script>location='${registered}'</script>`,
  `ftp://${host}/signed-in`,
  `https://арр.woodgrove.example/signed-in`,
  `https://xn--80a1aa.woodgrove.example/signed-in`,
  `https://app.woodgrove。example/signed-in`,
  `https://ａpp.woodgrove.example/signed-in`,
  `${registered}#fragment`,
  `${registered}#`,
  `${registered}?`,
  `${registered}?next=https://evil.example`,
  `${registered}&next=https://evil.example`,
  `${withQuery}&next=https://evil.example`,
  'https://app.woodgrove.example/signed-in?tenant=2',
  'https://app.woodgrove.example/signed-in?Tenant=1',
  `${registered}\r\nLocation: https://evil.example`,
  `${registered}\n`,
  `${registered}\t`,
  `${registered}\0`,
  ` ${registered}`,
  `${registered} `,
  `${registered} https://evil.example`,
  `${registered},https://evil.example`,
  `${registered}${'/a'.repeat(1500)}`,
  `${registered}*`,
  'https://*',
  'null',
  'undefined',
  '',
];

const loopback: readonly string[] = [
  'http://localhost:PORT/callback',
  'http://127.0.0.1:PORT/callback',
  'http://[::ffff:127.0.0.1]:PORT/callback',
  'http://[0:0:0:0:0:0:0:1]:PORT/callback',
  'http://[::1%25lo]:PORT/callback',
  'http://0x7f.1:PORT/callback',
  'http://2130706433:PORT/callback',
  'http://[::1].evil.example:PORT/callback',
  'http://[::1]@evil.example:PORT/callback',
  'http://[::1]:PORT@evil.example/callback',
  'http://[::1]:PORT.evil.example/callback',
  'http://[::1]:/callback',
  'http://[::1]:+80/callback',
  'http://[::1]:99999/callback',
  'http://[::1]:00/callback',
  'http://[::1]:123456/callback',
  'http://[::1]:PORT/callback/',
  'http://[::1]:PORT/Callback',
  'http://[::1]:PORT/callback?x=1',
  'http://[::1]:PORT/callback#',
  'http://[::1]:PORT\\evil.example/callback',
  'https://[::1]:PORT/callback',
];

function refusedAt(target: string) {
  const asked = ask(world, { redirect_uri: target });
  return world.send(asked.url);
}

test.each([...mutated, ...loopback])(
  'R01 A036: %j is a page of ours with a reference, and no redirect',
  async (uri) => {
    const target = uri.replace('PORT', new URL(world.app).port);
    const got = await refusedAt(target);
    expect(got.status, textOf(got)).toBe(400);
    expect(got.location).toBeUndefined();
    expect(got.setCookies).toEqual([]);
    expect(referenceOn(got)).toBeDefined();
    expect(got.text).not.toContain('http-equiv="refresh"');
    if (target !== '') expect(got.text).not.toContain(target);
  },
);

test('R01: the registered ones are taken as they stand, a loopback one with any port', async () => {
  for (const uri of [registered, withQuery, `${world.app}/callback`, 'http://[::1]:1/callback']) {
    const got = await refusedAt(uri);
    expect(got.status, uri).toBe(200);
    expect(got.text).toContain('action="/signin"');
  }
});

test('R01 A036: a URI longer than a request may be is refused before anything reads it', async () => {
  const got = await refusedAt(`${registered}?${'a'.repeat(10_240)}`);
  expect([400, 414]).toContain(got.status);
  expect(got.location).toBeUndefined();
});

test('A037: no redirect URI, or two, where two are registered', async () => {
  const none = await world.send(ask(world, { redirect_uri: undefined }).url);
  const twice = ask(world, { redirect_uri: registered });
  const two = await world.send(`${twice.url}&redirect_uri=${encodeURIComponent(registered)}`);
  for (const got of [none, two]) {
    expect(got.status).toBe(400);
    expect(got.location).toBeUndefined();
  }
});

test('A038: an unregistered URI is no way out for an error, with prompt=none or without', async () => {
  const wrongs = [
    { prompt: 'none' },
    { prompt: 'none', response_mode: 'form_post' },
    { response_type: 'token' },
    { scope: 'profile' },
    { code_challenge: undefined, code_challenge_method: undefined },
    { request: 'x' },
    { client_id: '00000000-0000-0000-0000-000000000000' },
    { client_id: undefined },
  ];
  for (const wrong of wrongs) {
    const got = await world.send(
      ask(world, { redirect_uri: 'https://evil.example/', ...wrong }).url,
    );
    expect(got.status).toBe(400);
    expect(got.location).toBeUndefined();
    expect(got.text).not.toContain('evil.example');
  }
});

test('A038: nor does an unknown client get an error sent to anybody', async () => {
  const client = { client_id: '00000000-0000-0000-0000-000000000000', prompt: 'none' };
  const got = await world.send(ask(world, { ...client, redirect_uri: registered }).url);
  expect(got.status).toBe(400);
  expect(got.location).toBeUndefined();
});

test('A039: a foreign target in any parameter that elsewhere means "go on there" leads nowhere', async () => {
  const names = ['return', 'returnUrl', 'return_to', 'continue', 'next', 'url', 'redirect', 'goto'];
  const also = ['post_logout_redirect_uri', 'target_link_uri', 'iss', 'RelayState', 'wreply'];
  const targets = [
    '//evil.example',
    '/\\evil.example',
    'https:evil.example',
    'javascript:alert(1)',
  ];
  for (const target of targets) {
    const extra = Object.fromEntries([...names, ...also].map((name) => [name, target]));
    const page = await world.send(ask(world, extra).url);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('evil.example');
    expect(page.text).not.toContain('javascript:');
    for (const path of ['/signin', '/mfa/enrol', '/mfa/verify', '/callback/contoso']) {
      const got = await world.send(`${path}?${new URLSearchParams(extra).toString()}`);
      expect(got.location, path).toBeUndefined();
      expect(got.text).not.toContain('evil.example');
    }
  }
});

test('R02: registration refuses plain http but on loopback, fragments, users, wildcards', async () => {
  const refused = [
    'http://app.woodgrove.example/signed-in',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://10.0.0.1/',
    'http://[::2]/',
    `${registered}#fragment`,
    `${registered}#`,
    'https://user@app.woodgrove.example/',
    'https://*.woodgrove.example/',
    'https://app.woodgrove.example/*',
    'https://APP.woodgrove.example/',
    'https://app.woodgrove.example',
    'https://app.woodgrove.example:443/',
    'https://app.woodgrove.example/a/../b',
    'javascript:alert(1)',
    'data:text/html,x',
    'app.woodgrove://signed-in',
    '/signed-in',
    '',
  ];
  for (const uri of refused) {
    const got = await world.apply({
      'apps/woodgrove.json': withUris(world.files['apps/woodgrove.json'] ?? '', [uri]),
    });
    expect(got.status, uri).toBe(400);
    expect(got.text).toContain('apps/woodgrove.json#/redirectUris/3');
  }
  const still = await refusedAt(registered);
  expect(still.status).toBe(200);
});
