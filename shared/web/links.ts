import { Fault } from '../core/errors.ts';

/** Schemes that run or carry content of their own: no registered app has one, and none may get one. */
const harmful = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'filesystem:', 'about:']);

/**
 * A target we send the browser to, unchanged. Registration has checked it long before; here it is
 * only made sure that it can stand in a `Location` header and in a link.
 */
export function leavingFor(target: string): string {
  if (!/^[\x21-\x7e]+$/.test(target) || target.includes('#')) {
    throw new Fault('unexpected', { detail: 'target' });
  }
  const url = URL.parse(target);
  if (!url || harmful.has(url.protocol)) throw new Fault('unexpected', { detail: 'target' });
  return target;
}

/** A path of ours, or nothing: `//host` and `/\host` would lead elsewhere. */
export function ownPath(path: string | undefined): string | undefined {
  return path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : undefined;
}

/**
 * The redirect URI with the answer's parameters; its own query stays as it is.
 * @see RFC 6749 §3.1.2
 */
export function withParameters(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const glue = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&';
  return `${redirectUri}${glue}${new URLSearchParams(parameters).toString()}`;
}
