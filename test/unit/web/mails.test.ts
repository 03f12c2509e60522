import { describe, expect, it } from 'vitest';
import type { MailMessage, MailText } from '../../../shared/ports.ts';
import { contrastOf } from '../../../shared/web/colour.ts';
import { languages } from '../../../shared/web/copy/index.ts';
import { renderMail } from '../../../shared/web/mails/render-mail.ts';
import { dark, light } from '../../../shared/web/palette.ts';
import { everyMail, usualNames } from './every-mail.ts';

const mail = (name: string, language: 'en' | 'de' = 'en') =>
  renderMail(everyMail(language).get(name) as MailMessage);

/** Every mail in every language, beside the same one with every name replaced. */
const withNames = (name: string): readonly (readonly [string, MailText, MailText])[] =>
  languages.flatMap((language) => {
    const others = everyMail(language, { organisation: name, app: name, guest: name });
    return [...everyMail(language)].map(
      ([key, usual]) =>
        [
          `${key}.${language}`,
          renderMail(usual),
          renderMail(others.get(key) as MailMessage),
        ] as const,
    );
  });

const everyText = languages.flatMap((language) =>
  [...everyMail(language)].map(([name, message]) => ({
    name: `${name}.${language}`,
    language,
    text: renderMail(message),
  })),
);

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** The words that a reader of the markup sees, in order. */
const wordsShown = (markup: string) =>
  words(
    markup
      .slice(markup.indexOf('<body>'))
      .replace(/<[^>]*>/g, ' ')
      .replace(/&[#\w]+;/g, (entity) => entities[entity] ?? entity),
  );

const tags = (markup: string) => markup.match(/<[^>]*>/g);
const lines = (text: string) => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).length;

describe('A077 markup in a name is text in a mail', () => {
  it.each([
    '<script>alert(1)</script>',
    '<a href="https://pay.example">Pay</a>',
    '"><img src=https://pay.example/x.png onerror=alert(1)>',
    "' onload='alert(1)",
    '</title></style></body><svg onload=alert(1)>',
    '&lt;b&gt; &amp; &#60;',
    '<!-- ]]> <![endif]-->',
  ])('%j', (attack) => {
    for (const [name, usual, attacked] of withNames(attack)) {
      expect(tags(attacked.html), name).toEqual(tags(usual.html));
      if (/[<"]/.test(attack)) expect(attacked.html, name).not.toContain(attack);
      expect(wordsShown(attacked.html), name).toEqual(words(attacked.plainText));
    }
  });

  it.each(['https://pay.example/now', 'www.pay.example', 'pay@pay.example', 'mailto:a@b.example'])(
    'the name of a guest makes no link, whatever the mail program: %s',
    (guest) => {
      for (const language of languages) {
        for (const [name, message] of everyMail(language, { ...usualNames, guest })) {
          const { subject, plainText } = renderMail(message);
          expect(subject + plainText, name).not.toMatch(/\w[.@]\w|:\/|mailto:\S/);
        }
      }
    },
  );
});

describe('A076 a name adds no header and no line', () => {
  it.each([
    '\r\nBcc: all@contoso.example',
    '\r\n\r\nYour code is 11111111',
    '\nX-Priority: 1',
    '\rCc: x',
    '\u2028\u2029next',
    '\u0085next\v\f',
    '\0\u0007\u001b[2J',
    '\u202eevil\u202c\u2066\u2069\u200f\u061c',
    '\u00ad\u200b\u2060\ufeff\ud800',
  ])('%j', (attack) => {
    for (const [name, usual, attacked] of withNames(`Fabrikam${attack}`)) {
      expect(attacked.subject, name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(lines(attacked.plainText), name).toBe(lines(usual.plainText));
      expect(lines(attacked.html), name).toBe(lines(usual.html));
      expect(Object.values(attacked).join(), name).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\r\0]/u);
    }
  });

  it('what a name needs stays', () => {
    const organisation = 'Köhler & Söhne 👩‍🔬 می‌خواهم';
    const { subject } = renderMail(
      everyMail('en', { ...usualNames, organisation }).get('mail-passcode') as MailMessage,
    );
    expect(subject).toBe(`Your sign-in code for ${organisation}`);
  });
});

describe('mails', () => {
  it.each(everyText)('$name says the same in text and markup', ({ text }) => {
    expect(wordsShown(text.html)).toEqual(words(text.plainText));
    expect(text.html + text.plainText + text.subject).not.toMatch(/undefined|null|\[object|NaN/);
  });

  it.each(everyText)('$name links to nothing and loads nothing', ({ text }) => {
    expect(text.plainText + text.html).not.toMatch(
      /https?:|\/\/|www\.|href|src|url\(|@import|@font-face|<(a|img|link|form|script|iframe|object|svg|base)\b|\w@\w/i,
    );
  });

  it.each(everyText)('$name is a document in its language, light and dark', (shown) => {
    const { html, subject } = shown.text;
    expect(html).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${shown.language}">`));
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(Number(/max-width: (\d+)px; margin: 0 auto/.exec(html)?.[1])).toBeLessThanOrEqual(600);
  });

  it('the code stands in the text, in fours, and never in the subject', () => {
    for (const language of languages) {
      const { subject, plainText } = mail('mail-passcode', language);
      expect(plainText.split('\n')).toContain('1234 5678');
      expect(subject).not.toMatch(/\d/);
      expect(subject).toContain('Fabrikam');
    }
  });

  it('times are written plainly, in UTC', () => {
    expect(mail('mail-passcode').plainText).toContain(
      'Valid for 10 minutes, until 27 November 2026, 14:15 UTC.\n\nAsked for on 27 November 2026, 14:05 UTC.',
    );
    expect(mail('mail-passcode', 'de').plainText).toContain(
      'Gültig für 10 Minuten, bis 27. November 2026, 14:15 UTC.',
    );
    expect(mail('mail-mfa-reset-guest', 'de').plainText).toContain('27. November 2026, 14:05 UTC');
  });

  it('a notice names the guest to the contact only', () => {
    for (const { name, text } of everyText.filter((each) => !each.name.includes('passcode')))
      expect(text.plainText.includes('Alex Berg'), name).toBe(name.includes('sponsor'));
  });

  it('the app’s language comes before the browser’s', () => {
    const message = everyMail('en').get('mail-passcode') as MailMessage;
    const { html } = renderMail({
      ...message,
      languages: { uiLocales: 'de', acceptLanguage: 'en' },
    });
    expect(html).toContain('<html lang="de">');
  });

  it.each(['#000000', '#ffffff', '#ffd400', '#777777', '#00ff00', 'red;}</style>'])(
    'accent colour %s can be read',
    (accentColour) => {
      const message = everyMail('en', usualNames, accentColour).get('mail-passcode') as MailMessage;
      const { html } = renderMail(message);
      const [, fill = '', on = ''] =
        /\.from \{[^}]*background: (#\w+); color: (#\w+)/.exec(html) ?? [];
      const inks = [...html.matchAll(/\.code \{ color: (#\w+); \}/g)].map(([, ink = '']) => ink);
      expect(contrastOf(fill, on)).toBeGreaterThanOrEqual(4.5);
      expect(inks).toHaveLength(2);
      for (const [index, { panel }] of [light, dark].entries())
        expect(contrastOf(inks[index] ?? '', panel)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
