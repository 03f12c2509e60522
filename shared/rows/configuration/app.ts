import * as z from 'zod';
import { isRegistrableRedirectUri } from './redirect-uri.ts';
import { guid, httpsOrLoopbackUrl } from './shapes.ts';

/** Roles that an app may carry in its own tokens, named as Graph names its application permissions. */
export const adminRoles = [
  'Configuration.Read.All',
  'Configuration.ReadWrite.All',
  'Policy.Read.ConditionalAccess',
  'AuditLog.Read.All',
  'UserAuthenticationMethod.Read.All',
  'UserAuthenticationMethod.ReadWrite.All',
  'Keys.Read.All',
  'Keys.ReadWrite.All',
] as const;

export type AdminRole = (typeof adminRoles)[number];

/** An app that guests sign in to, or an administrator's automation (Graph: `application`). */
export const app = z
  .strictObject({
    appId: guid.describe('Client id; also the id that policies name under includeApplications.'),
    displayName: z.string().min(1).max(120).describe('Shown to guests on every page.'),
    clientType: z
      .enum(['confidential', 'public'])
      .describe('A public client has no secret and always uses PKCE.'),
    redirectUris: z
      .array(
        z.string().max(2048).refine(isRegistrableRedirectUri, {
          error: 'must be https, or http on a loopback address, without fragment, user or wildcard',
        }),
      )
      .max(50)
      .default([])
      .describe('Compared as exact strings; only the port of a loopback address may differ.'),
    clientAppType: z
      .enum(['browser', 'mobileAppsAndDesktopClients', 'exchangeActiveSync', 'other'])
      .default('browser')
      .describe('What the clientAppTypes condition of policies sees.'),
    clientSecretHashes: z
      .array(z.string().regex(/^sha256:[A-Za-z0-9_-]{43}$/))
      .max(4)
      .default([])
      .describe(
        'sha256:<base64url of SHA-256 of the secret>; `vestibule secret new` makes a pair.',
      ),
    requirePkce: z
      .boolean()
      .default(true)
      .describe('false only for an old confidential client that cannot.'),
    idTokenSignedResponseAlg: z.enum(['RS256', 'ES256']).default('RS256'),
    resources: z
      .array(httpsOrLoopbackUrl)
      .max(50)
      .default([])
      .describe('APIs this app may ask tokens for (RFC 8707).'),
    appRoles: z
      .array(z.enum(adminRoles))
      .default([])
      .describe("Roles of this app's own tokens (client credentials) at the admin API."),
    customSecurityAttributes: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('Read by the applicationFilter of policies: { "Set_Attribute": value }.'),
  })
  .refine((a) => a.clientType === 'public' || a.clientSecretHashes.length > 0, {
    path: ['clientSecretHashes'],
    error: 'a confidential client needs at least one',
  })
  .refine((a) => a.clientType === 'confidential' || a.clientSecretHashes.length === 0, {
    path: ['clientSecretHashes'],
    error: 'a public client has none',
  })
  .refine((a) => a.clientType === 'confidential' || a.requirePkce, {
    path: ['requirePkce'],
    error: 'a public client always uses PKCE',
  })
  .refine((a) => a.clientType === 'confidential' || a.appRoles.length === 0, {
    path: ['appRoles'],
    error: 'a public client cannot prove who it is, so it carries no roles',
  });

export type App = z.infer<typeof app>;
