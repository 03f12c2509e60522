import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  None,
  validateAuthResponse,
} from 'oauth4webapi';
import { answerShapeFault, errorCode } from '../../checks/home-answer.ts';
import { Fault } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { HomeAnswer, HomePartner } from '../../ports.ts';
import type { HomeMetadata, HomeSource } from './documents.ts';

export type CodeResult =
  | { readonly kind: 'idToken'; readonly token: string }
  | { readonly kind: 'declined'; readonly error: string }
  | { readonly kind: 'invalid'; readonly check: string };

/**
 * From the callback's query to the ID token, which is **not** checked at all here. The code leaves
 * this process only after `state` and `iss` were found to be those of this partner's request.
 *
 * @see RFC 6749 §4.1.2–4.1.4; RFC 9207 §2.4
 */
export async function exchangeCode(
  source: HomeSource,
  metadata: HomeMetadata,
  partner: HomePartner,
  answer: HomeAnswer,
): Promise<CodeResult> {
  const client: Client = { client_id: partner.clientId };
  const checked = checkedAnswer(metadata, client, answer);
  if (!(checked instanceof URLSearchParams)) return checked;

  const response = await authorizationCodeGrantRequest(
    metadata,
    client,
    authentication(metadata, partner),
    checked,
    answer.redirectUri,
    answer.codeVerifier,
    {
      [customFetch]: source.fetch,
      // Whether http is allowed is decided in one place, the guarded fetch.
      [allowInsecureRequests]: true,
    },
  );
  return tokenOf(response, source);
}

function checkedAnswer(
  metadata: HomeMetadata,
  client: Client,
  { parameters, state }: HomeAnswer,
): URLSearchParams | CodeResult {
  const shape = answerShapeFault(parameters);
  if (shape) return { kind: 'invalid', check: shape };
  try {
    const checked = validateAuthResponse(metadata, client, parameters, state);
    return checked.get('code') ? checked : { kind: 'invalid', check: 'code' };
  } catch (thrown) {
    if (thrown instanceof AuthorizationResponseError) {
      return { kind: 'declined', error: errorCode(thrown.error) };
    }
    return { kind: 'invalid', check: failedParameter(metadata, parameters, state) };
  }
}

/** Names for the log what the library refused; decides nothing. */
function failedParameter(metadata: HomeMetadata, parameters: URLSearchParams, state: string) {
  const iss = parameters.get('iss');
  const issMissing = !iss && metadata.authorization_response_iss_parameter_supported;
  if (issMissing || (iss && iss !== metadata.issuer)) return 'iss';
  return parameters.get('state') === state ? 'response' : 'state';
}

/**
 * Basic is what a client is registered with unless somebody chose otherwise; the metadata tells
 * what the server can do, not what this client may.
 *
 * @see OpenID Connect Dynamic Client Registration 1.0 §2 (`token_endpoint_auth_method`)
 */
function authentication(metadata: HomeMetadata, { clientSecret }: HomePartner): ClientAuth {
  if (clientSecret === undefined) return None();
  const offered = metadata.token_endpoint_auth_methods_supported ?? [];
  const postOnly =
    offered.includes('client_secret_post') && !offered.includes('client_secret_basic');
  return postOnly ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}

async function tokenOf(response: Response, source: HomeSource): Promise<CodeResult> {
  if (response.status >= 500 || response.status === 429) {
    throw new Fault('homeUnavailable', { detail: `status${response.status}` });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!isJsonObject(body)) return { kind: 'invalid', check: 'tokenResponse' };
  if (response.status !== 200) {
    const error = errorCode(body['error']);
    // Our own registration at the partner is wrong or expired: nobody of theirs can sign in.
    if (error === 'invalid_client' || error === 'unauthorized_client') {
      source.alarm('homeClientRefused', { issuer: source.issuer, error });
    }
    return { kind: 'invalid', check: `tokenEndpoint.${error}` };
  }
  const token = body['id_token'];
  return typeof token === 'string'
    ? { kind: 'idToken', token }
    : { kind: 'invalid', check: 'idTokenMissing' };
}
