import {
  type GuestId,
  isToken128,
  randomToken,
  readGuestId,
  type SignInHash,
  type SignInId,
} from './ids.ts';
import { hourOf, hoursMs, later } from './time.ts';

/**
 * Handles travel in forms, in `state` and to apps. Each names its kind first, and each route reads
 * one kind: a handle of another kind does not parse. A handle of a sign-in or an authorization
 * opens nothing without the secret in the browser's cookie.
 */

/** Fixed words before each kind, so that no value of one kind can be read as another. */
const hash = /^[A-Za-z0-9_-]{43}$/;
const hour = /^\d{10}$/;
const shardedDay = /^\d{8}\.[0-9a-f]{2}$/;

export function newSignInId(now: Date): SignInId {
  return `${hourOf(now)}.${randomToken()}` as SignInId;
}

/** A form may be sent in the hour its page was made and in the next one. */
export function readFreshSignInId(text: string, now: Date): SignInId | undefined {
  const id = readSignInId(text);
  if (!id) return undefined;
  const made = id.slice(0, 10);
  return made === hourOf(now) || made === hourOf(later(now, -hoursMs)) ? id : undefined;
}

/** The same form in the hour that it was sent: sent twice, it is the same again. */
export const inThisHour = (id: SignInId, now: Date): SignInId =>
  `${hourOf(now)}${id.slice(10)}` as SignInId;

function readSignInId(text: string): SignInId | undefined {
  const [made, chance, ...rest] = text.split('.');
  return made && chance && rest.length === 0 && hour.test(made) && isToken128(chance)
    ? (text as SignInId)
    : undefined;
}

// ── sign-in: before we know who ──────────────────────────────────────────────────────────────

export type SignInHandle = { readonly partition: string; readonly id: SignInId };

export const writeSignInHandle = (handle: SignInHandle): string =>
  `signin.${handle.partition}.${handle.id}`;

export function readSignInHandle(text: string): SignInHandle | undefined {
  const [kind, day, shard, made, chance, ...rest] = text.split('.');
  const partition = `${day}.${shard}`;
  const id = readSignInId(`${made}.${chance}`);
  return kind === 'signin' && id && rest.length === 0 && shardedDay.test(partition)
    ? { partition, id }
    : undefined;
}

// ── authorization: after ─────────────────────────────────────────────────────────────────────

export type AuthorizationHandle = { readonly guest: GuestId; readonly id: SignInId };

export const writeAuthorizationHandle = (handle: AuthorizationHandle): string =>
  `authorization.${handle.guest}.${handle.id}`;

export function readAuthorizationHandle(text: string): AuthorizationHandle | undefined {
  const [kind, guestText, made, chance, ...rest] = text.split('.');
  const guest = readGuestId(guestText ?? '');
  const id = readSignInId(`${made}.${chance}`);
  return kind === 'authorization' && guest && id && rest.length === 0 ? { guest, id } : undefined;
}

// ── code ─────────────────────────────────────────────────────────────────────────────────────

export type CodeHandle = {
  readonly guest: GuestId;
  readonly h: SignInHash;
  readonly secret: string;
};

export const writeCode = (code: CodeHandle): string =>
  `code.${code.guest}.${code.h}.${code.secret}`;

export function readCode(text: string): CodeHandle | undefined {
  const [kind, guestText, h, secret, ...rest] = text.split('.');
  const guest = readGuestId(guestText ?? '');
  if (kind !== 'code' || !guest || !h || !secret || rest.length > 0) return undefined;
  return hash.test(h) && isToken128(secret) ? { guest, h: h as SignInHash, secret } : undefined;
}

// ── session ──────────────────────────────────────────────────────────────────────────────────

export type SessionHandle = { readonly guest: GuestId; readonly secret: string };

export const writeSession = ({ guest, secret }: SessionHandle): string =>
  `session.${guest}.${secret}`;

export function readSession(text: string): SessionHandle | undefined {
  const [kind, guestText, secret, ...rest] = text.split('.');
  const guest = readGuestId(guestText ?? '');
  const whole = kind === 'session' && guest && secret && isToken128(secret) && rest.length === 0;
  return whole ? { guest, secret } : undefined;
}

// ── state at the home identity provider ──────────────────────────────────────────────────────

/** The sign-in's handle and its step nonce: `state` (RFC 6749 §4.1.1) is spent when it comes back. */
export const writeState = (handle: SignInHandle, nonce: string): string =>
  `${writeSignInHandle(handle)}~${nonce}`;

export function readState(
  text: string,
): { readonly handle: SignInHandle; readonly nonce: string } | undefined {
  const [handleText, nonce, ...rest] = text.split('~');
  const handle = readSignInHandle(handleText ?? '');
  return handle && nonce && isToken128(nonce) && rest.length === 0 ? { handle, nonce } : undefined;
}
