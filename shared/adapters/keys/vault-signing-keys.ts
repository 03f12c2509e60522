import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { SigningAlgorithm } from '../../ports.ts';
import type { SigningKey } from '../../rows/signing-key.ts';
import { type SigningSource, thumbprintOf } from './signing-keys.ts';
import type { Vault } from './vault.ts';

export const signingNames = {
  RS256: 'signing-rs256',
  ES256: 'signing-es256',
} as const satisfies Record<SigningAlgorithm, string>;

/**
 * Signing keys that never leave the vault. The row names a version; what is published is what the vault says
 * of it, and only versions of our own two keys can be named. New versions are the vault's to make.
 */
export function vaultSigningKeys(vault: Vault): SigningSource {
  return {
    makesKeys: false,

    async open(_kid, { alg, vaultVersion }) {
      if (vaultVersion === undefined) return { foreign: 'names no version' };
      const found = await vault.version(signingNames[alg], vaultVersion);
      if (found === 'unknown') return { foreign: 'the vault does not know this version' };
      if (found === 'disabled') return { foreign: 'disabled in the vault' };
      const key = { name: signingNames[alg], version: vaultVersion };
      return {
        publicJwk: found.publicJwk,
        endsAt: found.endsAt,
        sign: (input) => vault.sign(key, alg, createHash('sha256').update(input).digest()),
      };
    },

    async make(alg, known) {
      const newest = await vault.newest(signingNames[alg]);
      if (!newest) return undefined;
      const kid = await thumbprintOf(newest.publicJwk);
      if (known.includes(kid)) return undefined;
      const publicJwk = newest.publicJwk as JsonObject as SigningKey['publicJwk'];
      return { kid, material: { publicJwk, vaultVersion: newest.version } };
    },
  };
}
