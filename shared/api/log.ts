import * as z from 'zod';

/**
 * A sign-in that ended, in the shape of Graph's `signIn`. The log holds no name and no mail address of
 * a guest, so what Graph has of these is left out.
 */
export const signIn = z.object({
  /** The reference code that the guest was shown. */
  id: z.string(),
  createdDateTime: z.string(),
  /** Left out where nobody was recognised. */
  userId: z.string().optional(),
  appId: z.string().optional(),
  appDisplayName: z.string().optional(),
  ipAddress: z.string().optional(),
  deviceDetail: z.object({ operatingSystem: z.string() }).optional(),
  conditionalAccessStatus: z.enum(['success', 'failure', 'notApplied']),
  appliedConditionalAccessPolicies: z.array(
    z.object({ id: z.string(), displayName: z.string().optional(), result: z.string() }),
  ),
  /** 0 for a success; null for a failure that Entra has no number for. */
  status: z.object({ errorCode: z.number().nullable(), failureReason: z.string().optional() }),
  '@vestibule.result': z.enum(['success', 'failure']),
  '@vestibule.cause': z.string().optional(),
  '@vestibule.outcome': z.string().optional(),
  '@vestibule.setVersion': z.string().optional(),
  '@vestibule.events': z.array(
    z.object({ at: z.string(), what: z.string(), detail: z.string().optional() }),
  ),
  /** Ids of other entries that this reference leads to as well: rare, and named by a suffix. */
  '@vestibule.sameReference': z.array(z.string()).optional(),
});

export type SignIn = z.infer<typeof signIn>;

/** An administrator's act, in the shape of Graph's `directoryAudit`. */
export const directoryAudit = z.object({
  id: z.string(),
  activityDateTime: z.string(),
  activityDisplayName: z.string(),
  /** The same for what was meant, before the act, and what came of it. */
  correlationId: z.string(),
  /** Left out of an intent. */
  result: z.enum(['success', 'failure']).optional(),
  resultReason: z.string().optional(),
  initiatedBy: z.object({
    app: z.object({ appId: z.string(), displayName: z.string().optional() }).optional(),
    user: z.object({ id: z.string() }).optional(),
  }),
  targetResources: z.array(
    z.object({ id: z.string().optional(), type: z.string(), displayName: z.string().optional() }),
  ),
  '@vestibule.phase': z.enum(['intent', 'result', 'refused']),
  '@vestibule.reason': z.string().optional(),
  '@vestibule.sameReference': z.array(z.string()).optional(),
});

export type DirectoryAudit = z.infer<typeof directoryAudit>;
