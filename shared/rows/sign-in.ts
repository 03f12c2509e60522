import * as z from 'zod';
import type { SignInHash, SignInId } from '../core/ids.ts';
import { authorizationRequest } from './authorization-request.ts';
import { events } from './events.ts';
import type { RowKind } from './row.ts';

/**
 * One sign-in before we know who it is, in `expiring`. The row's name is a hash over the sign-in's id
 * and the browser's secret: only that browser finds it.
 */
const anyDoor = {
  request: authorizationRequest,
  /** For the log: of the request that began it, where the platform said so. */
  ipAddress: z.string().optional(),
  stepNonce: z.string(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  guest: z.string().optional(),
  events,
};

/**
 * By the guest's own identity provider.
 *
 *   insert ──▶ atHome ──(state comes back)──▶ spent ──▶ known, names the guest
 *                                               └─────▶ over
 *
 * INVARIANT: `spent` is committed before the partner's code is exchanged, and nothing leads back.
 */
const homeSignIn = z.object({
  ...anyDoor,
  door: z.literal('home'),
  state: z.enum(['atHome', 'spent', 'known', 'over']),
  home: z.object({
    partner: z.string(),
    nonce: z.string(),
    /** PKCE verifier and login hint. */
    sealed: z.string(),
    /** The home authentication must not be older than this before `startedAt`. */
    maxAgeSeconds: z.number().optional(),
  }),
});

/**
 * By a code mailed to an address.
 *
 *   insert ──▶ atMailbox ──(right code)──▶ known, names the guest
 *               ▲ │ wrong code: one try less, new nonce
 *               └─┘ another code asked for: the one before is void
 *
 * INVARIANT: a verdict leaves after the write that counts it. The code itself is nowhere: it follows
 * from the nonce, the row's name, the address and a key outside the tables.
 */
const mailSignIn = z.object({
  ...anyDoor,
  door: z.literal('mail'),
  state: z.enum(['atMailbox', 'known', 'over']),
  /** The form before: sent twice, it is shown where the sign-in stands. */
  previousNonce: z.string().optional(),
  mailbox: z.object({
    /** Sealed for this row. */
    address: z.string(),
    /** Name of the mailbox's count, of which all spellings share one. */
    key: z.string(),
    /** Whom a right code opens. Absent: nobody has this address, and nothing is mailed. */
    guest: z.string().optional(),
    /** The browser is one that this guest has used before. */
    knownBrowser: z.boolean(),
  }),
  /** As far as was known at the last send: for the page, decided at the next one. */
  nextSendAt: z.iso.datetime(),
  /** Absent: none could be sent yet. */
  code: z
    .object({
      /** Of the MAC that the code is made with. */
      key: z.string(),
      nonce: z.string(),
      expiresAt: z.iso.datetime(),
      tries: z.number().int().nonnegative(),
    })
    .optional(),
});

const signIn = z.discriminatedUnion('door', [homeSignIn, mailSignIn]);

export type SignIn = z.infer<typeof signIn>;
export type HomeSignIn = z.infer<typeof homeSignIn>;
export type MailSignIn = z.infer<typeof mailSignIn>;

/** Either door; a step of one door takes no row of the other. */
export const signInRow: RowKind<SignIn> = { name: 'sign-in', schema: signIn };

/** A federated sign-in lies in the day of its id and one of 256 shards by its own hash. */
export function signInPartition(id: SignInId, h: SignInHash): string {
  return `${dayOfId(id)}.${shardOf(h)}`;
}

/** `yyyymmdd` */
export const dayOfId = (id: SignInId): string => id.slice(0, 8);

export const signInPrefix = 'signin.';
export const signInKey = (id: SignInId, h: SignInHash): string =>
  `${signInPrefix}${id.slice(0, 10)}.${h}`;

/** The name that an authorization of the same sign-in has. */
export const hashOfKey = (key: string): string => key.split('.')[2] ?? '';

const shardOf = (h: string): string =>
  Buffer.from(h, 'base64url').readUInt8(0).toString(16).padStart(2, '0');
