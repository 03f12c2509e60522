import { isS256Challenge } from './pkce.ts';
import { matchesRegistered } from './redirect-uri.ts';

/**
 * The authorization request (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1), checked in one order:
 * first what makes it safe to answer the app at all, then what the app is told.
 */

/** What the checks need of an app's registration. */
export type ClientForRequest = {
  readonly redirectUris: readonly string[];
  readonly requirePkce: boolean;
  readonly resources: readonly string[];
};

export type ValidRequest = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly responseMode: 'query' | 'form_post';
  readonly scope: string;
  readonly state?: string;
  readonly nonce?: string;
  readonly codeChallenge?: string;
  readonly prompt: ('none' | 'login' | 'consent' | 'select_account')[];
  readonly maxAgeSeconds?: number;
  readonly loginHint?: string;
  readonly domainHint?: string;
  readonly uiLocales?: string;
  readonly resource?: string;
};

export type RequestVerdict<Client> =
  | { readonly kind: 'valid'; readonly client: Client; readonly request: ValidRequest }
  /** Nothing of the request can be trusted as a place to answer to: say it on a page. */
  | {
      readonly kind: 'page';
      readonly message: 'unknownClient' | 'redirectUriMismatch' | 'requestInvalid';
      readonly parameter: string;
    }
  /** Client and redirect URI are verified: the app may be told (RFC 6749 §4.1.2.1). */
  | {
      readonly kind: 'tellApp';
      readonly client: Client;
      readonly error: string;
      readonly description: string;
      readonly redirectUri: string;
      readonly responseMode: 'query' | 'form_post';
      readonly state?: string;
    };

type Parameters = ReadonlyMap<string, string>;
type Refusal = { readonly error: string; readonly description: string };
type Check = (p: Parameters, client: ClientForRequest) => Refusal | undefined;

const known = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'login_hint',
  'domain_hint',
  'ui_locales',
  'acr_values',
  'claims',
  'resource',
  'display',
  'id_token_hint',
  'request',
  'request_uri',
  'registration',
] as const;

/** What a request's form carries on: the parameters that mean something here. */
export const requestParameters: readonly string[] = known;

/** What is not offered is not granted (RFC 6749 §3.3): anybody can edit an app's request. */
export const supportedScopes = ['openid', 'profile', 'email'] as const;

const prompts = ['none', 'login', 'consent', 'select_account'] as const;

/** The order is the order of answers: read down. */
const checks: readonly Check[] = [
  refusesRequestObjects,
  asksForCode,
  asksForKnownResponseMode,
  asksForOpenId,
  usesS256,
  hasPkce,
  hasReadablePrompt,
  hasReadableMaxAge,
  hasRegisteredResource,
];

export function checkAuthorizationRequest<Client extends ClientForRequest>(
  parameters: Parameters,
  duplicates: readonly string[],
  findClient: (id: string) => Client | undefined,
): RequestVerdict<Client> {
  const clientId = parameters.get('client_id');
  const client = clientId === undefined ? undefined : findClient(clientId.toLowerCase());
  if (duplicates.includes('client_id') || clientId === undefined || !client)
    return { kind: 'page', message: 'unknownClient', parameter: 'client_id' };

  const redirectUri = parameters.get('redirect_uri');
  if (duplicates.includes('redirect_uri') || redirectUri === undefined)
    return { kind: 'page', message: 'redirectUriMismatch', parameter: 'redirect_uri' };
  if (!matchesRegistered(redirectUri, client.redirectUris))
    return { kind: 'page', message: 'redirectUriMismatch', parameter: 'redirect_uri' };

  const state = duplicates.includes('state') ? undefined : parameters.get('state');
  const responseMode = parameters.get('response_mode') === 'form_post' ? 'form_post' : 'query';
  const tell = (refusal: Refusal): RequestVerdict<Client> => ({
    kind: 'tellApp',
    client,
    ...refusal,
    redirectUri,
    responseMode,
    ...(state === undefined ? {} : { state }),
  });

  const twice = duplicates.find((name) => requestParameters.includes(name));
  if (twice)
    return tell({ error: 'invalid_request', description: `${twice} appears more than once` });
  for (const check of checks) {
    const refusal = check(parameters, client);
    if (refusal) return tell(refusal);
  }
  return {
    kind: 'valid',
    client,
    request: readRequest(clientId.toLowerCase(), redirectUri, parameters),
  };
}

// ── the checks ───────────────────────────────────────────────────────────────────────────────

/** RFC 9101: not offered, and never half done. */
function refusesRequestObjects(p: Parameters): Refusal | undefined {
  if (p.has('request'))
    return { error: 'request_not_supported', description: 'request objects are not supported' };
  if (p.has('request_uri'))
    return { error: 'request_uri_not_supported', description: 'request_uri is not supported' };
  if (p.has('registration'))
    return { error: 'registration_not_supported', description: 'registration is not supported' };
  return undefined;
}

function asksForCode(p: Parameters): Refusal | undefined {
  const type = p.get('response_type');
  if (type === undefined) return invalid('response_type is missing');
  return type === 'code'
    ? undefined
    : { error: 'unsupported_response_type', description: 'response_type must be code' };
}

function asksForKnownResponseMode(p: Parameters): Refusal | undefined {
  const mode = p.get('response_mode') ?? 'query';
  return mode === 'query' || mode === 'form_post'
    ? undefined
    : invalid('response_mode must be query or form_post');
}

function asksForOpenId(p: Parameters): Refusal | undefined {
  return (p.get('scope') ?? '').split(' ').includes('openid')
    ? undefined
    : { error: 'invalid_scope', description: 'scope must contain openid' };
}

/** `plain` protects nothing; a method without a challenge is a stripped challenge. RFC 9700 §2.1.1 */
function usesS256(p: Parameters): Refusal | undefined {
  const challenge = p.get('code_challenge');
  const method = p.get('code_challenge_method');
  if (challenge === undefined)
    return method === undefined ? undefined : invalid('code_challenge is missing');
  if (method !== 'S256') return invalid('code_challenge_method must be S256');
  return isS256Challenge(challenge)
    ? undefined
    : invalid('code_challenge is not a SHA-256 in base64url');
}

function hasPkce(p: Parameters, client: ClientForRequest): Refusal | undefined {
  return client.requirePkce && !p.has('code_challenge')
    ? invalid('code_challenge is missing')
    : undefined;
}

function hasReadablePrompt(p: Parameters): Refusal | undefined {
  const asked = words(p.get('prompt'));
  const unknown = asked.find((word) => !prompts.some((prompt) => prompt === word));
  if (unknown !== undefined) return invalid('prompt has a value that is not supported');
  return asked.includes('none') && asked.length > 1
    ? invalid('prompt none stands alone')
    : undefined;
}

function hasReadableMaxAge(p: Parameters): Refusal | undefined {
  const age = p.get('max_age');
  return age === undefined || /^[0-9]{1,9}$/.test(age)
    ? undefined
    : invalid('max_age must be a whole number of seconds');
}

function hasRegisteredResource(p: Parameters, client: ClientForRequest): Refusal | undefined {
  const resource = p.get('resource');
  return resource === undefined || client.resources.includes(resource)
    ? undefined
    : { error: 'invalid_target', description: 'resource is not registered for this client' };
}

const invalid = (description: string): Refusal => ({ error: 'invalid_request', description });
const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter(Boolean);

function readRequest(clientId: string, redirectUri: string, p: Parameters): ValidRequest {
  const maxAge = p.get('max_age');
  const optional = {
    state: p.get('state'),
    nonce: p.get('nonce'),
    codeChallenge: p.get('code_challenge'),
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    loginHint: p.get('login_hint'),
    domainHint: p.get('domain_hint'),
    uiLocales: p.get('ui_locales'),
    resource: p.get('resource'),
  };
  const given = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined),
  ) as { [name in keyof typeof optional]: NonNullable<(typeof optional)[name]> };
  return {
    clientId,
    redirectUri,
    responseMode: p.get('response_mode') === 'form_post' ? 'form_post' : 'query',
    scope: supportedScopes.filter((scope) => words(p.get('scope')).includes(scope)).join(' '),
    prompt: prompts.filter((prompt) => words(p.get('prompt')).includes(prompt)),
    ...given,
  };
}
