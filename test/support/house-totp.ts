import { createHmac } from 'node:crypto';

/**
 * An authenticator app, written down from RFC 4226 §5.3 and RFC 6238 §4.2 and not from the library
 * that the gateway checks with.
 */
export const stepMs = 30_000;

export const totpStep = (now: Date): number => Math.floor(now.getTime() / stepMs);

/** The code of the step that `now` lies in, or of one `steps` beside it. */
export function totpCode(secret: string, now: Date, steps = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(totpStep(now) + steps));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Six digits that are right in no step near `now`. */
export function wrongCode(secret: string, now: Date): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => totpCode(secret, now, steps));
  for (let guess = 0; ; guess++) {
    const code = String(guess).padStart(6, '0');
    if (!right.includes(code)) return code;
  }
}

/** RFC 4648 §6, without padding. */
function base32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | letters.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
