import * as z from 'zod';

/** How a guest came in: by an account at home, or by a code mailed to an address of theirs. */
export const firstFactor = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('home'),
    partner: z.string(),
    issuer: z.string(),
    subject: z.string(),
    authenticatedAt: z.iso.datetime().optional(),
    cameAt: z.iso.datetime(),
    amr: z.array(z.string()),
    acr: z.string().optional(),
    tokenHash: z.string(),
  }),
  z.object({
    kind: z.literal('mail'),
    address: z.string(),
    cameAt: z.iso.datetime(),
  }),
]);

export type FirstFactor = z.infer<typeof firstFactor>;
export type HomeFactor = Extract<FirstFactor, { kind: 'home' }>;

/** When it was shown, as far as anybody says: a home may have asked for it long before. */
export const shownAtOf = (factor: FirstFactor): string | undefined =>
  factor.kind === 'mail' ? factor.cameAt : factor.authenticatedAt;

/**
 * Stands where a partner would: in a guest's identities (Entra's own word for passcode guests), in the
 * directory, in the `idp` of tokens. No partner may have this id.
 */
export const mailIssuer = 'mail';

/** A second factor proven here. */
export const proofs = z.array(z.object({ mode: z.literal('softwareOath'), at: z.iso.datetime() }));
