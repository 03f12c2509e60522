import { calculatePKCECodeChallenge } from 'oauth4webapi';
import { Fault } from '../../core/errors.ts';
import type { HomePartner, HomeRequest } from '../../ports.ts';
import type { HomeMetadata } from './documents.ts';

/** 128 bits in base64url. */
const minRandomLength = 22;

/**
 * The authorization request to a partner. Throws `Fault('unexpected')` when state, nonce or
 * verifier are too short to be random: that would be our own mistake.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1; RFC 7636 §4.3
 */
export async function authorizationRequestUrl(
  metadata: HomeMetadata,
  partner: HomePartner,
  request: HomeRequest,
): Promise<string> {
  const { state, nonce, codeVerifier } = request;
  if (
    state.length < minRandomLength ||
    nonce.length < minRandomLength ||
    !/^[\w.~-]{43,128}$/.test(codeVerifier)
  ) {
    throw new Fault('unexpected', { detail: 'homeRequest' });
  }
  // The endpoint's own query stays, but cannot speak for us: each of ours is set, not appended.
  const url = new URL(metadata.authorization_endpoint);
  const parameters: Record<string, string | undefined> = {
    client_id: partner.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    login_hint: request.loginHint,
    prompt: request.prompt,
    max_age: request.maxAgeSeconds?.toString(),
    ui_locales: request.uiLocales,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
