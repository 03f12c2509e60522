import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { compareKeys, type KeyTimes, keyStates, keysAgeMs, overlapMs } from '../checks/key-life.ts';
import { Fault } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Journal, KeyState, PublicJwk, SigningAlgorithm } from '../ports.ts';
import type { Versioned } from '../rows/row.ts';
import type { SigningKey } from '../rows/signing-key.ts';

/** What a row has to be proven by, and how new keys come to be. */
export type SigningSource = {
  /** Throws where it cannot be told now: then nothing is published or signed that depends on it. */
  open(kid: string, row: SigningKey): Promise<Opened | Foreign>;
  /** Undefined: the vault has no version beside the `known` ones. */
  make(alg: SigningAlgorithm, known: readonly string[]): Promise<Made | undefined>;
  /** It makes keys by itself, so it also decides when one is old. */
  readonly makesKeys: boolean;
};

export type Opened = {
  readonly publicJwk: JsonObject;
  readonly sign: (input: Uint8Array) => Promise<Uint8Array>;
};
/** `mayPass`: it may be ours again, so it is looked at again. */
export type Foreign = { readonly foreign: string; readonly mayPass?: true };
export type Made = {
  readonly kid: string;
  readonly material: Pick<SigningKey, 'publicJwk' | 'privateSealed' | 'vaultVersion'>;
};

/** A key that is proven to be ours. */
export type ProvenKey = KeyTimes & {
  readonly alg: SigningAlgorithm;
  readonly row: Versioned<SigningKey>;
  readonly publicJwk: PublicJwk;
  readonly publicKey: KeyObject;
  readonly sign: Opened['sign'];
};

export type Proven = {
  readonly keys: readonly ProvenKey[];
  /** Ids of rows that are not ours. What is in neither was retired long ago and not looked at. */
  readonly foreign: ReadonlySet<string>;
  readonly states: ReadonlyMap<ProvenKey, KeyState>;
};

/**
 * Proves rows, each once. INVARIANT: a row that is not proven counts for nothing: it is not published, signs
 * nothing and succeeds no other, whatever its times say.
 */
export function keyProver(source: SigningSource, journal: Journal) {
  const proofs = new Map<string, Promise<Looked>>();

  async function proofOf(kid: string, row: SigningKey, now: Date): Promise<Proof | undefined> {
    // with what it is made of: a row that was changed is another one
    const name = JSON.stringify([kid, row.alg, row.privateSealed, row.vaultVersion]);
    const looked = proofs.get(name) ?? look(source, kid, row, now);
    proofs.set(name, looked);
    try {
      const { proof, foreign, at } = await looked;
      if (foreign && !told.has(name)) {
        told.add(name);
        journal.line('alarm', 'signingKeyForeign', { kid, why: foreign.foreign });
      }
      const age = now.getTime() - at;
      if (foreign?.mayPass && (age < 0 || age >= keysAgeMs)) proofs.delete(name);
      return proof;
    } catch (thrown) {
      // the next request tries again
      proofs.delete(name);
      throw thrown;
    }
  }
  const told = new Set<string>();

  return async (rows: readonly Versioned<SigningKey>[], now: Date): Promise<Proven> => {
    const proven: ProvenKey[] = [];
    const foreign = new Set<string>();
    for (const ofOne of Map.groupBy(rows, ({ value }) => value.alg).values()) {
      const newestFirst = ofOne.map(timed).toSorted((a, b) => compareKeys(b, a));
      for (const key of newestFirst) {
        // whatever came before a key that took over long ago is retired: the vault is not asked about it
        if (isLongOver(proven, key, now)) break;
        const proof = await proofOf(key.kid, key.row.value, now);
        if (proof) proven.push({ ...key, ...proof });
        else foreign.add(key.kid);
      }
    }
    const keys = proven.toSorted(compareKeys);
    return { keys, foreign, states: keyStates(keys, now) };
  };
}

type Timed = Pick<ProvenKey, 'kid' | 'alg' | 'useFrom' | 'revokedAt' | 'row'>;

export const timed = (row: Versioned<SigningKey>): Timed => ({
  kid: row.key,
  alg: row.value.alg,
  useFrom: row.value.useFrom ?? row.value.createdAt,
  revokedAt: row.value.revokedAt,
  row,
});

const isLongOver = (proven: readonly ProvenKey[], key: Timed, now: Date): boolean =>
  proven.some(
    ({ alg, useFrom, revokedAt }) =>
      alg === key.alg &&
      revokedAt === undefined &&
      Date.parse(useFrom) + overlapMs <= now.getTime(),
  );

type Proof = Pick<ProvenKey, 'publicJwk' | 'publicKey' | 'sign'>;

type Looked = {
  readonly proof?: Proof;
  readonly foreign?: Foreign;
  readonly at: number;
};

async function look(
  source: SigningSource,
  kid: string,
  row: SigningKey,
  now: Date,
): Promise<Looked> {
  const at = now.getTime();
  const opened = await source.open(kid, row);
  if ('foreign' in opened) return { foreign: opened, at };
  if (!fits(opened.publicJwk, row.alg)) return { foreign: { foreign: 'another kind of key' }, at };
  if ((await thumbprintOf(opened.publicJwk)) !== kid)
    return { foreign: { foreign: 'another key' }, at };
  const publicJwk = { ...opened.publicJwk, kid, alg: row.alg, use: 'sig' } as PublicJwk;
  const publicKey = createPublicKey({ key: opened.publicJwk as JsonWebKey, format: 'jwk' });
  return { proof: { publicJwk, publicKey, sign: opened.sign }, at };
}

const fits = ({ kty, crv }: JsonObject, alg: SigningAlgorithm): boolean =>
  alg === 'RS256' ? kty === 'RSA' : kty === 'EC' && crv === 'P-256';

/** RFC 7638. */
export const thumbprintOf = (publicJwk: JsonObject): Promise<string> =>
  calculateJwkThumbprint(publicJwk as JWK);

/** A compact JWS (RFC 7515 §7.1). What does not verify with the key that is published leaves nobody. */
export async function signJws(key: ProvenKey, typ: string, claims: JsonObject): Promise<string> {
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: key.alg, typ, kid: key.kid })}.${part(claims)}`;
  const signature = await key.sign(Buffer.from(input));
  const verifying = { key: key.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', Buffer.from(input), verifying, signature))
    throw new Fault('keyUnavailable', { detail: `${key.alg}: a signature of another key` });
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
