import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SetCookie } from '../../../shared/flows/answers.ts';
import { type Cookies, readCookies, writeCookie } from '../../../shared/web/cookies.ts';

const now = new Date('2026-11-21T10:00:00Z');

// not `Headers`: it refuses the bytes that a host may hand on
const read = (cookie: string | null): Cookies =>
  readCookies({ headers: { get: (name) => (name === 'cookie' ? cookie : null) } });

describe('A146 A052 cookies are parsed by one strict function', () => {
  const table: readonly [string, string | null, Cookies][] = [
    ['no header', null, {}],
    ['an empty header', '', {}],
    ['one', '__Host-browser=abc', { browser: 'abc' }],
    [
      'all three among others',
      'x=1; __Host-browser=a; y=2; __Host-session=b; __Host-device=c.d',
      { browser: 'a', session: 'b', device: 'c.d' },
    ],
    ['no space after the semicolon', 'x=1;__Host-browser=a', { browser: 'a' }],
    ['two spaces: another name', 'x=1;  __Host-browser=a', {}],
    ['a space before the first: another name', ' __Host-browser=a', {}],
    ['a space before the equals sign: another name', '__Host-browser =a', {}],
    ['a tab: nothing counts', 'x=1;\t__Host-browser=a', {}],
    ['another case: another name', '__host-browser=a; __HOST-browser=b', {}],
    ['the right one beside another case', '__host-browser=a; __Host-browser=b', { browser: 'b' }],
    ['U+2000 before the name: nothing counts', '__Host-session=s; \u2000__Host-browser=a', {}],
    ['U+2000 as UTF-8 bytes', '__Host-session=s; \xe2\x80\x80__Host-browser=a', {}],
    ['a no-break space', '\xa0__Host-browser=a; __Host-session=s', {}],
    ['U+0085', '\x85__Host-browser=a; __Host-session=s', {}],
    ['another letter of Unicode in any value', 'x=ü; __Host-browser=a', {}],
    ['NUL', 'x=\0; __Host-browser=a', {}],
    ['DEL', 'x=\x7f; __Host-browser=a', {}],
    ['line feed', 'x=1\n; __Host-browser=a', {}],
    ['the same name twice', '__Host-browser=a; __Host-browser=b', {}],
    ['the same name and value twice', '__Host-browser=a; __Host-browser=a', {}],
    ['twice, of another kind', '__Host-session=a; __Host-browser=b; __Host-session=c', {}],
    ['twice, of a name that is not ours', '__Host-x=1; __Host-browser=b; __Host-x=2', {}],
    ['twice without a value', '__Host-browser; __Host-browser=a', {}],
    ['other names twice', 'x=1; x=2; __Host-browser=a', { browser: 'a' }],
    ['$Version', '$Version=1; __Host-browser=a', {}],
    ['$version at the end', '__Host-browser=a; $version=1', {}],
    ['$Version after two spaces', '__Host-browser=a;  $Version="1"', {}],
    ['quotes are part of the value, and not of ours', '__Host-browser="a"', {}],
    ['a comma is no separator', 'x=1, __Host-browser=a', {}],
    ['an empty value', '__Host-browser=', {}],
    ['a name alone', '__Host-browser', {}],
    ['a value with an equals sign', '__Host-browser=a=b', {}],
    ['a value with a percent sign', '__Host-browser=%61', {}],
    ['a nameless one', '=__Host-browser=a', {}],
    ['a bad value spoils no other', '__Host-browser="; __Host-session=s', { session: 's' }],
    ['the end of a longer name', 'my__Host-browser=a', {}],
    ['the start of a longer name', '__Host-browserx=a', {}],
    ['a value too long', `__Host-browser=${'a'.repeat(1025)}`, {}],
    ['a header too long', `x=${'a'.repeat(16_384)}; __Host-browser=a`, {}],
  ];
  it.each(table)('%s', (_, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('A117 three hundred cookies are read', () => {
    const many = Array.from({ length: 300 }, (_, i) => `c${i}=v`).join('; ');
    expect(read(`${many}; __Host-browser=a`)).toEqual({ browser: 'a' });
  });

  it('never throws and never answers a value of other characters', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('__Host-browser', '=', '; ', ';', '$Version'),
          ),
        ),
        (parts) => {
          for (const value of Object.values(read(parts.join('')))) {
            expect(value).toMatch(/^[A-Za-z0-9_.~-]+$/);
          }
        },
      ),
    );
  });
});

describe('R39 cookies are written', () => {
  const fixed = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' };
  const year = 31_536_000;
  const table: readonly [string, SetCookie, object][] = [
    [
      'browser: a year',
      { cookie: 'browser', value: 'a' },
      { name: '__Host-browser', value: 'a', maxAge: year },
    ],
    [
      'device: a year',
      { cookie: 'device', value: 'k1.m' },
      { name: '__Host-device', value: 'k1.m', maxAge: year },
    ],
    [
      'transient device: as long as the browser runs',
      { cookie: 'device', value: 'k1.m', transient: true },
      { name: '__Host-device', value: 'k1.m' },
    ],
    [
      'session: as long as the browser runs',
      { cookie: 'session', value: 's' },
      { name: '__Host-session', value: 's' },
    ],
    [
      'persistent session: whole seconds, rounded down',
      { cookie: 'session', value: 's', persistentUntil: new Date(now.getTime() + 3_600_999) },
      { name: '__Host-session', value: 's', maxAge: 3600 },
    ],
    [
      'a session that is over already: removed',
      { cookie: 'session', value: 's', persistentUntil: new Date(0) },
      { name: '__Host-session', value: 's', maxAge: 0 },
    ],
    [
      'an empty value: removed',
      { cookie: 'browser', value: '' },
      { name: '__Host-browser', value: '', maxAge: 0 },
    ],
  ];
  it.each(table)('%s', (_, cookie, expected) => {
    expect(writeCookie(cookie, now)).toEqual({ ...fixed, ...expected });
  });

  it.each(['a;b', 'a b', 'a=b', 'ü', 'a\r\nb', '%41'])('a value like %j is refused', (value) => {
    expect(() => writeCookie({ cookie: 'browser', value }, now)).toThrow(TypeError);
  });

  it('what is written is read again', () => {
    const { name, value } = writeCookie({ cookie: 'session', value: 'session.ab-_~1' }, now);
    expect(read(`${name}=${value}`)).toEqual({ session: value });
  });
});
