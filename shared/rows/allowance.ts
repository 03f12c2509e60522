import * as z from 'zod';
import type { Partition } from '../ports.ts';
import { expiring } from './expiring.ts';
import type { RowKind } from './row.ts';

/**
 * What the whole deployment has handed out to its instances on one UTC day, in portions: mails to
 * guests from known and from other browsers, wrong codes of guests; and the same of addresses that
 * nobody has, which limits nothing and is there so that both cost the same.
 *
 *   insert ──▶ replaced with its ETag at each portion ──▶ cleaned up with its day
 */
export const allowanceKinds = [
  'mailKnownBrowser',
  'mailOther',
  'wrongCode',
  'mailNobody',
  'wrongCodeNobody',
] as const;

export type AllowanceKind = (typeof allowanceKinds)[number];

const allowance = z.object({
  handedOut: z.record(z.enum(allowanceKinds), z.number().int().nonnegative()),
});

export type Allowance = z.infer<typeof allowance>;
export const allowanceRow: RowKind<Allowance> = { name: 'allowance', schema: allowance };
export const allowanceKey = 'allowance';
export const allowancePartition = (day: string): Partition => expiring(`${day}.allowance`);
