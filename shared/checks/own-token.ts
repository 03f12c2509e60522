import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { JsonObject } from '../core/json.ts';

/** Where a token of ours must come from and what it must be for (RFC 9068 §4). */
export type OwnTokenRules = {
  readonly keys: readonly JsonObject[];
  readonly issuer: string;
  readonly audience: string;
};

/** The instance that made it may be ahead of this one; its end is nobody's to move. */
const skewSeconds = 60;

/**
 * An access token of this gateway: signature by a published key, type, issuer, audience, times.
 * Not checked: whether what it stands for still holds; the caller loads that. Undefined = refused.
 */
export async function checkOwnAccessToken(
  token: string,
  rules: OwnTokenRules,
  now: Date,
): Promise<JsonObject | undefined> {
  try {
    const keys = createLocalJWKSet({ keys: [...rules.keys] } as unknown as JSONWebKeySet);
    const { payload } = await jwtVerify(token, keys, {
      typ: 'at+jwt',
      issuer: rules.issuer,
      audience: rules.audience,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'],
      clockTolerance: 0,
      currentDate: now,
    });
    if (!(Number(payload.iat) <= now.getTime() / 1000 + skewSeconds)) return undefined;
    // exactly one audience: a token for two is for neither
    return typeof payload.aud === 'string' ? (payload as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
