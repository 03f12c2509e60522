import * as z from 'zod';
import { asymmetricAlgorithms } from '../../core/algorithms.ts';
import { domain, guid, httpsOrLoopbackUrl, slug } from './shapes.ts';

/** An organisation whose people sign in with their own identity provider. */
export const partner = z
  .strictObject({
    id: slug.describe('Names its callback path: /callback/<id>.'),
    displayName: z.string().min(1).max(120),
    type: z.enum(['entra', 'oidc', 'social']).default('oidc'),
    enabled: z
      .boolean()
      .default(true)
      .describe(
        'A disabled partner keeps its domains: its people are refused, not sent elsewhere.',
      ),
    issuer: httpsOrLoopbackUrl.describe('Byte for byte as in its tokens and discovery document.'),
    tenantId: guid
      .nullable()
      .default(null)
      .describe("The homeTenantId of its people for policies; Entra's tid must equal it."),
    clientId: z.string().min(1).max(256),
    clientSecret: z
      .union([z.string().min(1).max(1024), z.strictObject({ env: z.string().min(1) })])
      .optional()
      .describe(
        'The secret, `{ "env": "NAME" }` read by the CLI, or the sealed form `config show` prints.',
      ),
    domains: z
      .array(domain)
      .max(500)
      .default([])
      .describe('Mail domains; each belongs to one partner.'),
    algorithms: z.array(z.enum(asymmetricAlgorithms)).min(1).default(['RS256']),
    hosts: z
      .array(z.string().min(1).max(255))
      .default([])
      .describe("Hosts of its endpoints, where they are not the issuer's own."),
    inboundTrust: z
      .strictObject({
        isMfaAccepted: z.boolean().default(false),
        isCompliantDeviceAccepted: z.boolean().default(false),
        isHybridAzureADJoinedDeviceAccepted: z.boolean().default(false),
      })
      .default({
        isMfaAccepted: false,
        isCompliantDeviceAccepted: false,
        isHybridAzureADJoinedDeviceAccepted: false,
      })
      .describe('Graph: crossTenantAccessPolicyInboundTrust. Off: their MFA does not count here.'),
    claimMapping: z
      .strictObject({
        mfa: z.strictObject({
          amr: z.array(z.string()).default([]),
          acr: z.array(z.string()).default([]),
        }),
      })
      .optional()
      .describe('Which amr or acr values of its tokens mean that a second factor was used.'),
    maxAuthenticationAgeSeconds: z
      .int()
      .min(60)
      .max(7 * 86_400)
      .default(86_400)
      .describe('A home MFA older than this counts as none.'),
  })
  .refine((p) => p.type !== 'entra' || p.tenantId !== null, {
    path: ['tenantId'],
    error: 'an Entra partner needs its tenant id',
  });

export type Partner = z.infer<typeof partner>;
