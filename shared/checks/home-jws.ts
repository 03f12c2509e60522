import { compactVerify, importJWK } from 'jose';
import { asymmetricAlgorithms } from '../core/algorithms.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { HomeKey } from './home-keys.ts';

export type JwsHeader = {
  readonly alg: string;
  readonly kid: string | undefined;
  /** Lower case, without the `application/` it may carry. */
  readonly typ: string | undefined;
};

export type JwsHeaderResult =
  | { readonly kind: 'header'; readonly header: JwsHeader }
  | { readonly kind: 'invalid'; readonly check: string };

/** What a configuration may allow at all: an entry outside this list allows nothing. */
const asymmetric: ReadonlySet<string> = new Set(asymmetricAlgorithms);

const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const maxKidLength = 256;

/**
 * The header of a compact JWS, as far as a key may be chosen by it. **Unverified**: it only says
 * which of our keys to try. `jku`, `x5u`, `jwk` and `x5c` are ignored (some providers send them
 * honestly); JWE, JSON serialisation, nested tokens and critical extensions are refused.
 *
 * @see RFC 7515 §4.1; RFC 8725 §3
 */
export function jwsHeader(token: string, algorithms: readonly string[]): JwsHeaderResult {
  if (!compact.test(token)) return { kind: 'invalid', check: 'format' };
  const header = decodedObject(token.slice(0, token.indexOf('.')));
  if (!header) return { kind: 'invalid', check: 'header' };
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !asymmetric.has(alg) || !algorithms.includes(alg)) {
    return { kind: 'invalid', check: 'alg' };
  }
  if ('crit' in header || 'b64' in header) return { kind: 'invalid', check: 'crit' };
  if ('cty' in header) return { kind: 'invalid', check: 'cty' };
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    return { kind: 'invalid', check: 'kid' };
  }
  if (typ !== undefined && typeof typ !== 'string') return { kind: 'invalid', check: 'typ' };
  const shortTyp = typ?.toLowerCase().replace(/^application\//, '');
  return { kind: 'header', header: { alg, kid, typ: shortTyp } };
}

/**
 * The payload, once the signature was made with this key and this algorithm; undefined otherwise,
 * also for an RSA key below 2048 bits. No claim has been checked.
 */
export async function verifiedPayload(
  token: string,
  key: HomeKey,
  alg: string,
): Promise<JsonObject | undefined> {
  try {
    const verificationKey = await importJWK(key.jwk, alg);
    const { payload } = await compactVerify(token, verificationKey, { algorithms: [alg] });
    return parsedObject(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    // jose throws for a wrong signature and for an unusable key alike: neither proves anything.
    return undefined;
  }
}

function decodedObject(part: string): JsonObject | undefined {
  return parsedObject(Buffer.from(part, 'base64url').toString('utf8'));
}

function parsedObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
