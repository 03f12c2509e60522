import * as oidc from 'openid-client';

/** An app registration at the gateway; without a secret it is a public client. */
export type WoodgroveClient = {
  id: string;
  secret?: string;
  /** On the page's link. */
  label?: string;
};

export type Clients = Readonly<Record<string, WoodgroveClient>>;

export type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** What a sign-in gave. */
export type SignedIn = {
  client: string;
  claims: oidc.IDToken;
  /** Not asked where the access token is for another API than the gateway's own. */
  userinfo: oidc.UserInfoResponse | undefined;
  tokens: Tokens;
};

type Pending = {
  client: string;
  nonce: string;
  codeVerifier: string;
  maxAgeSeconds: number | undefined;
  resource: string | null;
};

/** Parameters of the authorization request that a link here may set. */
const passedOn = [
  'response_mode',
  'prompt',
  'max_age',
  'login_hint',
  'domain_hint',
  'acr_values',
  'claims',
  'ui_locales',
  'resource',
  'scope',
];

/** The relying party: openid-client as it comes, with every check it has. */
export function createSignIns(options: { issuer: string; clients: Clients; redirectUri: string }) {
  // By state and not by cookie: a form_post answer is cross-site, and a cookie that survives that
  // must be Secure, which http is not.
  const pending = new Map<string, Pending>();
  const discovered = new Map<string, Promise<oidc.Configuration>>();

  function configurationOf(name: string): Promise<oidc.Configuration> {
    const known = discovered.get(name);
    if (known) return known;
    const client = options.clients[name];
    if (!client) throw new Error(`Woodgrove has no client ${name}`);
    const { id, secret } = client;
    const found = oidc.discovery(
      new URL(options.issuer),
      id,
      undefined,
      secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret),
      // without TLS only the signature says whose token it is
      { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
    );
    discovered.set(name, found);
    // the gateway may only be starting
    found.catch(() => discovered.delete(name));
    return found;
  }

  return {
    /** Where the browser goes to sign in. */
    async begin(name: string, wishes: URLSearchParams): Promise<string> {
      const configuration = await configurationOf(name);
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const maxAge = wishes.get('max_age');
      const maxAgeSeconds = maxAge === null ? undefined : Number(maxAge);
      const resource = wishes.get('resource');
      pending.set(state, { client: name, nonce, codeVerifier, maxAgeSeconds, resource });
      const parameters = new URLSearchParams({ scope: 'openid email profile' });
      for (const parameter of passedOn) {
        const value = wishes.get(parameter);
        if (value !== null) parameters.set(parameter, value);
      }
      parameters.set('redirect_uri', options.redirectUri);
      parameters.set('state', state);
      parameters.set('nonce', nonce);
      parameters.set('code_challenge', await oidc.calculatePKCECodeChallenge(codeVerifier));
      parameters.set('code_challenge_method', 'S256');
      return oidc.buildAuthorizationUrl(configuration, parameters).href;
    },

    /** The answer as it arrived, of a state known here once; throws openid-client's errors. */
    async finish(answer: Request, state: string): Promise<SignedIn> {
      const begun = pending.get(state);
      pending.delete(state);
      if (!begun) throw new Error('this answer belongs to no sign-in that was begun here');
      const configuration = await configurationOf(begun.client);
      const { nonce, codeVerifier, maxAgeSeconds, resource } = begun;
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        answer,
        {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
        },
        resource === null ? {} : { resource },
      );
      const claims = tokens.claims();
      if (!claims) throw new Error('the gateway sent no ID token');
      const userinfo =
        resource === null
          ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : undefined;
      return { client: begun.client, claims, userinfo, tokens };
    },

    /** New tokens for old; throws where the gateway no longer gives any. */
    async refresh(session: SignedIn): Promise<SignedIn> {
      const { refresh_token: refreshToken, id_token: idToken } = session.tokens;
      if (refreshToken === undefined) throw new Error('there is no refresh token');
      const configuration = await configurationOf(session.client);
      const tokens = await oidc.refreshTokenGrant(configuration, refreshToken);
      const claims = tokens.claims() ?? session.claims;
      const userinfo =
        session.userinfo &&
        (await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub));
      const kept = {
        refresh_token: refreshToken,
        ...(idToken !== undefined && { id_token: idToken }),
      };
      return {
        ...session,
        claims,
        userinfo,
        tokens: Object.assign(tokens, { ...kept, ...tokens }),
      };
    },

    /** `undefined` where the gateway has no logout. */
    async logoutUrl(session: SignedIn, backTo: string): Promise<string | undefined> {
      const configuration = await configurationOf(session.client);
      if (!configuration.serverMetadata().end_session_endpoint) return undefined;
      return oidc.buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: backTo,
        ...(session.tokens.id_token !== undefined && { id_token_hint: session.tokens.id_token }),
      }).href;
    },
  };
}
