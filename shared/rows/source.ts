import * as z from 'zod';
import type { RowKind } from './row.ts';

/**
 * What came from one client address (an IPv6 /64) on one UTC day: codes asked for, and wrong ones.
 *
 *   insert ──▶ replaced with its ETag ──▶ cleaned up with its day
 */
const source = z.object({
  day: z.string().length(8),
  hour: z.string().length(10),
  sendsOfHour: z.number().int().nonnegative(),
  sendsOfDay: z.number().int().nonnegative(),
  wrong: z.number().int().nonnegative(),
});

export type Source = z.infer<typeof source>;
export const sourceRow: RowKind<Source> = { name: 'source', schema: source };
export const sourceKey = (name: string): string => `source.${name}`;
