/**
 * The callback's query comes through a browser: an attacker chooses it, mixes in the answer of
 * another provider, or sends one again. The code must not travel anywhere before the answer was
 * found to be the one to this request.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HomeAnswer } from '../../shared/ports.ts';
import {
  answerOf,
  type FakeIdp,
  json,
  noon,
  openWatchedHome,
  startFakeIdp,
  transaction,
} from '../support/fake-idp.ts';

async function refusal(
  change: (answer: HomeAnswer, idp: FakeIdp) => HomeAnswer,
  prepare: (idp: FakeIdp) => void = () => {},
): Promise<unknown> {
  await using idp = await startFakeIdp();
  prepare(idp);
  const answer = change(answerOf(idp), idp);
  const result = await openWatchedHome().redeem(idp.partner, answer, noon);
  expect(idp.hits('token')).toBe(0);
  return result;
}

const withQuery = (query: string) => (answer: HomeAnswer) => ({
  ...answer,
  parameters: new URLSearchParams(query),
});

test('R21: the request carries state, nonce and an S256 challenge, and asks for a code', async () => {
  await using idp = await startFakeIdp();
  idp.metadata['authorization_endpoint'] = `${idp.issuer}/authorize?tenant=1&state=planted`;
  const request = { ...transaction, loginHint: 'a@contoso.test', prompt: 'login' as const };
  const url = new URL(
    await openWatchedHome().authorizationUrl(
      idp.partner,
      { ...request, maxAgeSeconds: 0, uiLocales: 'de' },
      noon,
    ),
  );
  expect(url.origin + url.pathname).toBe(`${idp.issuer}/authorize`);
  expect(url.searchParams.size).toBe(14);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    tenant: '1',
    client_id: 'vestibule-client',
    redirect_uri: transaction.redirectUri,
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid email profile',
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: createHash('sha256').update(transaction.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: 'a@contoso.test',
    prompt: 'login',
    max_age: '0',
    ui_locales: 'de',
  });
  expect(url.href).not.toContain(transaction.codeVerifier);
});

test.each([{ state: 'short' }, { nonce: 'short' }, { codeVerifier: 'short' }])(
  'R21: values that cannot hold 128 bits are our own mistake: %j',
  async (change) => {
    await using idp = await startFakeIdp();
    const request = { ...transaction, ...change };
    await expect(
      openWatchedHome().authorizationUrl(idp.partner, request, noon),
    ).rejects.toMatchObject({ code: 'unexpected', detail: 'homeRequest' });
  },
);

test('R21: the verifier goes with the code, to the token endpoint alone', async () => {
  await using idp = await startFakeIdp();
  await openWatchedHome().redeem(idp.partner, answerOf(idp), noon);
  expect(idp.tokenRequests).toHaveLength(1);
  expect(Object.fromEntries(idp.tokenRequests[0]?.form ?? [])).toEqual({
    grant_type: 'authorization_code',
    code: 'code-1',
    redirect_uri: transaction.redirectUri,
    code_verifier: transaction.codeVerifier,
  });
  const basic = Buffer.from(idp.tokenRequests[0]?.authorization?.slice(6) ?? '', 'base64');
  const [id, secret] = basic.toString().split(':');
  expect(decodeURIComponent(id ?? '')).toBe('vestibule-client');
  expect(decodeURIComponent((secret ?? '').replaceAll('+', ' '))).toBe(idp.partner.clientSecret);
});

test('R21: the secret is posted where the provider takes nothing else, and none is sent without one', async () => {
  await using idp = await startFakeIdp();
  idp.metadata['token_endpoint_auth_methods_supported'] = ['client_secret_post'];
  const home = openWatchedHome();
  await home.redeem(idp.partner, answerOf(idp), noon);
  await home.redeem({ ...idp.partner, clientSecret: undefined }, answerOf(idp), noon);
  const [posted, none] = idp.tokenRequests;
  expect(posted?.authorization).toBeUndefined();
  expect(posted?.form.get('client_secret')).toBe(idp.partner.clientSecret);
  expect(none?.authorization).toBeUndefined();
  expect(none?.form.get('client_secret')).toBeNull();
  expect(none?.form.get('client_id')).toBe('vestibule-client');
});

describe('R21: state', () => {
  test.each([
    ['of another sign-in', `code=c&state=${'x'.repeat(28)}`],
    ['in other case', `code=c&state=${transaction.state.toUpperCase()}`],
    ['missing', 'code=c'],
    ['empty', 'code=c&state='],
  ])('R21: state %s', async (_, query) => {
    const result = await refusal((answer, idp) =>
      withQuery(`${query}&iss=${encodeURIComponent(idp.issuer)}`)(answer),
    );
    expect(result).toEqual({ kind: 'invalid', check: 'state' });
  });
});

describe('R22: the issuer that answers', () => {
  test("R22 A008: mix-up: the attacker's answer to the honest provider's sign-in", async () => {
    await using evil = await startFakeIdp();
    const result = await refusal((answer) => ({
      ...answer,
      parameters: answerOf(evil).parameters,
    }));
    expect(result).toEqual({ kind: 'invalid', check: 'iss' });
    expect(evil.hits('token')).toBe(0);
    expect(evil.hits('discovery')).toBe(0);
  });

  test('R22 A008: iss is compared even where the metadata promises none', async () => {
    const result = await refusal(
      (answer) => withQuery(`code=c&state=${transaction.state}&iss=https://evil.test`)(answer),
      (idp) => {
        idp.metadata['authorization_response_iss_parameter_supported'] = false;
      },
    );
    expect(result).toEqual({ kind: 'invalid', check: 'iss' });
  });

  test('R22 A009: iss is promised by the metadata and missing', async () => {
    const result = await refusal(withQuery(`code=c&state=${transaction.state}`));
    expect(result).toEqual({ kind: 'invalid', check: 'iss' });
    const error = await refusal(withQuery(`error=access_denied&state=${transaction.state}`));
    expect(error).toEqual({ kind: 'invalid', check: 'iss' });
  });

  test('R22: a provider that promises no iss may leave it out', async () => {
    await using idp = await startFakeIdp();
    delete idp.metadata['authorization_response_iss_parameter_supported'];
    const answer = answerOf(idp, { iss: undefined });
    const result = await openWatchedHome().redeem(idp.partner, answer, noon);
    expect(result.kind).toBe('identity');
  });
});

describe('A023: malformed callbacks', () => {
  const { state } = transaction;
  test.each([
    ['state only', `state=${state}&iss=ISS`, 'code'],
    ['an empty code', `code=&state=${state}&iss=ISS`, 'code'],
    ['code only', 'code=c&iss=ISS', 'state'],
    ['code twice', `code=a&code=b&state=${state}&iss=ISS`, 'parameterTwice'],
    ['the same code twice', `code=a&code=a&state=${state}&iss=ISS`, 'parameterTwice'],
    ['state twice', `code=a&state=${state}&state=x&iss=ISS`, 'parameterTwice'],
    ['iss twice', `code=a&state=${state}&iss=ISS&iss=https://evil.test`, 'parameterTwice'],
    ['error twice', `error=a&error=b&state=${state}&iss=ISS`, 'parameterTwice'],
    ['code as a list', `code[]=a&state=${state}&iss=ISS`, 'parameterArray'],
    ['state as a list', `code=a&state[0]=${state}&iss=ISS`, 'parameterArray'],
    ['escaped brackets', `code%5B%5D=a&code=a&state=${state}&iss=ISS`, 'parameterArray'],
    ['a token from the front channel', `code=a&id_token=a.b.c&state=${state}&iss=ISS`, 'response'],
    ['a JARM answer', `response=a.b.c&state=${state}&iss=ISS`, 'response'],
    ['an endless code', `code=${'a'.repeat(8193)}&state=${state}&iss=ISS`, 'parameterLength'],
    ['nothing', '', 'iss'],
  ])('A023: %s', async (_, query, check) => {
    const result = await refusal((answer, idp) =>
      withQuery(query.replace('ISS', encodeURIComponent(idp.issuer)))(answer),
    );
    expect(result).toEqual({ kind: 'invalid', check });
  });
});

test('A023: an error the partner sends is told by its code, never by its text', async () => {
  await using idp = await startFakeIdp();
  const home = openWatchedHome();
  const declined = async (error: string) => {
    const answer = answerOf(idp, { code: undefined, error, error_description: '<b>call me</b>' });
    return home.redeem(idp.partner, answer, noon);
  };
  expect(await declined('access_denied')).toEqual({ kind: 'declined', error: 'access_denied' });
  expect(await declined('<script>')).toEqual({ kind: 'declined', error: 'other' });
  expect(idp.hits('token')).toBe(0);
});

describe('A022: the code was spent before', () => {
  test('A022: the provider refuses it, and nobody is signed in', async () => {
    await using idp = await startFakeIdp();
    const home = openWatchedHome();
    expect(await home.redeem(idp.partner, answerOf(idp), noon)).toMatchObject({ kind: 'identity' });
    idp.instead.token = (_, outgoing) => json(outgoing, { error: 'invalid_grant' }, 400);
    expect(await home.redeem(idp.partner, answerOf(idp), noon)).toEqual({
      kind: 'invalid',
      check: 'tokenEndpoint.invalid_grant',
    });
    expect(idp.hits('token')).toBe(2);
    expect(home.alarms).toEqual([]);
  });

  test.each([
    [401, { error: 'invalid_client' }, 'tokenEndpoint.invalid_client'],
    [400, { error: { deep: true } }, 'tokenEndpoint.other'],
    [400, ['invalid_grant'], 'tokenResponse'],
    [201, { id_token: 'a.b.c' }, 'tokenEndpoint.other'],
    [200, {}, 'idTokenMissing'],
    [200, { id_token: ['a.b.c'] }, 'idTokenMissing'],
    [200, null, 'tokenResponse'],
  ])('A022: the token endpoint answers %i %j', async (status, body, check) => {
    await using idp = await startFakeIdp();
    idp.instead.token = (_, outgoing) => json(outgoing, body, status);
    const home = openWatchedHome();
    expect(await home.redeem(idp.partner, answerOf(idp), noon)).toEqual({ kind: 'invalid', check });
    const alarmed = check === 'tokenEndpoint.invalid_client' ? ['homeClientRefused'] : [];
    expect(home.alarms.map(({ event }) => event)).toEqual(alarmed);
  });

  test.each([500, 503, 429, 302])('A022: the token endpoint answers %i', async (status) => {
    await using idp = await startFakeIdp();
    idp.instead.token = (_, outgoing) => {
      outgoing.writeHead(status, { location: `${idp.issuer}/token2` }).end();
    };
    await expect(openWatchedHome().redeem(idp.partner, answerOf(idp), noon)).rejects.toMatchObject({
      code: 'homeUnavailable',
    });
    expect(idp.hits('token')).toBe(1);
  });
});
