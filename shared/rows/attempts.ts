import * as z from 'zod';
import type { RowKind } from './row.ts';

/**
 * Wrong second factors of one guest on one UTC day, all kinds together: from browsers that the guest
 * has used before, and from others. Replaced with its ETag at every wrong code, so that parallel
 * guesses are counted one by one.
 */
const attempts = z.object({
  day: z.string().length(8),
  knownBrowser: z.number().int().nonnegative(),
  otherBrowsers: z.number().int().nonnegative(),
});

export type Attempts = z.infer<typeof attempts>;

export const attemptsRow: RowKind<Attempts> = { name: 'attempts', schema: attempts };
export const attemptsKey = 'account.attempts';
