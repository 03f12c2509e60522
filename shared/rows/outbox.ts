import * as z from 'zod';
import { hourOf } from '../core/time.ts';
import type { RowKind } from './row.ts';

/**
 * A mail that must go out. It holds no code and no address: a passcode follows from its sign-in, which
 * lies in the same partition; the address of a notice stands with its guest.
 *
 *   insert (with its cause) ──▶ removed once the mail service has taken it
 *                            ├──▶ replaced: tried, later again
 *                            └──▶ removed unsent: too late, void, or no such address
 *
 * INVARIANT: one row is one operation of the mail service, however often it is tried.
 */
const common = {
  /** Operation id at the mail service. */
  operation: z.guid(),
  languages: z.object({ uiLocales: z.string().optional(), acceptLanguage: z.string().optional() }),
  tries: z.number().int().nonnegative(),
  /** Before this the request that wrote the row is at it itself. */
  notBefore: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
};

const outbox = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('passcode'),
    ...common,
    /** Row of the sign-in, and which of its codes. */
    signIn: z.string(),
    nonce: z.string(),
    requestedAt: z.iso.datetime(),
    /** Of the address it was asked for from, ISO 3166; absent where nobody knows. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
  }),
  z.object({
    kind: z.enum(['methodRegistered', 'mfaReset']),
    ...common,
    guest: z.string(),
    reader: z.enum(['guest', 'sponsor']),
    at: z.iso.datetime(),
  }),
]);

export type Outbox = z.infer<typeof outbox>;
export type PasscodeMail = Extract<Outbox, { kind: 'passcode' }>;
export type Notice = Exclude<Outbox, PasscodeMail>;

export const outboxRow: RowKind<Outbox> = { name: 'outbox', schema: outbox };
export const outboxPrefix = 'mail.';
export const outboxKey = (operation: string, now: Date): string =>
  `${outboxPrefix}${hourOf(now)}.${operation}`;
