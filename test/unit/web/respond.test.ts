import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asFault, Fault, type FaultCode } from '../../../shared/core/errors.ts';
import type { Answer } from '../../../shared/flows/answers.ts';
import { languages } from '../../../shared/web/copy/index.ts';
import { faultAnswer } from '../../../shared/web/faults.ts';
import type { WebResponse } from '../../../shared/web/headers.ts';
import { graphError, jsonAnswer, oauthError, tokenAnswer } from '../../../shared/web/json.ts';
import { type Asked, respond } from '../../../shared/web/respond.ts';
import { everyAnswer } from './every-answer.ts';

const now = new Date('2026-11-21T10:00:00Z');
const get: Asked = { method: 'GET', acceptLanguage: 'en', now };
const post: Asked = { ...get, method: 'POST' };

const faultCodes: Record<FaultCode, true> = {
  requestTooLarge: true,
  requestMalformed: true,
  mediaTypeUnsupported: true,
  crossSiteRequest: true,
  wayRoundFrontDoor: true,
  storageUnavailable: true,
  storedRowUnreadable: true,
  storedRowTooLarge: true,
  configurationMissing: true,
  configurationUnreadable: true,
  countryUnknown: true,
  clientAddressUnknown: true,
  homeUnavailable: true,
  identityUnavailable: true,
  keyUnavailable: true,
  sealBroken: true,
  busy: true,
  unexpected: true,
};
const faults = Object.keys(faultCodes) as FaultCode[];

/** Every answer by every method and language, every fault for every audience, every JSON form. */
function everyResponse(): [string, WebResponse][] {
  const all: [string, WebResponse][] = [];
  for (const language of languages) {
    for (const asked of [get, post]) {
      for (const [name, answer] of everyAnswer()) {
        const response = respond(answer, { ...asked, acceptLanguage: language });
        all.push([`${name} ${asked.method} ${language}`, response]);
      }
    }
  }
  for (const code of faults) {
    for (const audience of ['page', 'oauth', 'graph'] as const) {
      all.push([
        `fault ${code} ${audience}`,
        faultAnswer(new Fault(code), audience, '0T5M-8QXK-3VA', get),
      ]);
    }
  }
  all.push(
    ['json', jsonAnswer(200, {})],
    ['token', tokenAnswer({ access_token: 'a' })],
    ['oauth error', oauthError(400, 'invalid_grant', 'x')],
    ['graph error', graphError(404, 'Request_ResourceNotFound', 'x')],
  );
  return all;
}

const directives = (response: WebResponse): Map<string, string> =>
  new Map(
    (response.headers['Content-Security-Policy'] ?? '').split('; ').map((directive) => {
      const space = directive.indexOf(' ');
      return [directive.slice(0, space), directive.slice(space + 1)];
    }),
  );

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inline = (tag: string, markup: string) =>
  [...markup.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(
    ([, text]) => text ?? '',
  );
const isPage = (response: WebResponse) =>
  response.headers['Content-Type']?.startsWith('text/html') ?? false;

describe('R50 A054 headers', () => {
  it.each(everyResponse())('%s', (_, response) => {
    expect(response.headers).toMatchObject({
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      'Referrer-Policy': expect.stringMatching(/^(same-origin|no-referrer)$/),
      'Permissions-Policy': expect.stringContaining('camera=()'),
    });
    const policy = directives(response);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(response.headers['Content-Security-Policy']).not.toMatch(/unsafe|https?:|\*/);
  });

  it.each(everyResponse().filter(([, response]) => isPage(response)))(
    '%s: hashes match what stands there, and nothing inline is left out',
    (_, response) => {
      const policy = directives(response);
      const [style, ...moreStyles] = inline('style', response.body);
      expect(moreStyles).toEqual([]);
      expect(policy.get('style-src')).toBe(hash(style ?? ''));
      const scripts = inline('script', response.body);
      expect(policy.get('script-src')).toBe(
        scripts.length > 0 ? hash(scripts[0] ?? '') : undefined,
      );
      expect(scripts.length).toBeLessThanOrEqual(1);
      // what a hash does not cover
      expect(response.body).not.toMatch(/\sstyle=|\son[a-z]+=|<(iframe|object|embed|base|img)\b/);
      expect(response.body).not.toMatch(/<script\s|<style\s/);
    },
  );

  it('pages with forms of ours send their origin with the form, pages that leave tell nobody', () => {
    for (const [name, answer] of everyAnswer()) {
      const { headers, body } = respond(answer, post);
      const ours = /<form [^>]*action="\//.test(body);
      expect(headers['Referrer-Policy'], name).toBe(ours ? 'same-origin' : 'no-referrer');
      if (ours) expect(headers['Content-Security-Policy']).toContain("form-action 'self'");
    }
  });

  it('answers have the status that the flow gave', () => {
    for (const [name, answer] of everyAnswer()) {
      if (answer.kind !== 'page') continue;
      const expected = 'status' in answer ? answer.status : 200;
      expect(respond(answer, get).status, name).toBe(expected);
    }
  });

  it('A156 HEAD gets the headers alone', () => {
    const answer = everyAnswer().get('sign-in') as Answer;
    const full = respond(answer, get);
    expect(respond(answer, { ...get, method: 'HEAD' })).toEqual({ ...full, body: '' });
  });
});

const back = everyAnswer().get('back-to-app') as Extract<Answer, { kind: 'authorizationResponse' }>;
const home = everyAnswer().get('go-home') as Extract<Answer, { kind: 'goHome' }>;

describe('R09 leaving for another origin', () => {
  it.each([
    ['home', home, 'https://idp.contoso.example/authorize'],
    [
      'app',
      back,
      'https://app.woodgrove.example/callback?tenant=1&iss=https%3A%2F%2Fsignin.fabrikam.example&code=e3Jx_4b9-c&state=e3Jx_4b9-c',
    ],
  ])('%s: after a GET by 303, after a POST by a page that goes on', (_, answer, target) => {
    const redirect = respond(answer, get);
    expect([redirect.status, redirect.headers['Location'], redirect.body]).toEqual([
      303,
      target,
      '',
    ]);
    const page = respond(answer, post);
    expect(page.status).toBe(200);
    expect(page.headers['Location']).toBeUndefined();
    const escaped = target.replaceAll('&', '&amp;');
    expect(page.body).toContain(`<meta http-equiv="refresh" content="0;url=${escaped}">`);
    expect(page.body).toContain(`href="${escaped}"`);
  });

  it('no answer is a 307 or 308, and a POST is never redirected', () => {
    for (const [name, response] of everyResponse()) {
      expect([307, 308], name).not.toContain(response.status);
      if (name.includes(' POST ')) expect(response.headers['Location'], name).toBeUndefined();
    }
  });

  it.each([
    ['https://app.example/cb', '?'],
    ['https://app.example/cb?', ''],
    ['https://app.example/cb?x=%20a', '&'],
    ['https://app.example/cb?x&', ''],
    ['http://127.0.0.1:5000/', '?'],
  ])('the query of %s stays as it is', (redirectUri, glue) => {
    const { headers } = respond(
      { ...back, redirectUri, parameters: { iss: 'i', state: 'a b&c' } },
      get,
    );
    expect(headers['Location']).toBe(`${redirectUri}${glue}iss=i&state=a+b%26c`);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://x/y',
    '//evil.example',
    '/\\evil.example',
    'https://app.example/#f',
    'https://app.example/\r\nSet-Cookie: a=b',
    'https://app.example/ü',
    'https://',
    '',
  ])('A036 A039 never to %j', (target) => {
    for (const asked of [get, post]) {
      expect(() => respond({ ...home, url: target }, asked)).toThrow(Fault);
      expect(() => respond({ ...back, redirectUri: target }, asked)).toThrow(Fault);
      expect(() =>
        respond({ ...back, redirectUri: target, responseMode: 'form_post' }, asked),
      ).toThrow(Fault);
    }
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:x', '/a\nb'])(
    'A039 "another account" never leads to %j',
    (anotherAccount) => {
      const answer = everyAnswer(undefined, { anotherAccount }).get('challenge') as Answer;
      expect(respond(answer, get).body).not.toContain('class="below"');
    },
  );
});

describe('R05 every authorization response names its issuer', () => {
  it.each(['query', 'form_post'] as const)('%s without iss is a fault of ours', (responseMode) => {
    for (const parameters of [{ error: 'access_denied' }, { code: 'c', iss: '' }]) {
      expect(() => respond({ ...back, responseMode, parameters }, get)).toThrow(Fault);
    }
  });
});

describe('A041 form_post', () => {
  const attack = `"><script>alert(1)</script><input name='x'>`;
  const response = respond(
    {
      ...back,
      responseMode: 'form_post',
      parameters: { iss: 'https://signin.fabrikam.example', error: attack, state: attack },
    },
    get,
  );

  it('one fixed form, its values escaped, nothing to fill in', () => {
    expect(response.body.match(/<form\b/g)).toHaveLength(1);
    expect(response.body).toContain(
      '<form method="post" action="https://app.woodgrove.example/callback?tenant=1">',
    );
    const inputs = response.body.match(/<input\b[^>]*>/g) ?? [];
    expect(inputs).toHaveLength(3);
    for (const input of inputs)
      expect(input).toMatch(/^<input type="hidden" name="(iss|error|state)"/);
    expect(response.body).toContain(
      'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;input name=&#39;x&#39;&gt;"',
    );
    expect(response.body).toMatch(/<button>/);
  });

  it('one script, the same for everyone, and no form-action', () => {
    expect(inline('script', response.body)).toEqual(['document.forms[0].submit()']);
    expect(directives(response).has('form-action')).toBe(false);
    expect(response.headers['Referrer-Policy']).toBe('no-referrer');
  });
});

describe('R39 cookies of an answer', () => {
  it('are set whatever the answer is', () => {
    for (const [name, answer] of everyAnswer()) {
      for (const asked of [get, post]) {
        const { cookies } = respond(
          {
            ...answer,
            cookies: [
              { cookie: 'browser', value: 'b' },
              { cookie: 'session', value: '' },
            ],
          },
          asked,
        );
        expect(
          cookies.map(({ name: each, maxAge }) => [each, maxAge]),
          name,
        ).toEqual([
          ['__Host-browser', 31_536_000],
          ['__Host-session', 0],
        ]);
      }
    }
  });
});

describe('R53 faults', () => {
  const leaky = (code: FaultCode) =>
    new Fault(code, {
      detail: 'guest alex@contoso.example key ak-secret',
      cause: new Error('at /srv/app/shared/flows/x.ts:10'),
    });

  it.each(faults)('%s: status, code and reference, nothing of the inside', (code) => {
    const fault = leaky(code);
    for (const audience of ['page', 'oauth', 'graph'] as const) {
      const { status, body, headers } = faultAnswer(fault, audience, '0T5M-8QXK-3VA', get);
      expect(status).toBe(fault.status);
      expect(body).toContain('0T5M-8QXK-3VA');
      expect(body + JSON.stringify(headers)).not.toMatch(
        /alex@|ak-secret|\/srv|\.ts\b|\bat \/|storedRow|sealBroken/,
      );
      expect(headers['Retry-After']).toBe(status === 503 ? '30' : undefined);
    }
  });

  it('what was thrown by others is unexpected', () => {
    const { status, body } = faultAnswer(
      asFault(new TypeError('x is not a function')),
      'oauth',
      'R',
      get,
    );
    expect(status).toBe(500);
    expect(JSON.parse(body)).toEqual({
      error: 'server_error',
      error_description: 'Something went wrong.',
      correlation_id: 'R',
    });
  });
});

describe('JSON answers', () => {
  it('R10 what carries tokens is never cached', () => {
    expect(tokenAnswer({ access_token: 'a' }).headers).toMatchObject({
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      'Content-Type': 'application/json; charset=utf-8',
    });
  });

  it('metadata may say otherwise', () => {
    const { headers } = jsonAnswer(200, {}, { 'Cache-Control': 'public, max-age=300' });
    expect(headers['Cache-Control']).toBe('public, max-age=300');
  });

  it('R51 no origin may read what is not meant for all', () => {
    expect(jsonAnswer(200, {}).headers['Access-Control-Allow-Origin']).toBeUndefined();
    expect(graphError(403, 'a', 'b').headers['Access-Control-Allow-Origin']).toBeUndefined();
  });

  it('an OAuth error has the standard members, its own, and the challenge of its kind', () => {
    const { status, headers, body } = oauthError(401, 'invalid_client', 'Who "are" you?\n', {
      suberror: 'x',
    });
    expect(status).toBe(401);
    expect(JSON.parse(body)).toEqual({
      error: 'invalid_client',
      error_description: 'Who ?are? you??',
      suberror: 'x',
    });
    expect(headers['WWW-Authenticate']).toMatch(/^Basic /);
    expect(oauthError(401, 'invalid_token', 'Expired.').headers['WWW-Authenticate']).toBe(
      'Bearer error="invalid_token", error_description="Expired."',
    );
  });

  it("a Graph error has Graph's body", () => {
    const { body } = graphError(400, 'BadRequest', 'Not valid.', {
      requestId: 'R',
      date: now,
      details: [{ code: 'invalid', message: 'Too long.', target: '/displayName' }],
    });
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'BadRequest',
        message: 'Not valid.',
        details: [{ code: 'invalid', message: 'Too long.', target: '/displayName' }],
        innerError: { date: '2026-11-21T10:00:00', 'request-id': 'R' },
      },
    });
  });
});
