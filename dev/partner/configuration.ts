import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, interactionPolicy } from 'oidc-provider';
import { html } from '../html.ts';
import { sendPage } from '../page.ts';
import { contosoLook } from './login-page.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import type { Person } from './people.ts';

/** The `acr` by which Contoso says that a second factor was shown. */
export const contosoMfaAcr = 'urn:contoso:mfa';

const scope = 'openid email profile';
const hourSeconds = 3600;

/** Everything said outright, so that the library has nothing to warn of. */
export async function createConfiguration(options: {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  people: readonly Person[];
}): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        client_name: 'Fabrikam (guests)',
        redirect_uris: [options.redirectUri],
        scope,
      },
    ],
    jwks: { keys: [{ ...jwk, alg: 'RS256', use: 'sig', kid: randomUUID() }] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    acrValues: [contosoMfaAcr],
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    claims: { openid: ['sub', 'auth_time', 'amr', 'acr'], email: ['email'], profile: ['name'] },
    // the name and the address are in the ID token, as most providers send them
    conformIdTokenClaims: false,
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: hourSeconds,
      AuthorizationCode: 60,
      Grant: 8 * hourSeconds,
      IdToken: hourSeconds,
      Interaction: hourSeconds,
      Session: 8 * hourSeconds,
    },
    interactions: {
      policy: createPolicy(),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    findAccount: (_ctx, subject) => {
      const person = options.people.find((candidate) => candidate.subject === subject);
      if (!person) return undefined;
      const { mail, name } = person;
      return { accountId: subject, claims: () => ({ sub: subject, email: mail, name }) };
    },
    // Contoso's admins consented for everyone
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope(scope);
      await grant.save();
      return grant;
    },
    renderError: (ctx, out) => {
      ctx.respond = false;
      sendPage(ctx.res, {
        ...contosoLook,
        title: 'This did not work',
        status: ctx.status,
        body: html`<p class="error" role="alert">${out.error}: ${out.error_description}</p>
<p>Go back to the app you came from and start again.</p>`,
      });
    },
  };
}

/** A relying party that asks for a second factor is heard even where a session stands. */
function createPolicy() {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy.get('login')?.checks.add(
    new Check('second_factor_asked', 'a second factor was asked for', ({ oidc }) => {
      const asked = oidc.params?.['acr_values'];
      const wants = typeof asked === 'string' && asked.split(' ').includes(contosoMfaAcr);
      // asked once: whether it was given is for the relying party to judge
      const settled = oidc.acr === contosoMfaAcr || oidc.result?.login !== undefined;
      return wants && !settled ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}
