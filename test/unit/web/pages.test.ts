import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../shared/flows/answers.ts';
import { contrastOf } from '../../../shared/web/colour.ts';
import { copyOf, languages, pickLanguage } from '../../../shared/web/copy/index.ts';
import { html } from '../../../shared/web/html.ts';
import { respond } from '../../../shared/web/respond.ts';
import { styleSheet } from '../../../shared/web/styles.ts';
import { everyAnswer, usualTexts } from './every-answer.ts';

const asked = { method: 'POST', acceptLanguage: 'en', now: new Date('2026-11-21T10:00:00Z') };
const page = (name: string, language = 'en') =>
  respond(everyAnswer().get(name) as Answer, { ...asked, acceptLanguage: language }).body;

describe('A055 A036 text is escaped wherever it stands', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '</title></style></textarea><svg onload=alert(1)>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '0;url=javascript:alert(1)',
    '</script><!--',
    '\u2028\u2029\0\u202e{{7*7}}',
  ];

  /** Tags and attribute names: what only markup of our own may decide. */
  const skeleton = (markup: string) =>
    markup
      // the code's picture differs with its text
      .replace(/<path fill="#000"[^>]*>/g, '<qr>')
      .match(/<[^>]*>/g)
      ?.map((tag) => tag.replace(/="[^"]*"/g, ''));

  it.each(attacks)('%j', (attack) => {
    const texts = Object.fromEntries(
      Object.keys(usualTexts).map((name) => [name, attack]),
    ) as typeof usualTexts;
    const harmless = everyAnswer();
    for (const language of languages) {
      for (const [name, answer] of everyAnswer(texts)) {
        const expected = respond(harmless.get(name) as Answer, {
          ...asked,
          acceptLanguage: language,
        });
        const got = respond(answer, { ...asked, acceptLanguage: language });
        expect(skeleton(got.body), name).toEqual(skeleton(expected.body));
        if (/[<"]/.test(attack)) expect(got.body, name).not.toContain(attack);
        expect(got.headers['Content-Security-Policy'], name).toBe(
          expected.headers['Content-Security-Policy'],
        );
      }
    }
  });

  it('an accent colour that is none never reaches the style sheet', () => {
    for (const colour of ['red', '#12345', '#1234567', '#123456}body{x', '</style>', '']) {
      expect(styleSheet(colour)).toBe(styleSheet(undefined));
    }
  });

  it('a link of another scheme is no link to an authenticator app', () => {
    const enrol = everyAnswer().get('enrol') as Extract<Answer, { page: 'enrol' }>;
    const { body } = respond({ ...enrol, otpauth: 'javascript:alert(1)' }, asked);
    expect(body).not.toContain('javascript:');
  });

  it('the template refuses an attribute without quotes', () => {
    expect(() => html`<a href=${'x'}>`).toThrow(TypeError);
    expect(() => html`<a title = ${'x'}>`).toThrow(TypeError);
    expect(html`<a href="${'"x\r'}">${['<', html`<b>`]}${undefined}${false}${0}</a>`.markup).toBe(
      '<a href="&quot;x&#13;">&lt;<b>0</a>',
    );
  });
});

describe('pages', () => {
  it.each([...everyAnswer()].filter(([, answer]) => 'frame' in answer && answer.frame))(
    '%s names organisation and app and offers another account',
    (_, answer) => {
      for (const language of languages) {
        const { body } = respond(answer, { ...asked, acceptLanguage: language });
        const start = body.slice(0, body.search(/<input|<main/));
        expect(start).toContain('<b>Fabrikam</b>');
        expect(start).toContain(copyOf(language).frame.signInFor('Woodgrove'));
        expect(body).toContain(
          `<a href="/authorize?prompt=select_account">${copyOf(language).frame.anotherAccount}</a>`,
        );
        expect(body).toContain(`<html lang="${language}">`);
        expect(body).not.toMatch(/undefined|null|\[object|NaN/);
      }
    },
  );

  it('the sign-in form carries its fields verbatim and offers each partner', () => {
    const body = page('sign-in');
    expect(body).toContain('<form method="post" action="/signin" novalidate>');
    for (const name of ['client_id', 'sign_in', 'csrf']) {
      expect(body).toContain(`<input type="hidden" name="${name}" value="e3Jx_4b9-c">`);
    }
    expect(body).toMatch(/<button class="quiet" name="partner" value="microsoft">/);
    // Enter takes the first button, which must be the mail address's
    expect(body.indexOf('<button>')).toBeLessThan(body.indexOf('name="partner"'));
    expect(page('sign-in-no-partners')).not.toContain('class="or"');
  });

  it.each(['enrol', 'challenge'])('%s posts handle, nonce and code', (name) => {
    const body = page(name);
    const action = name === 'enrol' ? '/mfa/enrol' : '/mfa/verify';
    expect(body).toContain(`<form method="post" action="${action}"`);
    expect(body).toContain('<input type="hidden" name="handle" value="e3Jx_4b9-c">');
    expect(body).toContain('<input type="hidden" name="nonce" value="e3Jx_4b9-c">');
    expect(body).toMatch(/name="code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"/);
  });

  it('the mailed code is sent for and checked by a form each', () => {
    const body = page('passcode');
    const fields = ['handle', 'nonce'].map(
      (name) => `<input type="hidden" name="${name}" value="e3Jx_4b9-c">`,
    );
    for (const action of ['/otp/verify', '/otp/send']) {
      const form = body.split(`<form method="post" action="${action}"`)[1]?.split('</form>')[0];
      for (const field of fields) expect(form, action).toContain(field);
      expect(form?.includes('name="code"'), action).toBe(action === '/otp/verify');
    }
    expect(body).toMatch(/inputmode="numeric" autocomplete="one-time-code"[^>]*maxlength="32"/);
  });

  it('the mailed code: what to look for, never that the address is known', () => {
    const sender = 'no-reply@signin.fabrikam.example';
    expect(page('passcode')).toContain('If Fabrikam knows alex@contoso.example, a code');
    expect(page('passcode')).toContain(`<dd>${sender}</dd>`);
    expect(page('passcode')).toContain('<dd>Your sign-in code for Fabrikam</dd>');
    expect(page('passcode')).toContain('have another code sent in 60 seconds');
    expect(page('passcode-send-now')).not.toContain('have another code sent in');
    expect(page('passcode-not-sent')).toContain('If Fabrikam knows alex@contoso.example, use');
    expect(page('passcode-not-sent')).not.toContain('on its way');
    expect(page('passcode-not-sent', 'de')).toContain('in 20 Minuten einen weiteren Code');
    expect(page('passcode')).not.toContain('Why again?');
  });

  it.each([
    ['passcode-tooManyTries', 'the last code is no longer accepted'],
    ['passcode-expired', 'It is too old.'],
    ['passcode-dead', 'The last code is no longer accepted.'],
    ['passcode-dead-not-sent', 'No new code was sent'],
    ['passcode-held-back', 'good only on the page where it was asked for'],
  ])('the mailed code: where none is good, nothing can be typed: %s', (name, said) => {
    const body = page(name);
    expect(body).toContain(said);
    expect(body).toContain('<h1>You need another code</h1>');
    expect(body).not.toMatch(/name="code"|on its way|use the code/);
    expect(body.match(/<form [^>]*action="[^"]*"/g)).toEqual([
      '<form method="post" action="/otp/send"',
    ]);
    expect(body).toContain('<button id="again" autofocus>Send another code</button>');
    const hasProblem = /Tries|expired/.test(name);
    expect(/<title>Error: /.test(body)).toBe(hasProblem);
    expect(/role="alert">[\s\S]*?<a href="#again">/.test(body)).toBe(hasProblem);
  });

  it('signing out is asked first, by a form with its hidden fields', () => {
    expect(page('sign-out')).toMatch(
      /<form method="post" action="\/logout">\s*<input type="hidden" name="csrf" value="e3Jx_4b9-c">\s*<button>Sign out<\/button>/,
    );
  });

  it('enrolment shows the code, the link and the grouped key', () => {
    const body = page('enrol');
    expect(body).toMatch(/<svg role="img" aria-labelledby="qr-title"/);
    expect(body).toContain('href="otpauth://totp/Fabrikam%3Aalex%40contoso.example?secret=');
    expect(body).toContain('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP');
  });

  it.each([...everyAnswer()].filter(([name]) => !/^(enrol)/.test(name)))(
    '%s shows no secret',
    (_, answer) => {
      expect(respond(answer, asked).body).not.toMatch(/JBSW|otpauth/);
    },
  );

  it.each(['enrol', 'challenge'])('%s says why again, naming the home organisation', (name) => {
    expect(page(name)).toContain('What you showed Contoso counts at Contoso only');
    expect(page(name, 'de')).toContain('Ihre Bestätigung bei Contoso gilt nur dort');
    expect(page(`${name}-without-home`)).not.toContain('Contoso counts');
  });

  const atField = ([, answer]: readonly [string, Answer]) =>
    'problem' in answer && answer.problem && !('code' in answer && answer.code === 'dead');

  it.each([...everyAnswer()].filter(atField))(
    '%s says so first: in the title, in a summary linked to the field, at the field',
    (_, answer) => {
      for (const language of languages) {
        const { body } = respond(answer, { ...asked, acceptLanguage: language });
        expect(body).toContain(`<title>${copyOf(language).frame.errorPrefix}`);
        const field = /role="alert">[\s\S]*?<a href="#([a-z]+)">/.exec(body)?.[1];
        const input = new RegExp(`<input[^>]* id="${field}"[^>]*>`).exec(body)?.[0] ?? '';
        expect(input).toContain(`aria-describedby="${field}-problem ${field}-hint"`);
        expect(input).toContain('aria-invalid="true"');
        expect(input).toContain(' autofocus');
        expect(body).toContain(`id="${field}-problem"`);
      }
    },
  );

  it('a refusal has cause, next step, who to ask and a reference', () => {
    const text = copyOf('en').blocked.riskWithoutMethod('Fabrikam');
    const body = page('blocked-with-sponsor');
    for (const part of [text.heading, text.cause, text.next, 'Robin Kline at Fabrikam']) {
      expect(body).toContain(part);
    }
    expect(body).toContain('<dd class="value">0T5M-8QXK-3VA</dd>');
    expect(page('blocked-riskWithoutMethod')).toContain('Your contact at Fabrikam');
  });

  it('no page but form_post has a script', () => {
    for (const [name, answer] of everyAnswer()) {
      const { body } = respond(answer, asked);
      expect(body.includes('<script'), name).toBe(name === 'form-post');
    }
  });
});

describe('copy', () => {
  /** Every text, with every function called, under its path. */
  function texts(value: unknown, path: string): [string, string][] {
    if (typeof value === 'string') return [[path, value]];
    if (typeof value === 'function') {
      const calls: readonly (readonly unknown[])[] = path.endsWith('AgainIn')
        ? [[30], [300]]
        : /\.(lead|why)$/.test(path)
          ? [['Fabrikam', 'Contoso'], ['Fabrikam']]
          : [['Fabrikam', 'Contoso']];
      return calls.flatMap((names, i) => texts(value(...names), `${path}(${i})`));
    }
    return Object.entries(value as object).flatMap(([key, each]) => texts(each, `${path}.${key}`));
  }

  it('has the same texts in every language, none empty', () => {
    const [first, ...others] = languages.map((language) => texts(copyOf(language), ''));
    for (const other of others) {
      expect(other.map(([path]) => path)).toEqual(first?.map(([path]) => path));
    }
    for (const [path, text] of [first ?? [], ...others].flat()) {
      expect(text.trim().length, path).toBeGreaterThan(1);
      expect(text, path).not.toMatch(/undefined|\s{2}|\.\.\.|TODO|^\s|[^:]\s$/);
    }
  });

  it('German is not English', () => {
    const english = new Map(texts(copyOf('en'), ''));
    const same = texts(copyOf('de'), '').filter(([path, text]) => english.get(path) === text);
    expect(same).toEqual([]);
  });

  it.each<[string | undefined, string | null, string]>([
    [undefined, null, 'en'],
    [undefined, '', 'en'],
    [undefined, 'de', 'de'],
    [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
    [undefined, 'en-GB,de;q=0.9', 'en'],
    [undefined, 'fr,de;q=0.5,en;q=0.7', 'en'],
    [undefined, 'de;q=0,en', 'en'],
    [undefined, 'de;q=0', 'en'],
    [undefined, 'fr, *', 'en'],
    [undefined, ' DE ; q=1 ', 'de'],
    [undefined, 'de;q=nonsense', 'en'],
    ['de', 'en', 'de'],
    ['fr de en', 'en', 'de'],
    ['de-CH-1996', null, 'de'],
    ['fr', 'de', 'de'],
    ['', 'de', 'de'],
    ['__proto__ constructor', null, 'en'],
    ['deutsch', null, 'en'],
  ])('ui_locales %j, Accept-Language %j → %s', (uiLocales, acceptLanguage, expected) => {
    expect(pickLanguage(uiLocales, acceptLanguage)).toBe(expected);
  });
});

describe('accent colour', () => {
  it.each(['#000000', '#ffffff', '#ffd400', '#2f5d8a', '#777777', '#ff0000', '#00ff00', '#0A0B0C'])(
    '%s can be read as text and under text',
    (colour) => {
      const sheet = styleSheet(colour);
      const [, fill = '', on = '', light = '', dark = ''] =
        /--fill:(#\w+);--on-fill:(#\w+);--ink:(#\w+)\}.*?--ink:(#\w+)\}/.exec(sheet) ?? [];
      expect(fill).toBe(colour.toLowerCase());
      expect(contrastOf(fill, on)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(light, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(light, '#f3f4f6')).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(dark, '#171c22')).toBeGreaterThanOrEqual(4.5);
    },
  );
});
