import * as z from 'zod';
import type { SignInHash } from '../core/ids.ts';
import { authorizationRequest } from './authorization-request.ts';
import { events } from './events.ts';
import { firstFactor, proofs } from './first-factor.ts';
import type { RowKind } from './row.ts';

/**
 * One sign-in of a known guest, in the guest's own partition.
 *
 *   insert ──▶ open ──(every control met)──▶ code ──(redeemed by its app)──▶ redeemed ──▶ revoked
 *               │  ▲ each step: new nonce        └──(replayed by its app)────────────────▶ revoked
 *               └──▶ over (blocked, reset, expired)
 *
 * INVARIANT: `code` is reached only together with the guest row and the session, under the decision
 * that stands in the row; `over` and `revoked` are final.
 */
const authorization = z.object({
  state: z.enum(['open', 'code', 'redeemed', 'revoked', 'over']),
  request: authorizationRequest,
  /** When the guest began to come in: of one begun from a session, that session's. Voids count from it. */
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** The form that counts now, and the one before: a double submit gets the same answer. */
  stepNonce: z.string(),
  previousNonce: z.string().optional(),
  /** What the browser's last request showed; redemption judges by this, not by the app server's address. */
  browser: z.object({
    ipAddress: z.string().optional(),
    devicePlatform: z.string().optional(),
  }),
  firstFactor,
  /** Second factors proven here, in this sign-in or in the session that it was begun from. */
  proofs,
  next: z
    .object({ action: z.enum(['challenge', 'register']), methods: z.array(z.string()) })
    .optional(),
  enrolling: z.object({ methodId: z.string(), secretSealed: z.string() }).optional(),
  decision: z.object({
    outcome: z.enum(['grant', 'interrupt', 'block']),
    code: z.number().nullable(),
    setVersion: z.string(),
    at: z.iso.datetime(),
  }),
  /** Why it is over, and the reference that the guest was shown. */
  over: z.object({ cause: z.string(), reference: z.string().optional() }).optional(),
  code: z
    .object({
      /** Hash of the code's secret, and the chance that the secret is derived from. */
      hash: z.string(),
      salt: z.string(),
      issuedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      session: z.string(),
      /** The policies' word on cookies that outlive the browser's window. */
      persistentBrowser: z.enum(['always', 'never']).optional(),
    })
    .optional(),
  tokens: z
    .object({ jti: z.string(), issuedAt: z.iso.datetime(), expiresAt: z.iso.datetime() })
    .optional(),
  events,
});

export type Authorization = z.infer<typeof authorization>;

export const authorizationRow: RowKind<Authorization> = {
  name: 'authorization',
  schema: authorization,
};
export const authorizationPrefix = 'authorization.';
export const authorizationKey = (h: SignInHash): string => `${authorizationPrefix}${h}`;

/** Authorizations kept of a guest. Ended ones make room; where all still run, a new one is refused. */
export const authorizationCap = 60;
