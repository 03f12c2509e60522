import * as z from 'zod';
import type { Partition } from '../ports.ts';
import type { RowKind } from './row.ts';

/**
 * A signing key of the local world: the private key is sealed under the master key, so that a row
 * written by somebody with table access does not open and is not published.
 *
 *   insert (first use) ──▶ current
 */
const signingKey = z.object({
  alg: z.enum(['RS256', 'ES256']),
  publicJwk: z.record(z.string(), z.json()),
  privateSealed: z.string(),
  createdAt: z.iso.datetime(),
});

export type SigningKey = z.infer<typeof signingKey>;
export const signingKeyRow: RowKind<SigningKey> = { name: 'signing key', schema: signingKey };
export const keysPartition: Partition = { table: 'config', key: 'keys' };
