import { isLoopbackHost } from '../../core/loopback.ts';

/**
 * What may be registered at all: https, or http on a loopback address; no fragment (RFC 6749
 * §3.1.2), no user, no wildcard, and written as a URL parser writes it, so that the string that is
 * compared is the string that a browser follows.
 */
export function isRegistrableRedirectUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const secure =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  const plain =
    !url.hash && !text.includes('#') && !text.includes('*') && !url.username && !url.password;
  return secure && plain && url.href === text;
}
