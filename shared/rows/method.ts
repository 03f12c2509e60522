import * as z from 'zod';
import type { RowKind } from './row.ts';

/**
 * A second factor registered here (Graph: `softwareOathAuthenticationMethod`).
 *
 *   insert (confirmed by its first code) ──▶ replaced at each use: `lastStep` only grows ──▶ deleted by a reset
 *
 * The secret is sealed for this guest and this method; the step of the confirming code counts as used.
 */
const method = z.object({
  kind: z.literal('softwareOath'),
  id: z.string(),
  secretSealed: z.string(),
  lastStep: z.number().int(),
  createdDateTime: z.iso.datetime(),
  lastUsedDateTime: z.iso.datetime(),
});

export type Method = z.infer<typeof method>;

export const methodRow: RowKind<Method> = { name: 'method', schema: method };
export const methodPrefix = 'account.method.';
export const methodKey = (id: string): string => `${methodPrefix}${id}`;

/** What a sealed TOTP secret is tied to. */
export const totpSealAad = (guest: string, methodId: string): string =>
  `totp-secret ${guest} ${methodId}`;
