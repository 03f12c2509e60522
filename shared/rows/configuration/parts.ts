import * as z from 'zod';
import type { Partition } from '../../ports.ts';
import type { RowKind } from '../row.ts';

/**
 * The parts of a configuration, each a folder of JSON files (`settings` one file). A part is
 * stored under the hash of its content and never changed; the pointer row names the current ones.
 */
export const partNames = [
  'settings',
  'apps',
  'apis',
  'partners',
  'groups',
  'policies',
  'namedLocations',
  'authenticationStrengths',
  'termsOfUse',
] as const;

export type PartName = (typeof partNames)[number];

/** One file of a part as it is stored: its name in the folder and its content. */
export const storedFile = z.object({ file: z.string(), value: z.json() });
export type StoredFile = z.infer<typeof storedFile>;

/**
 *   insert (first apply) ──▶ replaced by compare-and-swap at every apply; `version` and `validFrom` only grow
 */
const pointer = z.object({
  version: z.int().positive(),
  parts: z.record(z.enum(partNames), z.string()),
  appliedAt: z.iso.datetime(),
  appliedBy: z.string(),
  validFrom: z.iso.datetime().optional(),
  /** Of partners that are gone: their people do not come in by a mailed code instead. */
  reservedDomains: z.array(z.string()).default([]),
  /** A partner disabled, removed or bound to another issuer: what its guests began before is void. */
  partnersValidFrom: z.record(z.string(), z.iso.datetime()),
});

export type Pointer = z.infer<typeof pointer>;
export const pointerRow: RowKind<Pointer> = { name: 'configuration pointer', schema: pointer };
export const pointerPartition: Partition = { table: 'config', key: 'pointer' };
export const pointerKey = 'current';

const chunk = z.object({ text: z.string() });
export const chunkRow: RowKind<z.infer<typeof chunk>> = {
  name: 'configuration chunk',
  schema: chunk,
};

/** UTF-16 units a chunk holds: two bytes each in the table, 1 MiB a row at most. */
const chunkLength = 400_000;

export const partPartition = (part: PartName, hash: string): Partition => ({
  table: 'config',
  key: `${part}.${hash}`,
});

export function chunksOf(text: string): readonly { readonly key: string; readonly text: string }[] {
  const chunks = [];
  for (let start = 0; start === 0 || start < text.length; start += chunkLength)
    chunks.push({
      key: String(chunks.length).padStart(3, '0'),
      text: text.slice(start, start + chunkLength),
    });
  return chunks;
}
