import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';
import { clientId, redirectUri, scope, serveBench } from './protocol.ts';

/**
 * The peer: oidc-provider's code flow with PKCE on its own adapter in memory. Its login is an
 * interaction that knows the person at once, as a partner's would be. With `--jwt` its access
 * tokens are signed too, as Vestibule's always are; without, they are opaque, as it comes.
 */
const resource = 'https://api.example';
const jwt = process.argv.includes('--jwt');
const { privateKey } = await generateKeyPair('RS256', { extractable: true });

let handle = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(503).end();
};
const server = createServer((request, response) => handle(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const configuration: Configuration = {
  clients: [
    {
      client_id: clientId,
      token_endpoint_auth_method: 'none',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope,
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'bench' }] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    ...(jwt && {
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope,
          accessTokenFormat: 'jwt' as const,
          jwt: { sign: { alg: 'RS256' as const } },
        }),
      },
    }),
  },
  claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
  conformIdTokenClaims: false,
  clientBasedCORS: () => false,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: 'Guest', email: `${sub}@contoso.example` }),
  }),
  // consent was given for everyone, as a gateway's is
  loadExistingGrant: async (ctx) => {
    const { client, session, provider: own } = ctx.oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(scope);
    if (jwt) grant.addResourceScope(resource, scope);
    await grant.save();
    return grant;
  },
};

const provider = new Provider(url, configuration);
provider.on('server_error', (_ctx, error) => console.error(error));
const serveProtocol = provider.callback();
let people = 0;

handle = (request, response) => {
  if (!request.url?.startsWith('/interaction/')) return void serveProtocol(request, response);
  const login = { accountId: `person-${people++}` };
  provider
    .interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
    .catch((error: Error) => response.writeHead(500).end(error.message));
};
serveBench(url);
