import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { signDigestP256 } from './sign-digest-p256.ts';

export type VersionAttributes = { enabled: boolean; created: number; exp?: number; nbf?: number };

type Version = {
  readonly version: string;
  readonly kty: 'RSA' | 'EC';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly attributes: VersionAttributes;
};

export type Refusal = { readonly status: number; readonly code: string; readonly inner?: string };
export type Made = { readonly value: Buffer } | Refusal;

const shapes = { 'signing-rs256': 2048, 'signing-es256': 'EC', 'key-encryption': 3072 } as const;
export type VaultKeyName = keyof typeof shapes;

const badParameter: Refusal = { status: 400, code: 'BadParameter' };

/** The keys of the stand-in, in memory: real RSA and P-256 keys with versions, and what is done with them. */
export function createVaultKeys(clock: () => Date) {
  const versions = new Map<string, Version[]>();
  for (const name of Object.keys(shapes)) add(name);

  /** Another version, the newest from now on. Answers its id. */
  function add(name: string): string {
    const shape = shapes[name as VaultKeyName];
    const pair =
      shape === 'EC'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: shape });
    const made: Version = {
      version: randomBytes(16).toString('hex'),
      kty: shape === 'EC' ? 'EC' : 'RSA',
      attributes: { enabled: true, created: Math.floor(clock().getTime() / 1000) },
      ...pair,
    };
    versions.set(name, [...(versions.get(name) ?? []), made]);
    return made.version;
  }

  /** Without a version the newest, as the service has it. */
  function find(name: string, version?: string): Version | Refusal {
    const all = versions.get(name) ?? [];
    const found = version ? all.find((each) => each.version === version) : all.at(-1);
    return found ?? { status: 404, code: 'KeyNotFound' };
  }

  function usable(name: string, version: string, needs: 'use' | 'unwrap'): Version | Refusal {
    const found = find(name, version);
    if ('status' in found) return found;
    const { enabled, exp, nbf } = found.attributes;
    const second = Math.floor(clock().getTime() / 1000);
    if (!enabled) return { status: 403, code: 'Forbidden', inner: 'KeyDisabled' };
    // what has ended unwraps and verifies, and makes nothing new
    if ((needs === 'use' && exp !== undefined && second >= exp) || (nbf ?? 0) > second)
      return { status: 403, code: 'Forbidden', inner: 'KeyOperationForbidden' };
    return found;
  }

  return {
    names: Object.keys(shapes) as readonly VaultKeyName[],
    add,
    find,
    versions: (name: string): readonly Version[] => versions.get(name) ?? [],
    attributes: (name: VaultKeyName, version: string): VersionAttributes => {
      const found = find(name, version);
      if ('status' in found) throw new Error(`no version ${version} of ${name}`);
      return found.attributes;
    },

    sign: (name: string, version: string, alg: unknown, digest: Buffer): Made => {
      const key = usable(name, version, 'use');
      if ('status' in key) return key;
      if (digest.length !== 32 || alg !== (key.kty === 'EC' ? 'ES256' : 'RS256'))
        return badParameter;
      return {
        value: key.kty === 'EC' ? signDigestP256(key.privateKey, digest) : signRsa(key, digest),
      };
    },
    wrap: (name: string, version: string, alg: unknown, value: Buffer): Made => {
      const key = usable(name, version, 'use');
      if ('status' in key) return key;
      if (key.kty !== 'RSA' || alg !== 'RSA-OAEP-256') return badParameter;
      return { value: publicEncrypt({ key: key.publicKey, ...oaep }, value) };
    },
    unwrap: (name: string, version: string, alg: unknown, value: Buffer): Made => {
      const key = usable(name, version, 'unwrap');
      if ('status' in key) return key;
      if (key.kty !== 'RSA' || alg !== 'RSA-OAEP-256') return badParameter;
      try {
        return { value: privateDecrypt({ key: key.privateKey, ...oaep }, value) };
      } catch {
        return badParameter;
      }
    },
  };
}

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/** PKCS#1 v1.5 over a digest that came ready made: its prefix for SHA-256 goes before it (RFC 8017 §9.2). */
function signRsa({ privateKey }: Version, digest: Buffer): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const padding = constants.RSA_PKCS1_PADDING;
  return privateEncrypt({ key: privateKey, padding }, Buffer.concat([prefix, digest]));
}
