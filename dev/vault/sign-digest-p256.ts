import { createECDH, type KeyObject, randomBytes } from 'node:crypto';

/** Order of the group of P-256 (SEC 2 §2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA over a digest that came ready made, as a vault signs: Node hashes whatever it is given. `r` and
 * `s` side by side. For the stand-in alone: this arithmetic takes a time that depends on the key.
 */
export function signDigestP256(privateKey: KeyObject, digest: Buffer): Buffer {
  const d = toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  for (;;) {
    const k = toNumber(randomBytes(32));
    if (k === 0n || k >= order) continue;
    const r = timesGenerator(k) % order;
    const s = (inverse(k) * (toNumber(digest) + r * d)) % order;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r), toBytes(s)]);
  }
}

/** The x coordinate of k·G, which OpenSSL computes as a public key. */
function timesGenerator(k: bigint): bigint {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(toBytes(k));
  return toNumber(ecdh.getPublicKey().subarray(1, 33));
}

/** By Fermat: the order is a prime. */
function inverse(k: bigint): bigint {
  let result = 1n;
  for (let base = k, rest = order - 2n; rest > 0n; rest >>= 1n, base = (base * base) % order)
    if (rest & 1n) result = (result * base) % order;
  return result;
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (number: bigint): Buffer =>
  Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
