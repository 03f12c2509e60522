import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import {
  compareKeys,
  type KeyTimes,
  keyStates,
  keysAgeMs,
  overlapMs,
  proofAgeMs,
} from '../../checks/key-life.ts';
import { Fault } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Journal, KeyState, PublicJwk, SigningAlgorithm } from '../../ports.ts';
import type { Versioned } from '../../rows/row.ts';
import type { SigningKey } from '../../rows/signing-key.ts';

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
  readonly endsAt?: Date | undefined;
  readonly sign: (input: Uint8Array) => Promise<Uint8Array>;
};
/** Why it is not ours. */
export type Foreign = { readonly foreign: string };
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
  readonly states: ReadonlyMap<KeyTimes, KeyState>;
};

/**
 * Proves rows, each once in a while. INVARIANT: a row that is not proven counts for nothing: it is not
 * published, signs nothing and succeeds no other, whatever its times say. A revoked one needs no proof: it
 * stays the successor that it was, so that revoking it and then disabling it in the vault brings none back.
 */
export function keyProver(source: SigningSource, journal: Journal) {
  const looks = new Map<string, Look>();
  const told = new Set<string>();
  // with what it is made of: a row that was changed is another one
  const nameOf = (kid: string, row: SigningKey) =>
    JSON.stringify([kid, row.alg, row.privateSealed, row.vaultVersion]);

  async function lookedAt(name: string, kid: string, row: SigningKey, now: Date): Promise<Looked> {
    const known = looks.get(name);
    if (!known) {
      const looked = look(source, kid, row);
      looks.set(name, { at: now.getTime(), looked });
      // the next request tries again
      looked.catch(() => looks.delete(name));
      return looked;
    }
    const before = await known.looked;
    const isForeign = 'foreign' in before;
    const age = now.getTime() - known.at;
    if (age >= 0 && age < (isForeign ? keysAgeMs : proofAgeMs)) return before;
    // a vault that does not answer says nothing against what was found before
    known.again ??= look(source, kid, row)
      .then((looked) => looks.set(name, { at: now.getTime(), looked: Promise.resolve(looked) }))
      .catch(() => undefined)
      .finally(() => {
        known.again = undefined;
      });
    // what is proven serves on meanwhile, unless there is reason to doubt it
    if (isForeign || known.isDoubted) await known.again;
    return (await looks.get(name)?.looked) ?? before;
  }

  async function proofOf(kid: string, row: SigningKey, now: Date): Promise<Proof | undefined> {
    const name = nameOf(kid, row);
    const looked = await lookedAt(name, kid, row, now);
    if (!('foreign' in looked)) {
      told.delete(name);
      return looked;
    }
    if (!told.has(name)) journal.line('alarm', 'signingKeyForeign', { kid, why: looked.foreign });
    told.add(name);
    return undefined;
  }

  async function prove(rows: readonly Versioned<SigningKey>[], now: Date): Promise<Proven> {
    const proven: ProvenKey[] = [];
    const revoked: KeyTimes[] = [];
    const foreign = new Set<string>();
    for (const ofOne of Map.groupBy(rows, ({ value }) => value.alg).values()) {
      const newestFirst = ofOne.map(timed).toSorted((a, b) => compareKeys(b, a));
      for (const key of newestFirst) {
        // whatever came before a key that took over long ago is retired: the vault is not asked about it
        if (isLongOver(proven, key, now)) break;
        // gone whatever the vault says, which may have disabled it, too
        if (key.revokedAt !== undefined) {
          revoked.push(key);
          continue;
        }
        const proof = await proofOf(key.kid, key.row.value, now);
        if (proof) proven.push({ ...key, ...proof });
        else foreign.add(key.kid);
      }
    }
    const keys = proven.toSorted(compareKeys);
    return { keys, foreign, states: keyStates([...keys, ...revoked], now) };
  }

  return {
    prove,
    /** It did not sign: perhaps the vault has another word on it by now. */
    doubt: ({ kid, row }: ProvenKey): void => {
      const name = nameOf(kid, row.value);
      const known = looks.get(name);
      if (known) looks.set(name, { looked: known.looked, at: Number.NaN, isDoubted: true });
    },
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
    ({ alg, useFrom }) => alg === key.alg && Date.parse(useFrom) + overlapMs <= now.getTime(),
  );

type Look = {
  readonly at: number;
  readonly looked: Promise<Looked>;
  readonly isDoubted?: true;
  again?: Promise<unknown> | undefined;
};
type Proof = Pick<ProvenKey, 'publicJwk' | 'publicKey' | 'sign' | 'endsAt'>;
type Looked = Proof | Foreign;

async function look(source: SigningSource, kid: string, row: SigningKey): Promise<Looked> {
  const opened = await source.open(kid, row);
  if ('foreign' in opened) return opened;
  const { publicJwk: jwk, endsAt, sign } = opened;
  if (!fits(jwk, row.alg)) return { foreign: 'another kind of key' };
  if ((await thumbprintOf(jwk)) !== kid) return { foreign: 'another key' };
  const publicJwk = { ...jwk, kid, alg: row.alg, use: 'sig' } as PublicJwk;
  const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  return { publicJwk, publicKey, sign, endsAt };
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
