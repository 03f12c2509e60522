import type { JsonObject } from '../core/json.ts';

export type HomeTokenExpectation = {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: Date;
  /** Set when the request carried `max_age`: then `auth_time` is required. */
  readonly maxAgeSeconds?: number | undefined;
};

/** What is read from a token that passed. Only `subject` (under its issuer) says who this is. */
export type HomeClaims = {
  readonly subject: string;
  readonly issuedAt: Date;
  readonly authTime?: Date | undefined;
  readonly tenantId?: string | undefined;
  readonly objectId?: string | undefined;
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
};

export type HomeTokenResult =
  | { readonly kind: 'ok'; readonly claims: HomeClaims }
  | { readonly kind: 'invalid'; readonly check: string };

const skewSeconds = 60;
/** A token made for this sign-in is minutes old at most, however long it would live. */
const maxTokenAgeSeconds = 600;

/**
 * The claims of an ID token whose signature **has been verified already** (`verifiedPayload`).
 * `amr`, `acr` and `auth_time` are reported, not judged: whether this partner's word counts is
 * decided elsewhere. `check` names the claim that failed.
 *
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export function checkHomeToken(
  claims: JsonObject,
  expected: HomeTokenExpectation,
): HomeTokenResult {
  const nowSeconds = expected.now.getTime() / 1000;
  const check =
    issuerFault(claims, expected.issuer) ??
    audienceFault(claims, expected.clientId) ??
    (claims['nonce'] === expected.nonce ? undefined : 'nonce') ??
    timeFault(claims, nowSeconds) ??
    authenticationAgeFault(claims, expected.maxAgeSeconds, nowSeconds);
  if (check) return { kind: 'invalid', check };
  const { sub, iat } = claims;
  if (!isSubject(sub)) return { kind: 'invalid', check: 'sub' };
  if (!isNumericDate(iat) || !(iat >= nowSeconds - maxTokenAgeSeconds)) {
    return { kind: 'invalid', check: 'iat' };
  }
  return { kind: 'ok', claims: readClaims(claims, sub, iat) };
}

/** `iss` byte for byte: no normalising, no template of tenants. */
export function issuerFault(claims: JsonObject, issuer: string): string | undefined {
  return claims['iss'] === issuer ? undefined : 'iss';
}

/** `exp` and `iat` required, `nbf` honoured; ± 60 s for clocks that differ. */
export function timeFault(claims: JsonObject, nowSeconds: number): string | undefined {
  const { exp, iat, nbf } = claims;
  // Written so that a `now` that is no time fails every one of them.
  if (!(isNumericDate(exp) && exp > nowSeconds - skewSeconds)) return 'exp';
  if (!(isNumericDate(iat) && iat <= nowSeconds + skewSeconds)) return 'iat';
  if (nbf !== undefined && !(isNumericDate(nbf) && nbf <= nowSeconds + skewSeconds)) return 'nbf';
  return undefined;
}

/** Seconds since 1970 up to the year 5138: a value in milliseconds is none. */
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 100_000_000_000;
}

function audienceFault(claims: JsonObject, clientId: string): string | undefined {
  const { aud, azp } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId)) return 'aud';
  const others = audiences.some((audience) => audience !== clientId);
  if ((others || azp !== undefined) && azp !== clientId) return 'azp';
  return undefined;
}

/** At most 255 ASCII characters, compared as they are: what differs in case differs. */
function isSubject(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value);
}

function authenticationAgeFault(
  claims: JsonObject,
  maxAgeSeconds: number | undefined,
  nowSeconds: number,
): string | undefined {
  if (maxAgeSeconds === undefined) return undefined;
  const at = claims['auth_time'];
  const oldest = nowSeconds - maxAgeSeconds - skewSeconds;
  return isNumericDate(at) && at >= oldest && at <= nowSeconds + skewSeconds
    ? undefined
    : 'auth_time';
}

function readClaims(claims: JsonObject, subject: string, iat: number): HomeClaims {
  const { auth_time: at, amr, tid, oid } = claims;
  const entra = shortText(tid) !== undefined && shortText(oid) !== undefined;
  return {
    subject,
    issuedAt: new Date(iat * 1000),
    authTime: isNumericDate(at) ? new Date(at * 1000) : undefined,
    tenantId: entra ? shortText(tid) : undefined,
    objectId: entra ? shortText(oid) : undefined,
    amr: methodReferences(amr),
    acr: shortText(claims['acr']),
    email: shortText(claims['email']),
    name: shortText(claims['name']),
  };
}

/** A list with anything but short strings in it is no list we understand: then nothing counts. */
function methodReferences(amr: unknown): readonly string[] {
  if (!Array.isArray(amr) || amr.length > 20) return [];
  const texts = amr.filter((entry) => shortText(entry) !== undefined);
  return texts.length === amr.length ? texts : [];
}

/** Longer text is dropped, not cut: half a value could mean something else. */
function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 320 ? value : undefined;
}
