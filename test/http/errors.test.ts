/** What somebody gets who asks for what is not there, in the wrong way or the wrong language. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonOf } from '../support/http-send.ts';
import { ask, referenceOn } from '../support/http-steps.ts';
import { type HttpWorld, ownForm, startHttpWorld } from '../support/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld();
});
afterAll(() => world.close());

test.each([
  '/',
  '/favicon.ico',
  '/admin',
  '/admin/host/keys',
  '/.env',
  '/.git/config',
  '/api/token',
])('there is nothing at %s', async (path) => {
  const got = await world.send(path);
  expect(got.status).toBe(404);
  expect(got.text).toContain('<h1>There is nothing here</h1>');
  expect(got.text).toContain('Fabrikam');
});

test('a method that a route does not have is not found', async () => {
  for (const entry of world.functions) {
    if (entry.kind !== 'http' || !('methods' in entry)) continue;
    const path = entry.route
      .replace('{document}', 'openid-configuration')
      .replace('{partner}', 'contoso');
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      if (entry.methods.includes(method)) continue;
      expect([method, path, (await world.send(path, { method })).status]).toEqual([
        method,
        path,
        404,
      ]);
    }
  }
});

test.each(['/signin', '/mfa/enrol', '/mfa/verify', '/authorize'])(
  'POST %s without a form is 415, a page with a reference',
  async (path) => {
    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
      const headers = { ...ownForm(world.issuer), 'content-type': type };
      const got = await world.send(path, { method: 'POST', headers, body: 'mail=x' });
      expect(got.status).toBe(415);
      expect(got.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(referenceOn(got)).toBeDefined();
    }
  },
);

test('POST /token without a form is 415 in JSON', async () => {
  const headers = { 'content-type': 'application/json' };
  const got = await world.send('/token', { method: 'POST', headers, body: '{}' });
  expect(got.status).toBe(415);
  expect(jsonOf(got)).toMatchObject({
    error: 'invalid_request',
    correlation_id: expect.any(String),
  });
});

test('a page speaks the language that is asked for, English otherwise', async () => {
  const language = async (url: string, accept?: string) =>
    (await world.send(url, accept === undefined ? {} : { headers: { 'accept-language': accept } }))
      .headers['content-language'];
  expect(await language('/signin')).toBe('en');
  expect(await language('/signin', 'de-AT,de;q=0.9,en;q=0.8')).toBe('de');
  expect(await language('/signin', 'xx')).toBe('en');
  expect(await language(ask(world, { ui_locales: 'de' }).url, 'en')).toBe('de');
});

test('an admin’s mistake is named with its place, in Graph’s form', async () => {
  const got = await world.adminRequest('POST', '/manage/mfa-reset', { mail: 'x@y.example' });
  expect(got.status).toBe(400);
  expect(jsonOf(got)).toEqual({
    error: {
      code: 'BadRequest',
      message: expect.stringContaining('/reason'),
      details: [{ code: 'BadRequest', target: '/reason', message: expect.any(String) }],
    },
  });
});
