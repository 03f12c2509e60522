import * as z from 'zod';
import type { GuestId } from '../core/ids.ts';
import type { Partition } from '../ports.ts';
import type { RowKind } from './row.ts';

/** What a guest is to their own organisation and to ours (Graph: `user`, `conditionalAccessGuestOrExternalUserTypes`). */
export const guestKinds = [
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'internalGuest',
  'serviceProvider',
  'otherExternalUser',
] as const;

/**
 * The guest's own row. Every transaction that inserts a session, an authorization or a method
 * writes it too, with its ETag: so a reset, a disabling or an erasure that came first wins.
 *
 *   insert (admin, invitation) ──▶ enabled ⇄ disabled ──▶ erased
 */
const guest = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  mail: z.string().optional(),
  displayName: z.string(),
  guestOrExternalUserType: z.enum(guestKinds),
  /** What may open this guest: partner, configured issuer, subject; `mail`, `mail` and an address. */
  identities: z.array(z.object({ partner: z.string(), issuer: z.string(), subject: z.string() })),
  groupIds: z.array(z.string()),
  accountEnabled: z.boolean(),
  preferredLanguage: z.string().optional(),
  sponsor: z.string().optional(),
  /** Sign-ins begun before this instant are over; only grows. */
  validFrom: z.iso.datetime().optional(),
  /** Set by a reset that demands an access pass: then the first factor alone enrols nothing. */
  proofUp: z.enum(['firstFactor', 'accessPass']),
  createdDateTime: z.iso.datetime(),
  /** What the last reset did, written with it: the same request again has no second effect. */
  lastReset: z
    .object({
      operationId: z.string(),
      methodsRemoved: z.array(z.string()),
      sessionsRevoked: z.number().int(),
    })
    .optional(),
});

export type Guest = z.infer<typeof guest>;

export const guestRow: RowKind<Guest> = { name: 'guest', schema: guest };
export const guestKey = 'account.guest';

export const guestPartition = (id: GuestId): Partition => ({ table: 'guests', key: id });
