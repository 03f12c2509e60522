import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Fault } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { seal, sealKeyId, unseal } from '../../core/seal.ts';
import type { NamedKey, SigningAlgorithm } from '../../ports.ts';
import type { SigningKey } from '../../rows/signing-key.ts';
import { type SigningSource, thumbprintOf } from './signing-keys.ts';

const generate = promisify(generateKeyPair);

/**
 * Signing keys that are made here and lie in the table, sealed; opened once per instance. `sealing`: the key
 * for new ones or, by id, the one that a sealed text names.
 */
export function sealedSigningKeys(
  sealing: (id?: string) => Promise<NamedKey | undefined>,
): SigningSource {
  return {
    makesKeys: true,

    async open(kid, { alg, privateSealed = '' }) {
      const key = await sealing(sealKeyId(privateSealed));
      if (!key) return { foreign: 'sealed under another key' };
      try {
        const privateKey = createPrivateKey(unseal(key, aadOf(kid, alg), privateSealed));
        const publicJwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JsonObject;
        return { publicJwk, sign: signer(privateKey) };
      } catch {
        return { foreign: 'does not open' };
      }
    },

    async make(alg) {
      const key = await sealing();
      if (!key) throw new Fault('keyUnavailable', { detail: 'nothing to seal signing keys under' });
      const pair =
        alg === 'RS256'
          ? await generate('rsa', { modulusLength: 2048 })
          : await generate('ec', { namedCurve: 'P-256' });
      const publicJwk = pair.publicKey.export({ format: 'jwk' }) as SigningKey['publicJwk'];
      const kid = await thumbprintOf(publicJwk as JsonObject);
      const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return { kid, material: { publicJwk, privateSealed: seal(key, aadOf(kid, alg), pem) } };
    },
  };
}

const aadOf = (kid: string, alg: SigningAlgorithm): string => `signing-key ${kid} ${alg}`;

/** On a thread of its own: an RSA signature would hold up every other request for most of a millisecond. */
function signer(key: KeyObject) {
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return (input: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      sign('sha256', input, options, (error, signature) =>
        error ? reject(error) : resolve(signature),
      );
    });
}
