import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Fault } from './errors.ts';
import { sameText } from './ids.ts';

type NamedKey = { readonly id: string; readonly key: KeyObject };

const algorithm = 'aes-256-gcm';

/**
 * AES-256-GCM: `sealed.<key id>.<iv>.<box>.<tag>`, base64url. `aad` ties the text to its place (guest and
 * method, say): a sealed text moved to another row does not open.
 */
export function seal(key: NamedKey, aad: string, plain: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(algorithm, key.key, iv).setAAD(Buffer.from(aad, 'utf8'));
  const box = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [iv, box, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return ['sealed', key.id, ...parts].join('.');
}

export const isSealed = (text: string): boolean => text.startsWith('sealed.');

/** The id of the key that a sealed text names. */
export const sealKeyId = (sealed: string): string | undefined => sealed.split('.')[1];

/** Throws `Fault('sealBroken')` for a text changed, moved, or sealed under another key. */
export function unseal(key: NamedKey, aad: string, sealed: string): string {
  try {
    const [word, keyId, iv = '', box = '', tag = ''] = sealed.split('.');
    if (word !== 'sealed' || keyId !== key.id) throw new Error('another key or form');
    const decipher = createDecipheriv(algorithm, key.key, Buffer.from(iv, 'base64url'), {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from(aad, 'utf8')).setAuthTag(Buffer.from(tag, 'base64url'));
    return (
      decipher.update(Buffer.from(box, 'base64url'), undefined, 'utf8') + decipher.final('utf8')
    );
  } catch (cause) {
    throw new Fault('sealBroken', { cause });
  }
}

/** HMAC-SHA-256 over length-prefixed parts, base64url. */
export function macOf(key: KeyObject, ...parts: readonly string[]): string {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(`${Buffer.byteLength(part, 'utf8')}:`).update(part, 'utf8');
  return mac.digest('base64url');
}

/** `<key id>.<mac>`: says which key it was made with, so that an old one can still be checked. */
export function namedMac(key: NamedKey, ...parts: readonly string[]): string {
  return `${key.id}.${macOf(key.key, ...parts)}`;
}

export function namedMacMatches(key: NamedKey, text: string, ...parts: readonly string[]): boolean {
  return sameText(text, namedMac(key, ...parts));
}
