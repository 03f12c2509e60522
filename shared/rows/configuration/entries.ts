import * as z from 'zod';
import { guestKinds } from '../guest.ts';
import { guid, httpsOrLoopbackUrl, slug } from './shapes.ts';

/** An API that apps ask access tokens for. */
export const api = z.strictObject({
  identifier: httpsOrLoopbackUrl.describe('The aud of its tokens, asked for as `resource`.'),
  displayName: z.string().min(1).max(120),
});

export type Api = z.infer<typeof api>;

/** A group that policies name; who belongs to it stands with each guest. */
export const group = z.strictObject({
  id: guid,
  displayName: z.string().min(1).max(256),
});

export type Group = z.infer<typeof group>;

/** A guest as an administrator writes one down; no part of the configuration's version. */
export const guestEntry = z.strictObject({
  id: guid.describe('Object id: the oid of tokens.'),
  userPrincipalName: z.string().min(3).max(256).describe('alex_contoso.com#EXT#@host.example'),
  displayName: z.string().min(1).max(256),
  mail: z.email().max(254).optional(),
  guestOrExternalUserType: z.enum(guestKinds).default('b2bCollaborationGuest'),
  identities: z
    .array(z.strictObject({ partner: slug, subject: z.string().min(1).max(255) }))
    .max(10)
    .default([])
    .describe(
      'The accounts that may open this guest: partner and its `sub`; or `mail` and an address that a code is mailed to.',
    ),
  groupIds: z.array(guid).max(500).default([]),
  accountEnabled: z.boolean().default(true),
  preferredLanguage: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag, de or de-AT')
    .optional()
    .describe('Of mails that no request of the guest led to.'),
  sponsor: z.string().max(256).optional().describe('Whom a refused guest is told to ask.'),
});

export type GuestEntry = z.infer<typeof guestEntry>;
