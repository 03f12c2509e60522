import { hashOf } from '../../shared/core/ids.ts';
import { loadPointer } from '../../shared/flows/configuration/configuration.ts';
import type { Store } from '../../shared/ports.ts';
import {
  type PartName,
  type Pointer,
  partPartition,
  pointerKey,
  pointerPartition,
} from '../../shared/rows/configuration/parts.ts';

/**
 * A configuration written by somebody with access to the tables, past the door that validates: the
 * chunks and the pointer are well formed, what stands in them is not what the door lets in.
 */
export async function writePart(
  store: Store,
  part: PartName,
  files: readonly { readonly file: string; readonly value: unknown }[],
): Promise<void> {
  const text = JSON.stringify(files);
  await writeChunks(store, part, hashOf(text), [text]);
  await movePointer(store, { [part]: hashOf(text) });
}

export async function writeChunks(
  store: Store,
  part: PartName,
  hash: string,
  texts: readonly string[],
): Promise<void> {
  const changes = texts.map((text, n) => ({
    kind: 'insert' as const,
    key: String(n).padStart(3, '0'),
    value: { text },
  }));
  await store.commit(partPartition(part, hash), changes, `past-the-door-${part}-${hash}`);
}

export async function movePointer(
  store: Store,
  parts: Partial<Record<PartName, string>>,
  more: Partial<Pointer> = {},
): Promise<void> {
  const pointer = await loadPointer(store);
  if (!pointer) throw new Error('no configuration yet');
  const { value, etag } = pointer;
  const next = {
    ...value,
    version: value.version + 1,
    ...more,
    parts: { ...value.parts, ...parts },
  };
  const change = { kind: 'replace', key: pointerKey, value: next, etag } as const;
  await store.commit(pointerPartition, [change], `past-the-door-${next.version}`);
}
