import * as z from 'zod';

/**
 * An app's request, validated; what later steps need of it (OpenID Connect Core §3.1.2.1). Its
 * hints (`login_hint` is a mail address) are not kept.
 */
export const authorizationRequest = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  responseMode: z.enum(['query', 'form_post']),
  scope: z.string(),
  state: z.string().optional(),
  nonce: z.string().optional(),
  codeChallenge: z.string().optional(),
  prompt: z.array(z.enum(['none', 'login', 'consent', 'select_account'])),
  maxAgeSeconds: z.number().int().nonnegative().optional(),
  uiLocales: z.string().optional(),
  resource: z.string().optional(),
});

export type AuthorizationRequest = z.infer<typeof authorizationRequest>;
