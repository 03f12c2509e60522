import { describe, expect, it } from 'vitest';
import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { metadata } from '../../shared/flows/token/discovery.ts';
import { token } from '../../shared/flows/token/token.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { appIds, edited, redirectUri, secrets } from '../support/house-folder.ts';
import { comesAs } from '../support/house-home.ts';
import {
  authorizeAndSignIn,
  comeBack,
  given,
  granted,
  type Parameters,
  redeem,
  registered,
  requestOf,
  tokensOf,
} from '../support/house-steps.ts';

/** Attack: a request that sends the code elsewhere, gets it another way or asks for less. */

const registeredUri = 'https://app.example/signin/cb';

const withHttps = (files: Record<string, string>) =>
  edited(files, 'apps/woodgrove.json', { redirectUris: [registeredUri, redirectUri] });

async function ask(world: TestHouse, more: Parameters, duplicates: readonly string[] = []) {
  const { parameters } = requestOf('woodgrove', more);
  return authorize(world.house, given(parameters, duplicates), newBrowser(), world.now());
}

const mutated = [
  'https://app.example.evil.com/signin/cb',
  'https://evilapp.example/signin/cb',
  'https://app.example@evil.com/signin/cb',
  'https://app.example:443/signin/cb',
  'https://app.example\\@evil.com/signin/cb',
  'https://app.example%2f%2fevil.com/signin/cb',
  'https://app.example/signin/cb/..;/',
  'https://app.example/signin/cb/',
  'https://app.example//signin/cb',
  'https://app.example/signin//cb',
  'https://app.example/Signin/cb',
  'https://APP.example/signin/cb',
  'HTTPS://app.example/signin/cb',
  'http://app.example/signin/cb',
  'https://app.exаmple/signin/cb',
  'https://app.example./signin/cb',
  'https://app.example/signin/cb#',
  'https://app.example/signin/cb#x',
  'https://app.example/signin/cb?',
  'https://app.example/signin/cb?x=1',
  'https://app.example/signin/cb\r\n',
  'https://app.example/signin/cb\t',
  'https://app.example/signin/cb\u0000',
  ' https://app.example/signin/cb',
  'https://app.example/signin/cb ',
  'https://app.example/signin/%63b',
  'https://app.example/signin/../signin/cb',
  'https://app.example/signin/./cb',
  'https://app.example/signin',
  'https://app.example',
  'https://user@app.example/signin/cb',
  '//app.example/signin/cb',
  '/\\evil.com',
  'https:evil.com',
  'javascript:alert(1)',
  'data:text/html,x',
  'urn:ietf:wg:oauth:2.0:oob',
  'http://0x7f.1:7090/callback',
  'http://localhost:7090/callback',
  'http://127.0.0.1:7090/callback',
  'http://[::1]:7090/callback/',
  'http://[::1]:99999999/callback',
  'http://[::1].evil.com:7090/callback',
  'http://[::1]:7090@evil.com/callback',
  `https://app.example/signin/cb${'a'.repeat(10_240)}`,
];

describe('R01: where a code may go', () => {
  it.each(mutated)('R01: %s → a page here, nothing sent, nothing stored', async (uri) => {
    await using world = await openTestHouse({ files: withHttps });
    for (const more of [{}, { prompt: 'none' }, { response_type: 'token' }]) {
      const answer = await ask(world, { redirect_uri: uri, ...more });
      expect(brief(answer)).toBe('message redirectUriMismatch');
      expect(JSON.stringify(answer)).not.toContain('evil');
    }
    expect(await dump(world, ['expiring'])).toEqual([]);
  });

  it('R01: as registered, and a loopback address with another port → the page', async () => {
    await using world = await openTestHouse({ files: withHttps });
    for (const uri of [registeredUri, 'http://[::1]:50123/callback', 'http://[::1]/callback'])
      expect(brief(await ask(world, { redirect_uri: uri }))).toBe('signIn');
  });

  it('A037 A038: absent with two registered, or unregistered with prompt=none → a page, no redirect', async () => {
    await using world = await openTestHouse({ files: withHttps });
    const answers = [
      await ask(world, { redirect_uri: '' }),
      await ask(world, { redirect_uri: '', prompt: 'none' }),
      await ask(world, { redirect_uri: 'https://evil.example/', prompt: 'none' }),
      await ask(world, {}, ['redirect_uri']),
    ];
    expect(answers.map(brief)).toEqual(Array(4).fill('message redirectUriMismatch'));
    for (const client_id of ['', 'x', appIds.admin, '__proto__'])
      expect(brief(await ask(world, { client_id }))).toBe('message unknownClient');
  });

  it.each([
    'http://app.example/cb',
    'https://app.example/cb#x',
    'https://*.example/cb',
    'https://u@app.example/cb',
    'HTTPS://app.example/cb',
    'https://app.example',
    'myapp://cb',
    'not a url',
  ])('R02: %s is not registered at all', async (uri) => {
    await using world = await openTestHouse();
    const files = edited(world.files(), 'apps/woodgrove.json', {
      redirectUris: [redirectUri, uri],
    });
    expect(await world.apply(files)).toMatchObject({
      kind: 'faults',
      faults: [{ file: 'apps/woodgrove.json', pointer: '/redirectUris/1' }],
    });
  });
});

describe('R06: code flow alone', () => {
  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: 'none' }, 'unsupported_response_type'],
    [{ response_type: 'Code' }, 'unsupported_response_type'],
    [{ response_type: '' }, 'invalid_request'],
    [{ request: 'eyJ' }, 'request_not_supported'],
    [{ request_uri: 'https://evil.example' }, 'request_uri_not_supported'],
    [{ registration: '{}' }, 'registration_not_supported'],
    [{ scope: 'profile' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'sometimes' }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ max_age: '1e9' }, 'invalid_request'],
    [{ resource: 'https://other.example' }, 'invalid_target'],
  ] as const)('R06: %j → the app is told %s', async (more, error) => {
    await using world = await openTestHouse();
    expect(await ask(world, more)).toMatchObject({
      kind: 'authorizationResponse',
      redirectUri,
      parameters: { error, state: 'state-of-the-app', iss: world.house.issuer },
    });
  });

  it.each(['fragment', 'form_post.jwt', 'query.jwt', 'web_message', 'Query', 'x'])(
    'A040 R06: response_mode %s → refused, told by query',
    async (response_mode) => {
      await using world = await openTestHouse();
      const answer = await ask(world, { response_mode });
      expect(answer).toMatchObject({ responseMode: 'query' });
      expect(brief(answer)).toBe('error invalid_request');
    },
  );

  it.each(['state', 'nonce', 'scope', 'code_challenge', 'response_mode', 'prompt'])(
    'R16: %s twice → refused',
    async (name) => {
      await using world = await openTestHouse();
      const answer = await ask(world, {}, [name]);
      expect(brief(answer)).toBe('error invalid_request');
    },
  );

  it.each([
    'password',
    'implicit',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
    '',
  ])('R06: grant_type %s at /token → refused', async (grant_type) => {
    await using world = await openTestHouse();
    const form = new Map([
      ['grant_type', grant_type],
      ['client_id', appIds.woodgrove],
      ['client_secret', secrets.woodgrove],
      ['username', 'ann@contoso.example'],
      ['password', 'x'],
    ]);
    const answer = await token(
      world.house,
      { form, duplicates: [], authorization: undefined },
      world.now(),
    );
    expect(answer).toMatchObject({ kind: 'refused', error: 'unsupported_grant_type' });
  });

  it('R06 R11: the metadata promises no more, and everything in it lies under the issuer', async () => {
    await using world = await openTestHouse();
    const document = metadata(world.house);
    expect(document).toMatchObject({
      issuer: world.house.issuer,
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: ['authorization_code', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    for (const [name, value] of Object.entries(document))
      if (/_(endpoint|uri)$/.test(name)) expect(value).toMatch(/^http:\/\/localhost:7071\//);
  });
});

describe('R14: prompt and max_age', () => {
  it('R14: prompt=none → login_required, and nothing is shown, stored or asked at home', async () => {
    await using world = await openTestHouse();
    for (const more of [{}, { domain_hint: 'contoso' }])
      expect(brief(await ask(world, { prompt: 'none', ...more }))).toBe('error login_required');
    expect(await dump(world, ['expiring'])).toEqual([]);
    expect(world.home.requests).toEqual([]);
  });

  it.each([
    [{ prompt: 'login' }, { prompt: 'login', maxAgeSeconds: 0 }],
    [{ prompt: 'select_account' }, { prompt: 'login', maxAgeSeconds: 0 }],
    [{ max_age: '0' }, { prompt: 'login', maxAgeSeconds: 0 }],
    [{ max_age: '600' }, { prompt: undefined, maxAgeSeconds: 600 }],
    [{}, { prompt: undefined, maxAgeSeconds: undefined }],
  ])('R14: %j → home is asked for as much', async (parameters, expected) => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    await authorizeAndSignIn(world, browser, { parameters: parameters as Parameters });
    expect(world.home.requests[0]?.request).toMatchObject(expected);
  });

  it('R14: at home for ten minutes → the authentication may be as old as was asked, counted from the start', async () => {
    await using world = await openTestHouse();
    const { browser } = await registered(world, 'ann');
    const first = world.home.redemptions.length;
    const parameters = { prompt: 'login' };
    const trip = await authorizeAndSignIn(world, browser, { parameters });
    world.clock.advance(600_000);
    await comeBack(world, browser, trip, 'ann');
    expect(world.home.redemptions[first]?.answer.maxAgeSeconds).toBe(600);
  });

  it('R14 R08: auth_time is the home’s; amr and acr say what was seen here', async () => {
    await using world = await openTestHouse();
    const authTime = new Date(world.now().getTime() - 300_000);
    world.home.answers.set('ann', comesAs('ann', { authTime, amr: ['pwd', 'mfa', 'hwk'] }));
    const { secret } = await registered(world, 'ann');
    const parameters = { resource: 'https://api.woodgrove.example', nonce: '' };
    const { trip, code } = await granted(world, 'ann', secret, { app: 'desktop', parameters });
    const { access, id } = tokensOf(await redeem(world, trip, code));
    const seconds = Math.floor(world.now().getTime() / 1000);
    expect(id).toMatchObject({
      iss: world.house.issuer,
      aud: appIds.desktop,
      auth_time: authTime.getTime() / 1000,
      amr: ['otp', 'mfa'],
      acct: 1,
    });
    expect(id['nonce']).toBeUndefined();
    expect(access).toMatchObject({
      iss: world.house.issuer,
      aud: 'https://api.woodgrove.example',
      client_id: appIds.desktop,
      iat: seconds,
      exp: seconds + 3600,
      jti: expect.any(String),
      sub: id['sub'],
    });
    expect(access['roles']).toBeUndefined();
  });
});
