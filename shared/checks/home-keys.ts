import type { JWK } from 'jose';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/** A published verification key: public members only, whatever else the document carried. */
export type HomeKey = {
  /** Opaque: compared, never interpreted. */
  readonly kid: string | undefined;
  readonly alg: string | undefined;
  readonly jwk: JWK;
};

export type KeyRefusal = {
  readonly reason: 'symmetric' | 'private' | 'duplicateKid';
  readonly kid: string | undefined;
};

export type KeySetReading =
  | { readonly kind: 'keys'; readonly keys: readonly HomeKey[]; readonly refused: KeyRefusal[] }
  | { readonly kind: 'unreadable'; readonly check: 'notAKeySet' | 'tooManyKeys' };

/** More is no key rotation but an attempt to keep us busy. */
const maxKeys = 50;
/** Base64url length of an 8192-bit modulus: verification cost grows with its square. */
const maxModulusLength = 1366;

/**
 * The verification keys of a JWKS document. Keys of unknown types and encryption keys are left
 * out silently (RFC 7517 §5); symmetric and private keys, and every key whose `kid` occurs twice,
 * are left out and reported. Nothing is said about the keys' origin.
 *
 * @see RFC 7517
 */
export function readKeySet(document: unknown): KeySetReading {
  const listed = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(listed)) return { kind: 'unreadable', check: 'notAKeySet' };
  if (listed.length > maxKeys) return { kind: 'unreadable', check: 'tooManyKeys' };

  const candidates = listed.filter(isJsonObject).filter((jwk) => jwk['use'] !== 'enc');
  const twice = repeated(candidates.map((jwk) => text(jwk['kid'])));
  const keys: HomeKey[] = [];
  const refused: KeyRefusal[] = [];
  for (const jwk of candidates) {
    const kid = text(jwk['kid']);
    const reason = refusalOf(jwk, kid !== undefined && twice.has(kid));
    if (reason) {
      refused.push({ reason, kid });
      continue;
    }
    const publicMembers = verificationKey(jwk);
    if (publicMembers) keys.push({ kid, alg: text(jwk['alg']), jwk: publicMembers });
  }
  return { kind: 'keys', keys, refused };
}

/**
 * The one key a token's header means, or none: with a `kid` the key of that name, without one the
 * only key that fits the algorithm. A key that names another algorithm never fits.
 *
 * @see OpenID Connect Core 1.0 §10.1
 */
export function selectKey(
  keys: readonly HomeKey[],
  header: { readonly alg: string; readonly kid?: string | undefined },
): HomeKey | undefined {
  const fitting = keys.filter(
    (key) => (header.kid === undefined || key.kid === header.kid) && fits(key, header.alg),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function refusalOf(jwk: JsonObject, kidTwice: boolean): KeyRefusal['reason'] | undefined {
  if (jwk['kty'] === 'oct' || 'k' in jwk) return 'symmetric';
  if ('d' in jwk || 'p' in jwk || 'q' in jwk || 'priv' in jwk) return 'private';
  return kidTwice ? 'duplicateKid' : undefined;
}

function verificationKey(jwk: JsonObject): JWK | undefined {
  const { kty, n, e, crv, x, y, key_ops: operations } = jwk;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return undefined;
  }
  if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string') {
    return n.length <= maxModulusLength ? { kty, n, e } : undefined;
  }
  if (typeof crv !== 'string' || typeof x !== 'string') return undefined;
  if (kty === 'EC' && typeof y === 'string') return { kty, crv, x, y };
  return kty === 'OKP' && crv === 'Ed25519' ? { kty, crv, x } : undefined;
}

const curves: ReadonlyMap<string, string> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
  ['EdDSA', 'Ed25519'],
  ['Ed25519', 'Ed25519'],
]);

function fits(key: HomeKey, alg: string): boolean {
  if (key.alg !== undefined && key.alg !== alg) return false;
  const curve = curves.get(alg);
  if (curve !== undefined) return key.jwk.crv === curve;
  return key.jwk.kty === 'RSA' && /^[RP]S(256|384|512)$/.test(alg);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function repeated(kids: readonly (string | undefined)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const kid of kids) {
    if (kid === undefined) continue;
    if (seen.has(kid)) twice.add(kid);
    seen.add(kid);
  }
  return twice;
}
