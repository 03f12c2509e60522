import * as z from 'zod';

const odataType = z.string().max(200).optional();
const text = z.string().max(1024);

const userSignIn = z.looseObject({
  '@odata.type': odataType,
  /** Object id, user principal name or mail of a known guest. */
  userId: text.optional(),
  externalTenantId: text.nullish(),
  externalUserType: text.nullish(),
  servicePrincipalId: text.optional(),
});

const context = z.looseObject({
  '@odata.type': odataType,
  includeApplications: z.array(text).max(1000).optional(),
  userAction: text.optional(),
  authenticationContextValue: text.optional(),
});

/**
 * What-If as Graph takes it.
 * @see https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate
 */
export const evaluateBody = z.strictObject({
  signInIdentity: userSignIn,
  signInContext: context,
  signInConditions: z.looseObject({}),
  appliedPoliciesOnly: z.boolean().nullish(),
});
