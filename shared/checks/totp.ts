import { generateSecret, generateURI, verifySync } from 'otplib';
import { epochSeconds } from '../core/time.ts';

/** SHA-1, 6 digits, 30 s: what every authenticator app reads (RFC 6238 §1.2). */
const secretBytes = 20;
const periodSeconds = 30;

export type TotpVerdict =
  | { readonly kind: 'right'; readonly step: number }
  | { readonly kind: 'used' }
  | { readonly kind: 'wrong' };

/** 160 random bits, base32 without padding. */
export const newTotpSecret = (): string => generateSecret({ length: secretBytes });

/** The link that an authenticator app opens, also the content of the QR code. */
export const totpUri = (secret: string, issuer: string, account: string): string =>
  generateURI({ issuer, label: account, secret });

/** Six ASCII digits; blanks that people type or paste are dropped, anything else is no code. */
export function readTotpCode(text: string): string | undefined {
  const digits = text.replaceAll(/[\s\u00a0-]/g, '');
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}

/**
 * One step back and one ahead of the server's clock count (RFC 6238 §5.2); a step that is not later
 * than `lastStep` was used or passed over and never counts again.
 */
export function checkTotp(
  secret: string,
  code: string,
  lastStep: number | undefined,
  now: Date,
): TotpVerdict {
  const found = verifySync({
    secret,
    token: code,
    epoch: epochSeconds(now),
    period: periodSeconds,
    epochTolerance: periodSeconds,
  });
  if (!found.valid || !('timeStep' in found)) return { kind: 'wrong' };
  // a code of an earlier step that equals a later one's by chance is judged as the earlier: tighter
  if (lastStep !== undefined && found.timeStep <= lastStep) return { kind: 'used' };
  return { kind: 'right', step: found.timeStep };
}
