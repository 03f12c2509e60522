import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Object id of a guest (GUID, lower case): the `oid` of tokens and the key of the guest's partition. */
export type GuestId = Branded<'GuestId'>;
/** `<yyyymmddhh>.<128 bits>`: the hour it was made in, then chance. */
export type SignInId = Branded<'SignInId'>;
/** The 128 bits that one browser's cookie holds; never stored. */
export type BrowserSecret = Branded<'BrowserSecret'>;
/** Hash over sign-in id and browser secret: names the rows of a sign-in, which only its browser can find. */
export type SignInHash = Branded<'SignInHash'>;

/** 22 characters of base64url are 128 bits. */
const token128 = /^[A-Za-z0-9_-]{22}$/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isToken128 = (text: string): boolean => token128.test(text);

/** 128 random bits, base64url without padding. */
export function randomToken(): string {
  return randomBytes(16).toString('base64url');
}

/** Where another service wants a GUID. */
export const randomGuid = (): string => randomUUID();

export function newBrowserSecret(): BrowserSecret {
  return randomToken() as BrowserSecret;
}

export function readBrowserSecret(text: string | undefined): BrowserSecret | undefined {
  return text !== undefined && isToken128(text) ? (text as BrowserSecret) : undefined;
}

/** In lower case. */
export function readGuid(text: string): string | undefined {
  const lower = text.toLowerCase();
  return guid.test(lower) ? lower : undefined;
}

export const readGuestId = (text: string): GuestId | undefined =>
  readGuid(text) as GuestId | undefined;

/** SHA-256 over the parts, each with its length before it, so that no two lists share a hash. */
export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8');
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('base64url');
}

/** Compares in a time that depends on the lengths only. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a, 'utf8');
  const right = Buffer.from(b, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}

export function signInHash(id: SignInId, browser: BrowserSecret): SignInHash {
  return hashOf('sign-in', id, browser) as SignInHash;
}
