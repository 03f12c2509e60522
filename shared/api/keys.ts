import * as z from 'zod';

const reason = z.string().trim().min(1).max(500);

/** `POST /manage/keys` */
export const keysBody = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('rotate'),
    keys: z.enum(['signing', 'secrets']),
    reason,
  }),
  z.strictObject({
    action: z.literal('revoke'),
    kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a key id, as the list shows it'),
    reason,
  }),
]);

export type KeysBody = z.infer<typeof keysBody>;

const algorithm = z.enum(['RS256', 'ES256']);

/** `GET /manage/keys` */
export const keysAnswer = z.object({
  signing: z.array(
    z.object({
      kid: z.string(),
      alg: algorithm,
      state: z.enum(['next', 'current', 'former', 'retired', 'revoked']),
      kept: z.enum(['vault', 'sealed']),
      createdAt: z.string(),
      useFrom: z.string(),
      publishedUntil: z.string().optional(),
      revokedAt: z.string().optional(),
    }),
  ),
  secrets: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['next', 'current', 'former']),
      createdAt: z.string().optional(),
      useFrom: z.string().optional(),
    }),
  ),
});

export type KeysAnswer = z.infer<typeof keysAnswer>;

/** What every change answers: which act of the audit log it is, and when every instance knows of it. */
const changed = { operationId: z.string(), effectiveBy: z.string() };

export const rotatedAnswer = z.object({
  ...changed,
  signing: z
    .array(
      z.object({
        alg: algorithm,
        result: z.enum(['published', 'nextIsWaiting', 'noNewVersion', 'notDue']),
        kid: z.string().optional(),
        useFrom: z.string().optional(),
      }),
    )
    .optional(),
  secret: z.object({ id: z.string(), useFrom: z.string().optional() }).optional(),
});

export const revokedAnswer = z.object({
  ...changed,
  kid: z.string(),
  alg: algorithm,
  /** Null: no key of this algorithm is left, and nothing is signed with it until there is one. */
  current: z.string().nullable(),
});
