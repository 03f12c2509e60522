import { z } from 'zod';
import type { SignInHash, SignInId } from '../core/ids.ts';
import { dayOf } from '../core/time.ts';
import type { Partition } from '../ports.ts';
import { authorizationRequest } from './authorization-request.ts';
import { events } from './events.ts';
import type { RowKind } from './row.ts';

/**
 * One sign-in before we know who it is, in `expiring`.
 *
 *   insert ──▶ atHome ──(state comes back)──▶ spent ──▶ known, names the guest
 *                                               └─────▶ over
 *
 * INVARIANT: `spent` is committed before the partner's code is exchanged, and nothing leads back.
 * The row's name is a hash over the sign-in's id and the browser's secret: only that browser finds it.
 */
const signIn = z.object({
  state: z.enum(['atHome', 'spent', 'known', 'over']),
  request: authorizationRequest,
  home: z.object({
    partner: z.string(),
    nonce: z.string(),
    verifierSealed: z.string(),
    loginHint: z.string().optional(),
    /** The home authentication must not be older than this before `startedAt`. */
    maxAgeSeconds: z.number().optional(),
  }),
  stepNonce: z.string(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  guest: z.string().optional(),
  events,
});

export type SignIn = z.infer<typeof signIn>;

export const signInRow: RowKind<SignIn> = { name: 'sign-in', schema: signIn };

/** A federated sign-in lies in the day of its id and one of 256 shards by its own hash. */
export function signInPartition(id: SignInId, h: SignInHash): string {
  return `${id.slice(0, 8)}.${shardOf(h)}`;
}

export const signInKey = (id: SignInId, h: SignInHash): string => `signin.${id.slice(0, 10)}.${h}`;

export const expiring = (key: string): Partition => ({ table: 'expiring', key });

/** Everything of the days before `now`'s, for clean-up: partition keys begin with the day. */
export const expiredBefore = (day: Date) => ({ from: '0', to: dayOf(day) });

const shardOf = (h: string): string =>
  Buffer.from(h, 'base64url').readUInt8(0).toString(16).padStart(2, '0');
