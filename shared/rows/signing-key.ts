import * as z from 'zod';
import type { Partition, StoredRow } from '../ports.ts';
import type { RowKind } from './row.ts';

/**
 * A signing key, named by its thumbprint. Nothing but its times is ever changed:
 *
 *   insert ──▶ next ──(useFrom)──▶ current ──(a successor's useFrom)──▶ former ──▶ retired
 *     └──────────────────── replaced with revokedAt ─────────────────────────┘
 *
 * Who may write the table may not make a key: a version in the vault is compared with the vault, a sealed
 * private key has to open under a secret that the vault vouches for.
 */
const signingKey = z.object({
  alg: z.enum(['RS256', 'ES256']),
  publicJwk: z.record(z.string(), z.json()),
  createdAt: z.iso.datetime(),
  /** Without it: from the beginning. */
  useFrom: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
  /** The private key, sealed under a key derived for that; or … */
  privateSealed: z.string().optional(),
  /** … the version of the vault's key of that algorithm. */
  vaultVersion: z
    .string()
    .regex(/^[0-9a-zA-Z]{1,64}$/)
    .optional(),
});

/**
 * A key that others are derived from, one per purpose: wrapped by a version of the vault's key, inserted
 * once, never changed. The newest whose time has come makes new values; those before open what they made.
 *
 * Whoever has the public half of a key can wrap under it. So the row is also signed by that version, which
 * only the vault can do.
 */
const secretKey = z.object({
  /** In every value made with it. */
  id: z.string().regex(/^[A-Za-z0-9_-]{8}$/),
  number: z.int().min(1).max(999_999),
  wrapped: z.string(),
  wrappedBy: z.string().regex(/^[0-9a-zA-Z]{1,64}$/),
  createdAt: z.iso.datetime(),
  useFrom: z.iso.datetime(),
  /** Of `secretKeyClaim`, RS256, base64url. */
  proof: z.string(),
});

/** Changed with every change of a key: of two changes at once, the second sees the first. */
const keyRing = z.object({ changedAt: z.iso.datetime() });

export type SigningKey = z.infer<typeof signingKey>;
export type SecretKey = z.infer<typeof secretKey>;
/** What the vault vouches for: all that decides when a secret is used, and which. */
export const secretKeyClaim = (row: Omit<SecretKey, 'proof' | 'createdAt'>): string =>
  JSON.stringify([
    'vestibule secret key',
    row.id,
    row.number,
    row.wrapped,
    row.wrappedBy,
    row.useFrom,
  ]);

export type KeyRing = z.infer<typeof keyRing>;

export const signingKeyRow: RowKind<SigningKey> = { name: 'signing key', schema: signingKey };
export const secretKeyRow: RowKind<SecretKey> = { name: 'secret key', schema: secretKey };
export const keyRingRow: RowKind<KeyRing> = { name: 'key ring', schema: keyRing };

export const keysPartition: Partition = { table: 'config', key: 'keys' };
export const keyRingKey = 'ring';
export const secretKeyPrefix = 'secret.';
/** In the order of their numbers. */
export const secretKeyKey = (number: number): string =>
  `${secretKeyPrefix}${String(number).padStart(6, '0')}`;

/** Whatever is no other kind of row: its name is a key id that somebody claims. */
export const isSigningKeyRow = ({ key }: StoredRow): boolean =>
  key !== keyRingKey && !key.startsWith(secretKeyPrefix);
