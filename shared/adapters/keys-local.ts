import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { calculateJwkThumbprint, type JWK, SignJWT } from 'jose';
import { Fault } from '../core/errors.ts';
import { randomToken } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { seal, unseal } from '../core/seal.ts';
import type {
  Journal,
  KeyPurpose,
  Keys,
  NamedKey,
  PublicJwk,
  SigningAlgorithm,
  Store,
} from '../ports.ts';
import { insert, rowsWith } from '../rows/row.ts';
import { keysPartition, type SigningKey, signingKeyRow } from '../rows/signing-key.ts';

/**
 * Keys of the local world: everything hangs on one master key from the environment. Signing keys
 * are made once and lie in the table sealed under it; what does not open under it is not ours.
 */
export function openLocalKeys(
  masterKey: Uint8Array,
  store: Store,
  journal: Journal,
  clock: () => Date,
): Keys {
  const master = createSecretKey(masterKey);
  const keyId = createHmac('sha256', master).update('key id').digest('base64url').slice(0, 8);
  const sealing = { id: keyId, key: derive(master, 'signing-keys') };
  const secrets = new Map<KeyPurpose, NamedKey>();
  let signing: Promise<ReadonlyMap<SigningAlgorithm, OpenKey>> | undefined;

  const signingKeys = () => {
    signing ??= loadOrMake(store, sealing, journal, clock).catch((thrown) => {
      // the next request tries again
      signing = undefined;
      throw thrown;
    });
    return signing;
  };

  return {
    async sign({ alg, typ }, claims) {
      const key = (await signingKeys()).get(alg);
      if (!key) throw new Fault('keyUnavailable', { detail: alg });
      return new SignJWT({ ...claims } as Record<string, unknown>)
        .setProtectedHeader({ alg, typ, kid: key.publicJwk.kid })
        .sign(key.privateKey);
    },
    async publicKeys() {
      return [...(await signingKeys()).values()].map((key) => key.publicJwk);
    },
    async secret(purpose, id) {
      if (id !== undefined && id !== keyId) return undefined;
      const key = secrets.get(purpose) ?? { id: keyId, key: derive(master, purpose) };
      secrets.set(purpose, key);
      return key;
    },
  };
}

type OpenKey = { readonly privateKey: KeyObject; readonly publicJwk: PublicJwk };

/** One derived key per purpose (HKDF-SHA-256, RFC 5869). */
const derive = (master: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `vestibule ${purpose}`, 32)));

async function loadOrMake(
  store: Store,
  sealing: NamedKey,
  journal: Journal,
  clock: () => Date,
): Promise<ReadonlyMap<SigningAlgorithm, OpenKey>> {
  const keys = await load(store, sealing, journal);
  const missing = (['RS256', 'ES256'] as const).filter((alg) => !keys.has(alg));
  if (missing.length === 0) return keys;
  for (const alg of missing) await make(store, sealing, alg, clock());
  // what another instance made at the same moment counts alike: the first by key id
  return load(store, sealing, journal);
}

async function load(store: Store, sealing: NamedKey, journal: Journal) {
  const keys = new Map<SigningAlgorithm, OpenKey>();
  for (const row of rowsWith(signingKeyRow, await store.load(keysPartition), '')) {
    const key = await open(sealing, row.key, row.value);
    if (!key) journal.line('alarm', 'signingKeyForeign', { kid: row.key });
    else if (!keys.has(row.value.alg)) keys.set(row.value.alg, key);
  }
  return keys;
}

/** Undefined for a row that somebody else wrote: it does not open, or its halves do not belong together. */
async function open(sealing: NamedKey, kid: string, row: SigningKey): Promise<OpenKey | undefined> {
  try {
    const privateKey = createPrivateKey(
      unseal(sealing, `signing-key ${kid} ${row.alg}`, row.privateSealed),
    );
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
    if ((await calculateJwkThumbprint(jwk)) !== kid) return undefined;
    return { privateKey, publicJwk: { ...jwk, kid, alg: row.alg, use: 'sig' } as PublicJwk };
  } catch {
    return undefined;
  }
}

async function make(
  store: Store,
  sealing: NamedKey,
  alg: SigningAlgorithm,
  now: Date,
): Promise<void> {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicJwk = pair.publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(publicJwk);
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const row: SigningKey = {
    alg,
    publicJwk: publicJwk as JsonObject as SigningKey['publicJwk'],
    privateSealed: seal(sealing, `signing-key ${kid} ${alg}`, pem),
    createdAt: now.toISOString(),
  };
  await store.commit(keysPartition, [insert(kid, row)], randomToken());
}
