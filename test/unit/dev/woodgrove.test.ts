import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser, formOf } from '../../../dev/browser.ts';
import { startPartner } from '../../../dev/partner/start-partner.ts';
import { startWoodgrove } from '../../../dev/woodgrove/start-woodgrove.ts';

// any OpenID provider does as its issuer: here the partner stands in for the gateway
let partner: Awaited<ReturnType<typeof startPartner>>;
let woodgrove: Awaited<ReturnType<typeof startWoodgrove>>;

beforeAll(async () => {
  const port = await freePort();
  const secret = 'a-secret-of-this-test';
  woodgrove = await startWoodgrove({
    port: 0,
    issuer: `http://127.0.0.1:${port}`,
    clients: { confidential: { id: 'woodgrove', secret }, public: { id: 'unknown' } },
  });
  const [redirectUri = ''] = woodgrove.redirectUris;
  partner = await startPartner({ port, clientId: 'woodgrove', clientSecret: secret, redirectUri });
});

afterAll(async () => {
  await woodgrove.close();
  await partner.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function signIn(browser: ReturnType<typeof createBrowser>, query: string) {
  const login = await browser.follow(`${woodgrove.url}/signin?${query}`);
  const body = new URLSearchParams({
    action: 'login',
    mail: 'ann@contoso.example',
    password: 'ann-at-contoso',
  });
  return browser.follow(login.url.href, { method: 'POST', body });
}

describe('Woodgrove', () => {
  test('offers every client it has', async () => {
    const page = await (await fetch(woodgrove.url)).text();
    expect(page).toContain('/signin?client=confidential');
    expect(page).toContain('/signin?client=public&amp;response_mode=form_post');
  });

  test('shows claims and userinfo after a sign-in, until sign-out', async () => {
    const browser = createBrowser();
    const { url, response } = await signIn(browser, 'client=confidential');
    expect(url.href).toBe(`${woodgrove.url}/`);
    const page = (await response?.text()) ?? '';
    expect(page).toContain('Hello, Ann Abel');
    expect(page).toContain('auth_time');
    const out = await browser.follow(`${woodgrove.url}/logout`, { method: 'POST' });
    expect(await out.response?.text()).toContain('the demo app');
  });

  test('answers programs in JSON', async () => {
    const browser = createBrowser({ accept: 'application/json, text/html' });
    const { response } = await signIn(browser, 'client=confidential&max_age=60');
    expect(await response?.json()).toMatchObject({
      signedIn: true,
      client: 'confidential',
      claims: { iss: partner.issuer, aud: 'woodgrove', name: 'Ann Abel' },
      userinfo: { email: 'ann@contoso.example' },
      tokens: { access_token: expect.any(String), id_token: expect.any(String) },
    });
  });

  test('takes the answer as a form too', async () => {
    const browser = createBrowser({ accept: 'application/json, text/html' });
    const { response } = await signIn(browser, 'client=confidential&response_mode=form_post');
    const { action, fields } = formOf((await response?.text()) ?? '');
    expect(action).toBe(woodgrove.redirectUris[0]);
    const answer = await browser.open(action, { method: 'POST', body: fields });
    expect(await answer.json()).toMatchObject({ signedIn: true });

    const again = await browser.open(action, { method: 'POST', body: fields });
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ signedIn: false });
  });

  test('passes the provider’s own words on', async () => {
    const browser = createBrowser({ accept: 'application/json, text/html' });
    const query = 'client=confidential&prompt=none';
    const { response } = await browser.follow(`${woodgrove.url}/signin?${query}`);
    expect(response?.status).toBe(400);
    expect(await response?.json()).toMatchObject({ signedIn: false, error: 'login_required' });
  });

  test('refuses an answer of another issuer', async () => {
    const browser = createBrowser({ accept: 'application/json' });
    const begun = await browser.open(`${woodgrove.url}/signin?client=confidential`);
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
    const forged = new URLSearchParams({
      state: state ?? '',
      code: 'x',
      iss: 'http://evil.example',
    });
    const answer = await browser.open(`${woodgrove.url}/callback?${forged.toString()}`);
    expect(await answer.json()).toMatchObject({
      signedIn: false,
      description: expect.stringContaining('"iss"'),
    });
  });
});
