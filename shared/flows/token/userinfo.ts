import { checkOwnAccessToken } from '../../checks/own-token.ts';
import type { JsonObject } from '../../core/json.ts';
import type { House } from '../house.ts';
import { accountAnd, authorizationOf, loadGuest } from '../sign-in/guest-rows.ts';
import { partiesOf } from '../sign-in/standing.ts';
import { profileClaims, readTokenId } from './tokens.ts';

/**
 * GET and POST /userinfo (OpenID Connect Core §5.3). The token's authorization is loaded: revoked,
 * reset or disabled since = `invalid_token`, which is what undefined means.
 */
export async function userinfo(
  house: House,
  token: string,
  now: Date,
): Promise<JsonObject | undefined> {
  const claims = await checkOwnAccessToken(
    token,
    { keys: await house.keys.publicKeys(), issuer: house.issuer, audience: house.issuer },
    now,
  );
  const place = typeof claims?.['jti'] === 'string' ? readTokenId(claims['jti']) : undefined;
  if (!claims || !place) return undefined;
  const configuration = await house.configuration();
  const rows = await loadGuest(house.store, place.guest, accountAnd(place.h));
  const authorization = rows && authorizationOf(rows, place.h)?.value;
  if (authorization?.state !== 'redeemed' || authorization.tokens?.jti !== claims['jti'])
    return undefined;
  const guest = rows?.guest.value;
  if (!guest || !partiesOf(configuration, guest, authorization)) return undefined;
  return { sub: guest.id, ...profileClaims(guest, authorization.request.scope) };
}
