import * as z from 'zod';
import { hashOf } from '../core/ids.ts';
import { firstFactor, proofs } from './first-factor.ts';
import type { RowKind } from './row.ts';

/**
 * A browser's session, inserted only by the commit that meets every control. It holds what was shown,
 * not what was decided.
 *
 *   insert (grant) ──▶ live ──(a grant from it: a minute longer)──▶ expired ──▶ pruned
 *                       └──▶ ended (reset, log-out) ──────────────────────────▶ pruned
 */
const session = z.object({
  state: z.enum(['live', 'ended']),
  authorization: z.string(),
  /** The session of the same browser that it was granted from, which serves a minute longer. */
  from: z.string().optional(),
  firstFactor,
  proofs,
  /** When the guest began to come in; a void later than this ends the session. */
  begunAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  /** The session never outlives the first factor by more than the settings allow. */
  expiresAt: z.iso.datetime(),
});

export type Session = z.infer<typeof session>;

export const sessionRow: RowKind<Session> = { name: 'session', schema: session };
export const sessionPrefix = 'session.';
export const sessionKey = (secret: string): string =>
  `${sessionPrefix}${hashOf('session', secret)}`;

/** Live sessions a guest may have; a grant that would make one more ends the oldest. */
export const sessionCap = 20;
