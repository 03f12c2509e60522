import { contentHash } from '../core/content-hash.ts';
import type { WebCookie } from './cookies.ts';

/** What `web` answers; met by the Functions library's HttpResponseInit. */
export type WebResponse = {
  status: number;
  headers: Record<string, string>;
  cookies: WebCookie[];
  body: string;
};

type Inline = {
  readonly style: string;
  readonly script?: string | undefined;
  /**
   * `'self'` for our own forms. `undefined` sends no directive: browsers check every redirect hop
   * after a form POST against it, and where an app sends its own users next is not ours to know.
   */
  readonly formAction: "'self'" | "'none'" | undefined;
};

/** Style, script and favicon are inline: there is no asset route. @see CSP3 §6 */
export function pagePolicy(inline: Inline): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${contentHash(inline.style)}`,
    ...(inline.script === undefined ? [] : [`script-src ${contentHash(inline.script)}`]),
    ...(inline.formAction === undefined ? [] : [`form-action ${inline.formAction}`]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const nothingPolicy =
  "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** On every answer, whatever its status and kind. */
export function securityHeaders(
  options: {
    readonly contentSecurityPolicy?: string | undefined;
    readonly referrerPolicy?: 'same-origin' | 'no-referrer';
  } = {},
): Record<string, string> {
  return {
    'Content-Security-Policy': options.contentSecurityPolicy ?? nothingPolicy,
    'Referrer-Policy': options.referrerPolicy ?? 'no-referrer',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
    'Cache-Control': 'no-store',
  };
}
