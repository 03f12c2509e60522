import { createHash } from 'node:crypto';
import { sameText } from '../core/ids.ts';

const challengeForm = /^[A-Za-z0-9_-]{43}$/;
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

/** SHA-256, base64url without padding: no other length can be one. @see RFC 7636 §4.2 */
export const isS256Challenge = (text: string): boolean => challengeForm.test(text);

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}

/**
 * What was stored decides, not what is sent: a verifier without a stored challenge fails, and so
 * does a stored challenge without a verifier. @see RFC 7636 §4.6, RFC 9700 §4.8.2
 */
export function pkceHolds(stored: string | undefined, verifier: string | undefined): boolean {
  if (stored === undefined) return verifier === undefined;
  return (
    verifier !== undefined && verifierForm.test(verifier) && sameText(challengeOf(verifier), stored)
  );
}
