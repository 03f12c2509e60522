import * as z from 'zod';

/** `PUT /manage/config?dryRun=true|false`: a folder of JSON, each file as text under its name. */
export const configurationBody = z.strictObject({
  files: z.record(z.string().max(200), z.string()),
});

export type ConfigurationBody = z.infer<typeof configurationBody>;

const fileFault = z.object({ file: z.string(), pointer: z.string(), message: z.string() });

/** What is stored all the same; information concerns a policy that decides nothing yet, or nobody. */
const fileWarning = fileFault.extend({ severity: z.enum(['warning', 'information']).optional() });

/** Answer of an apply or a dry run. */
export const configurationApplied = z.object({
  dryRun: z.boolean(),
  version: z.number(),
  etag: z.string(),
  changes: z.array(z.object({ file: z.string(), change: z.enum(['added', 'changed', 'removed']) })),
  warnings: z.array(fileWarning),
  guests: z.object({ created: z.number(), updated: z.number(), unchanged: z.number() }),
  /** ISO 8601: from then on every instance decides by this version. */
  effectiveBy: z.string(),
});

export type ConfigurationApplied = z.infer<typeof configurationApplied>;

/** `GET /manage/config`. */
export const configurationShown = z.object({
  etag: z.string(),
  version: z.number(),
  appliedAt: z.string().optional(),
  appliedBy: z.string().optional(),
  files: z.record(z.string(), z.string()),
});

export type ConfigurationShown = z.infer<typeof configurationShown>;
