import type { JsonObject } from '../core/json.ts';
import { issuerFault, timeFault } from './home-token.ts';

export type AccessTokenExpectation = {
  readonly issuer: string;
  readonly audience: string;
  readonly now: Date;
};

/**
 * Whether verified claims are those of an access token for us. Roles and scopes have **not** been
 * looked at. `typ` tells an access token from an ID token; where it is the plain `jwt` (Entra),
 * the claims must: an access token names the client it was issued to and carries no nonce. An API
 * that shares its app registration with a page would else accept that page's ID tokens, roles and
 * all.
 *
 * @see RFC 9068 §4
 */
export function isAccessToken(
  claims: JsonObject,
  typ: string | undefined,
  expected: AccessTokenExpectation,
): boolean {
  if (typ !== 'at+jwt' && !(typ === 'jwt' && looksIssuedToAClient(claims))) return false;
  const { aud } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return (
    audiences.includes(expected.audience) &&
    issuerFault(claims, expected.issuer) === undefined &&
    timeFault(claims, expected.now.getTime() / 1000) === undefined
  );
}

function looksIssuedToAClient(claims: JsonObject): boolean {
  const { azp, appid, client_id: clientId } = claims;
  const named = [azp, appid, clientId].some((value) => typeof value === 'string');
  return named && !['nonce', 'at_hash', 'c_hash'].some((name) => name in claims);
}
