import * as z from 'zod';
import { dayOf } from '../core/time.ts';
import type { Partition } from '../ports.ts';
import type { RowKind } from './row.ts';

/**
 * What may happen once: the answer a reset gave to an Idempotency-Key.
 *
 *   insert ──▶ cleaned up with its day
 */
const once = z.object({
  request: z.string(),
  answer: z.object({
    operationId: z.string(),
    user: z.object({ id: z.string(), userPrincipalName: z.string(), displayName: z.string() }),
    methodsRemoved: z.array(z.string()),
    sessionsRevoked: z.number(),
  }),
});

export const onceRow: RowKind<z.infer<typeof once>> = { name: 'once', schema: once };
export const oncePartition = (day: Date): Partition => ({
  table: 'expiring',
  key: `${dayOf(day)}.once`,
});
export const onceKey = (hash: string): string => `once.${hash}`;
