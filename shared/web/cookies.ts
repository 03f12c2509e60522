import type { SetCookie } from '../flows/answers.ts';
import type { WebRequest } from './request.ts';

/** The shape in which the Functions library takes a cookie. */
export type WebCookie = {
  name: string;
  value: string;
  path: '/';
  secure: true;
  httpOnly: true;
  sameSite: 'Lax';
  maxAge?: number;
};

export type CookieKind = SetCookie['cookie'];

/** Unverified: whoever uses a value must find what it opens. */
export type Cookies = Readonly<Partial<Record<CookieKind, string>>>;

const names = {
  browser: '__Host-browser',
  session: '__Host-session',
  device: '__Host-device',
} as const satisfies Record<CookieKind, string>;

const kinds = Object.keys(names) as readonly CookieKind[];
const maxHeaderLength = 16 * 1024;
const oneYearSeconds = 365 * 24 * 3600;

/** All that our own values consist of; leaves the Functions library nothing to percent-escape. */
const ourValue = /^[A-Za-z0-9_.~-]{1,1024}$/;

/**
 * Our cookies of a request. A sibling domain can plant cookies beside ours, which lenient parsers
 * take for `__Host-` ones (a blank of Unicode before the name, RFC 2965's `$Version` syntax, the
 * same name twice). So names count byte by byte, and a header that shows such an attempt counts as
 * no cookie at all.
 * @see RFC 6265bis §4.1.3, §5.7
 */
export function readCookies(request: Pick<WebRequest, 'headers'>): Cookies {
  const header = request.headers.get('cookie');
  if (!header || header.length > maxHeaderLength || !/^[\x20-\x7e]*$/.test(header)) return {};
  const seen = new Set<string>();
  const found: Partial<Record<CookieKind, string>> = {};
  for (const [index, part] of header.split(';').entries()) {
    const pair = index > 0 && part.startsWith(' ') ? part.slice(1) : part;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (/^\s*\$version\s*$/i.test(name)) return {};
    if (!name.startsWith('__Host-')) continue;
    if (seen.has(name)) return {};
    seen.add(name);
    const kind = kinds.find((each) => names[each] === name);
    const value = pair.slice(equals + 1);
    if (kind && equals >= 0 && ourValue.test(value)) found[kind] = value;
  }
  return found;
}

/**
 * An empty value removes the cookie. The browser's secret stays a year (logout alone replaces it):
 * as a session cookie it would go with the window, and every tab's sign-in with it.
 */
export function writeCookie(cookie: SetCookie, now: Date): WebCookie {
  if (cookie.value !== '' && !ourValue.test(cookie.value)) {
    throw new TypeError(`cookie ${cookie.cookie}: a value of other characters`);
  }
  const maxAge = maxAgeSeconds(cookie, now);
  return {
    name: names[cookie.cookie],
    value: cookie.value,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

function maxAgeSeconds(cookie: SetCookie, now: Date): number | undefined {
  if (cookie.value === '') return 0;
  if (cookie.cookie === 'browser') return oneYearSeconds;
  if (cookie.cookie === 'device') return cookie.transient ? undefined : oneYearSeconds;
  if (!cookie.persistentUntil) return undefined;
  return Math.max(0, Math.floor((cookie.persistentUntil.getTime() - now.getTime()) / 1000));
}
