import { partNames } from '../../rows/configuration/parts.ts';
import type { House } from '../house.ts';
import { loadParts } from './configuration.ts';
import type { Folder } from './folder.ts';
import { etagOf } from './store.ts';

/** The folder as it is stored: secrets of partners in their sealed form, guests left out. */
export type ShownConfiguration = {
  readonly etag: string;
  readonly version: number;
  readonly appliedAt: string | undefined;
  readonly appliedBy: string | undefined;
  readonly files: Folder;
};

export async function showConfiguration(house: House): Promise<ShownConfiguration> {
  const current = await loadParts(house.store);
  const files = partNames.flatMap((part) => current?.parts[part] ?? []);
  return {
    etag: etagOf(current?.pointer.value),
    version: current?.pointer.value.version ?? 0,
    appliedAt: current?.pointer.value.appliedAt,
    appliedBy: current?.pointer.value.appliedBy,
    files: Object.fromEntries(
      files.map(({ file, value }) => [file, `${JSON.stringify(value, null, 2)}\n`]),
    ),
  };
}
