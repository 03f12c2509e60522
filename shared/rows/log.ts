import * as z from 'zod';
import { events } from './events.ts';
import type { RowKind } from './row.ts';

/**
 * A sign-in that ended, or an administrator's act. Never rewritten.
 *
 * A sign-in row holds the facts and the configuration's version, from which the whole trace of the
 * decision can be computed again. An audit row is written before its effect (`intent`) and after
 * (`result`), with the same operation id.
 */
const signInLog = z.object({
  kind: z.literal('signIn'),
  at: z.iso.datetime(),
  result: z.enum(['success', 'failure']),
  guest: z.string().optional(),
  app: z.string().optional(),
  cause: z.string().optional(),
  code: z.number().nullable().optional(),
  facts: z.record(z.string(), z.json()).optional(),
  setVersion: z.string().optional(),
  outcome: z.string().optional(),
  policies: z.record(z.string(), z.string()).optional(),
  events,
});

const auditLog = z.object({
  kind: z.literal('audit'),
  at: z.iso.datetime(),
  operationId: z.string(),
  phase: z.enum(['intent', 'result', 'refused']),
  activity: z.string(),
  actor: z.string(),
  target: z.string().optional(),
  reason: z.string().optional(),
  result: z.string().optional(),
});

const logEntry = z.discriminatedUnion('kind', [signInLog, auditLog]);

export type SignInLog = z.infer<typeof signInLog>;
export type AuditLog = z.infer<typeof auditLog>;
export type LogEntry = z.infer<typeof logEntry>;
export const logRow: RowKind<LogEntry> = { name: 'log entry', schema: logEntry };
export const signInLogRow: RowKind<SignInLog> = { name: 'sign-in log', schema: signInLog };
export const auditLogRow: RowKind<AuditLog> = { name: 'audit log', schema: auditLog };
