import { createHmac, type KeyObject } from 'node:crypto';
import { sameText } from '../core/ids.ts';

/** Eight digits: a guess is right once in 10⁸. */
export const passcodeDigits = 8;
/** Wrong codes after which a code is dead. */
export const passcodeTries = 5;

const codes = 10 ** passcodeDigits;
/** Above it the last digits would be a little likelier than others. */
const fairBelow = Math.floor(2 ** 32 / codes) * codes;

/** What one code belongs to: changed in any part, it is another code. */
export type PasscodeOf = {
  /** Name of the sign-in's row, which holds sign-in and browser. */
  readonly signIn: string;
  readonly address: string;
  readonly nonce: string;
  /** ISO 8601, as stored. */
  readonly expiresAt: string;
};

/** The code of a nonce, the same whenever it is asked for; without a modulo's bias. */
export function passcodeOf(
  key: KeyObject,
  { signIn, address, nonce, expiresAt }: PasscodeOf,
): string {
  const parts = ['passcode', signIn, address, nonce, expiresAt];
  for (let round = 0; ; round++) {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([...parts, round]), 'utf8')
      .digest();
    for (let at = 0; at < digest.length; at += 4) {
      const number = digest.readUInt32BE(at);
      if (number < fairBelow) return String(number % codes).padStart(passcodeDigits, '0');
    }
  }
}

/** Eight ASCII digits; blanks and hyphens that come along when it is pasted are dropped. */
export function readPasscode(text: string): string | undefined {
  const digits = text.replaceAll(/[\s\u00a0\u2000-\u200b\u2060\ufeff-]/gu, '');
  return /^[0-9]{8}$/.test(digits) ? digits : undefined;
}

/** In a time that tells nothing. */
export const isPasscode = (expected: string, given: string): boolean => sameText(expected, given);
