import type { GuestId, SignInHash } from '../../core/ids.ts';
import { readGuestId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { epochSeconds, later, minutesMs } from '../../core/time.ts';
import type { Decision } from '../../policy/index.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { mailIssuer, shownAtOf } from '../../rows/first-factor.ts';
import type { Guest } from '../../rows/guest.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import type { Parties } from '../sign-in/judged.ts';

/** `jti` leads back to the authorization, so that revoking it is seen wherever the token is shown. */
export const tokenId = (guest: GuestId, h: SignInHash, chance: string): string =>
  `${guest}.${h}.${chance}`;

export function readTokenId(
  jti: string,
): { readonly guest: GuestId; readonly h: SignInHash } | undefined {
  const [guestText, h, chance, ...rest] = jti.split('.');
  const guest = readGuestId(guestText ?? '');
  const whole = guest && h && /^[A-Za-z0-9_-]{43}$/.test(h) && chance && rest.length === 0;
  return whole ? { guest, h: h as SignInHash } : undefined;
}

type Issue = {
  readonly guest: Guest;
  readonly authorization: Authorization;
  readonly parties: Parties;
  readonly jti: string;
  readonly sessionControls: Decision['sessionControls'];
};

/** The answer of the token endpoint (OpenID Connect Core §3.1.3.3, RFC 9068 §2.2). */
export async function issueTokens(
  house: House,
  configuration: Configuration,
  issue: Issue,
  now: Date,
): Promise<JsonObject> {
  const alg = issue.parties.app.idTokenSignedResponseAlg;
  const seconds = configuration.settings.accessTokenSeconds;
  const common = commonClaims(house, configuration, issue, now);
  const [accessToken, idToken] = await Promise.all([
    house.keys.sign({ alg, typ: 'at+jwt' }, accessClaims(house, issue, common, now, seconds)),
    house.keys.sign({ alg, typ: 'JWT' }, idClaims(issue, common, now)),
  ]);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: seconds,
    scope: issue.authorization.request.scope,
    id_token: idToken,
  };
}

/** An ID token is read once, at the door. */
const idTokenMs = 10 * minutesMs;

function commonClaims(
  house: House,
  configuration: Configuration,
  { guest, authorization, sessionControls }: Issue,
  now: Date,
) {
  const { firstFactor, proofs } = authorization;
  const shownAt = shownAtOf(firstFactor);
  return {
    iss: house.issuer,
    sub: guest.id,
    iat: epochSeconds(now),
    // as the home said it; where it said nothing, nothing is made up
    ...(shownAt === undefined ? {} : { auth_time: epochSeconds(new Date(shownAt)) }),
    // only what was seen here: a home's own words about itself are not repeated as ours
    amr: [
      ...(firstFactor.kind === 'mail' ? ['email'] : []),
      ...(firstFactor.kind === 'mail' || proofs.length > 0 ? ['otp'] : []),
      ...(proofs.length > 0 ? ['mfa'] : []),
    ],
    acr: proofs.length > 0 ? 'urn:vestibule:acr:mfa' : 'urn:vestibule:acr:first-factor',
    tid: configuration.settings.organisation.tenantId,
    oid: guest.id,
    ...carriedControls(sessionControls),
  };
}

/** Session controls that the app itself must keep; the gateway only carries them. */
function carriedControls(controls: Decision['sessionControls']): JsonObject {
  const { cloudAppSecurity, applicationEnforcedRestrictions, disableResilienceDefaults } = controls;
  const carried = { cloudAppSecurity, applicationEnforcedRestrictions, disableResilienceDefaults };
  const given = Object.entries(carried).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { session_controls: Object.fromEntries(given) };
}

function accessClaims(
  house: House,
  { authorization, parties, jti }: Issue,
  common: JsonObject,
  now: Date,
  seconds: number,
): JsonObject {
  const { request } = authorization;
  return {
    ...common,
    aud: request.resource ?? house.issuer,
    client_id: parties.app.appId,
    scope: request.scope,
    jti,
    exp: epochSeconds(now) + seconds,
  };
}

function idClaims(
  { guest, authorization, parties }: Issue,
  common: JsonObject,
  now: Date,
): JsonObject {
  const { request, code } = authorization;
  return {
    ...common,
    aud: parties.app.appId,
    exp: epochSeconds(later(now, idTokenMs)),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(code ? { sid: code.session.slice(code.session.indexOf('.') + 1) } : {}),
    acct: 1,
    idp: parties.partner?.issuer ?? mailIssuer,
    ...profileClaims(guest, request.scope),
  };
}

/** What the scopes ask for (OpenID Connect Core §5.4), from the guest's own row here. */
export function profileClaims(guest: Guest, scope: string): JsonObject {
  const asked = scope.split(' ');
  return {
    ...(asked.includes('profile')
      ? { name: guest.displayName, preferred_username: guest.userPrincipalName }
      : {}),
    ...(asked.includes('email') && guest.mail !== undefined ? { email: guest.mail } : {}),
  };
}
