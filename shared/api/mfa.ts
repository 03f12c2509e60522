import * as z from 'zod';

const methods = ['softwareOath'] as const;

/** `POST /manage/mfa-reset`: exactly one of the three names of the guest. */
export const mfaResetBody = z
  .strictObject({
    id: z.guid().optional(),
    userPrincipalName: z.string().min(3).max(300).optional(),
    mail: z.string().min(3).max(254).optional(),
    reason: z.string().trim().min(1).max(500),
    methods: z.array(z.enum(methods)).min(1).optional(),
    proofUp: z.enum(['firstFactor', 'accessPass']).optional(),
  })
  .refine(
    ({ id, userPrincipalName, mail }) =>
      [id, userPrincipalName, mail].filter((name) => name !== undefined).length === 1,
    { error: 'exactly one of id, userPrincipalName and mail', path: ['userPrincipalName'] },
  );

export type MfaResetBody = z.infer<typeof mfaResetBody>;

export const mfaResetAnswer = z.object({
  operationId: z.string(),
  user: z.object({ id: z.string(), userPrincipalName: z.string(), displayName: z.string() }),
  methodsRemoved: z.array(z.string()),
  sessionsRevoked: z.number(),
});

/** @see Graph: userRegistrationDetails */
export const userRegistrationDetails = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  userDisplayName: z.string(),
  userType: z.literal('guest'),
  isAdmin: z.literal(false),
  isMfaRegistered: z.boolean(),
  isMfaCapable: z.boolean(),
  isPasswordlessCapable: z.boolean(),
  isSsprCapable: z.literal(false),
  isSsprEnabled: z.literal(false),
  isSsprRegistered: z.literal(false),
  methodsRegistered: z.array(z.string()),
  lastUpdatedDateTime: z.string(),
});

export type UserRegistrationDetails = z.infer<typeof userRegistrationDetails>;

/** Graph's error body; `details` has one entry per fault. */
export const graphErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z
      .array(z.object({ code: z.string(), message: z.string(), target: z.string().optional() }))
      .optional(),
  }),
});
