import * as z from 'zod';
import { hashOf } from '../core/ids.ts';
import type { Partition } from '../ports.ts';
import { mailIssuer } from './first-factor.ts';
import type { RowKind } from './row.ts';

/**
 * From a name to its guest: insert-only, so that two guests can never share one. Identities are
 * (partner type, configured issuer, subject); a mail address or a claim never leads to a guest.
 */
const gate = z.object({ guest: z.string() });

export type Gate = z.infer<typeof gate>;
export const gateRow: RowKind<Gate> = { name: 'directory gate', schema: gate };

const gatePlace = (kind: 'identity' | 'mail' | 'upn', hash: string) => ({
  partition: {
    table: 'directory',
    key: `${kind}.${Buffer.from(hash, 'base64url').toString('hex', 0, 1)}`,
  } satisfies Partition,
  key: hash,
});

export const identityPlace = (partnerType: string, issuer: string, subject: string) =>
  gatePlace('identity', hashOf('identity', partnerType, issuer, subject));

/** Whoever proves this mailbox by a code. Beside it, `mailPlace` only helps administrators to find a guest. */
export const mailIdentityPlace = (address: string) =>
  identityPlace(mailIssuer, mailIssuer, address);

export const upnPlace = (userPrincipalName: string) =>
  gatePlace('upn', hashOf('upn', canonicalUpn(userPrincipalName)));

export const mailPlace = (mail: string) => gatePlace('mail', hashOf('mail', mail.toLowerCase()));

/**
 * `alex_contoso.com#EXT#@host.example`: blanks inside do not count, both source articles of the old
 * PowerShell print one; nor does case.
 */
const canonicalUpn = (upn: string): string => upn.replaceAll(/\s/g, '').toLowerCase();

/**
 * A guest as lists show them (Graph: `userRegistrationDetails`). Rewritten after the guest row, so it
 * can lag behind for a moment; nothing is decided by it.
 */
const listEntry = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  userDisplayName: z.string(),
  methodsRegistered: z.array(z.string()),
  lastUpdatedDateTime: z.iso.datetime(),
});

export type ListEntry = z.infer<typeof listEntry>;
export const listEntryRow: RowKind<ListEntry> = { name: 'list entry', schema: listEntry };

export const listPlace = (guest: string) => ({
  partition: { table: 'directory', key: `list.${guest.slice(0, 2)}` } satisfies Partition,
  key: guest,
});

export const listRange = { from: 'list.', to: 'list/' };
