import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../dev/browser.ts';
import { contosoMfaAcr } from '../../../dev/partner/configuration.ts';
import { startPartner } from '../../../dev/partner/start-partner.ts';

const redirectUri = 'http://localhost:7071/callback/contoso';
const clientId = 'vestibule-fabrikam';
const clientSecret = 'a-secret-of-this-test';
const client: oauth.Client = { client_id: clientId };
const authentication = oauth.ClientSecretBasic(clientSecret);
const insecure = { [oauth.allowInsecureRequests]: true };

let partner: Awaited<ReturnType<typeof startPartner>>;
let server: oauth.AuthorizationServer;

beforeAll(async () => {
  partner = await startPartner({ port: 0, clientId, clientSecret, redirectUri });
  const issuer = new URL(partner.issuer);
  server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, insecure),
  );
});

afterAll(() => partner.close());

type Wishes = Record<string, string>;

async function begin(wishes: Wishes = {}) {
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(String(server.authorization_endpoint));
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...wishes,
  }).toString();
  return { url: url.href, state, nonce, codeVerifier };
}

const atCallback = (url: URL) => url.href.startsWith(redirectUri);

async function answerForm(
  browser: ReturnType<typeof createBrowser>,
  page: URL,
  fields: Record<string, string>,
) {
  const body = new URLSearchParams({ action: 'login', ...fields });
  return browser.follow(page.href, { method: 'POST', body }, atCallback);
}

async function tokensOf(begun: Awaited<ReturnType<typeof begin>>, callback: URL) {
  const parameters = oauth.validateAuthResponse(server, client, callback, begun.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    redirectUri,
    begun.codeVerifier,
    insecure,
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  return oauth.getValidatedIdTokenClaims(result) as oauth.IDToken;
}

const ann = { mail: 'ann@contoso.example', password: 'ann-at-contoso' };

describe('Contoso', () => {
  test('says what it supports', () => {
    expect(server).toMatchObject({
      issuer: partner.issuer,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      acr_values_supported: [contosoMfaAcr],
    });
  });

  test('signs a person in: wrong password, then right', async () => {
    const browser = createBrowser();
    const begun = await begin({ login_hint: ann.mail });
    const login = await browser.follow(begun.url);
    const page = await login.response?.text();
    expect(page).toContain('value="ann@contoso.example"');
    expect(login.response?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toContain('<script');

    const wrong = await answerForm(browser, login.url, { ...ann, password: 'no' });
    expect(await wrong.response?.text()).toContain('role="alert"');

    const { url } = await answerForm(browser, login.url, ann);
    expect(url.searchParams.get('iss')).toBe(partner.issuer);
    const claims = await tokensOf(begun, url);
    expect(claims).toMatchObject({ email: ann.mail, name: 'Ann Abel', amr: ['pwd'] });
    expect(claims.sub).not.toContain('ann');
    expect(claims.auth_time).toBeGreaterThan(Date.now() / 1000 - 60);
  });

  test('a session signs in silently, prompt=login and max_age=0 ask again', async () => {
    const browser = createBrowser();
    const first = await browser.follow((await begin()).url);
    await answerForm(browser, first.url, ann);

    const silent = await browser.follow((await begin()).url, {}, atCallback);
    expect(silent.url.searchParams.has('code')).toBe(true);
    for (const wish of [{ prompt: 'login' }, { max_age: '0' }]) {
      const begun = await begin(wish);
      const again = await browser.follow(begun.url, {}, atCallback);
      expect(await again.response?.text()).toContain('Sign in again');
      const { url } = await answerForm(browser, again.url, ann);
      expect((await tokensOf(begun, url)).auth_time).toBeTypeOf('number');
    }
  });

  test('cancelling is access_denied', async () => {
    const browser = createBrowser();
    const login = await browser.follow((await begin()).url);
    const { url } = await answerForm(browser, login.url, { action: 'cancel' });
    expect(url.searchParams.get('error')).toBe('access_denied');
    expect(url.searchParams.get('iss')).toBe(partner.issuer);
  });

  test('a second factor is asked for, given or not given', async () => {
    const browser = createBrowser();
    const first = await browser.follow((await begin()).url);
    await answerForm(browser, first.url, ann);

    const begun = await begin({ acr_values: contosoMfaAcr });
    const asked = await browser.follow(begun.url, {}, atCallback);
    expect(await asked.response?.text()).toContain('name="approve"');
    const without = await answerForm(browser, asked.url, ann);
    expect(await tokensOf(begun, without.url)).toMatchObject({ amr: ['pwd'] });

    const anew = await begin({ acr_values: contosoMfaAcr });
    const askedAgain = await browser.follow(anew.url, {}, atCallback);
    const given = await answerForm(browser, askedAgain.url, { ...ann, approve: 'yes' });
    expect(await tokensOf(anew, given.url)).toMatchObject({
      amr: ['pwd', 'mfa'],
      acr: contosoMfaAcr,
    });
  });

  test('a test says how a person signs in', async () => {
    const subject = partner.people[1]?.subject ?? '';
    partner.setSignInClaims(subject, { amr: ['pwd', 'hwk'] });
    const ben = { mail: 'ben@contoso.example', password: 'ben-at-contoso' };
    for (const amr of [['pwd', 'hwk'], ['pwd']]) {
      const browser = createBrowser();
      const begun = await begin();
      const login = await browser.follow(begun.url);
      const { url } = await answerForm(browser, login.url, ben);
      expect(await tokensOf(begun, url)).toMatchObject({ sub: subject, amr });
      partner.setSignInClaims(subject, undefined);
    }
  });

  test('no PKCE, no code', async () => {
    const url = new URL((await begin()).url);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const refused = await createBrowser().follow(url.href, {}, atCallback);
    expect(refused.url.searchParams.get('error')).toBe('invalid_request');
  });
});
