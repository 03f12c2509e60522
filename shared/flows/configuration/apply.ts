import { randomToken } from '../../core/ids.ts';
import { later } from '../../core/time.ts';
import { type Pointer, partNames } from '../../rows/configuration/parts.ts';
import type { House } from '../house.ts';
import { logAudit } from '../log.ts';
import { crossCheck } from './checks.ts';
import { configurationAgeMs, type Parts } from './configuration.ts';
import { type FileFault, type FileWarning, type Folder, readFolder } from './folder.ts';
import { mailDoorWarnings } from './mail-door.ts';
import { withSealedSecrets } from './partner-secrets.ts';
import { etagOf, loadCurrent, movePointer, nextPointer } from './store.ts';
import { findGuestFaults, type GuestCounts, upsertGuests } from './upsert-guests.ts';

/**
 * `PUT /manage/config`: the only door. Everything is validated before anything is stored; parts are
 * immutable and named by their content; the pointer moves by compare-and-swap; guests come after.
 */
export type ApplyInput = {
  readonly folder: Folder;
  readonly dryRun: boolean;
  /** The ETag that the caller read; the pointer must still have it. */
  readonly ifMatch?: string | undefined;
  readonly administrator: string;
  readonly isLocalWorld: boolean;
  /** For the moment after the pointer has moved. */
  readonly clock?: () => Date;
};

export type FileChange = {
  readonly file: string;
  readonly change: 'added' | 'changed' | 'removed';
};

export type Applied =
  | { readonly kind: 'faults'; readonly faults: readonly FileFault[] }
  | { readonly kind: 'changedMeanwhile' }
  | {
      readonly kind: 'applied';
      readonly dryRun: boolean;
      readonly version: number;
      readonly etag: string;
      readonly changes: readonly FileChange[];
      readonly warnings: readonly FileWarning[];
      readonly guests: GuestCounts;
      /** From here on every instance decides by this version. */
      readonly effectiveBy: Date;
    };

export async function applyConfiguration(
  house: House,
  input: ApplyInput,
  now: Date,
): Promise<Applied> {
  const read = readFolder(input.folder);
  if (read.faults.length > 0) return { kind: 'faults', faults: read.faults };
  const faults = crossCheck(read, { ...input, issuer: house.issuer });
  if (faults.length > 0) return { kind: 'faults', faults };

  const current = await loadCurrent(house);
  if (input.ifMatch !== undefined && input.ifMatch !== etagOf(current?.pointer.value))
    return { kind: 'changedMeanwhile' };
  const parts = await withSealedSecrets(house, read.parts, current?.parts);
  if ('faults' in parts) return { kind: 'faults', faults: parts.faults };
  const changes = changesBetween(current?.parts, parts);
  const isSame = changes.length === 0 && current !== undefined;
  const next = isSame
    ? current.pointer.value
    : nextPointer(current, parts, input.administrator, now);
  const guestFaults = await findGuestFaults(house, read.guests, parts.partners);
  if (guestFaults.length > 0) return { kind: 'faults', faults: guestFaults };
  const answer = (pointer: Pointer, guests: GuestCounts): Applied => ({
    kind: 'applied',
    dryRun: input.dryRun,
    version: pointer.version,
    etag: etagOf(pointer),
    changes,
    warnings: [...read.warnings, ...mailDoorWarnings(house, next, parts)],
    guests,
    effectiveBy: later(input.clock?.() ?? now, configurationAgeMs),
  });
  const { administrator, dryRun } = input;
  const upsert = { partners: parts.partners, administrator, dryRun };
  if (dryRun) return answer(next, await upsertGuests(house, read.guests, upsert, now));

  const operationId = randomToken();
  const audit = {
    operationId,
    activity: 'applyConfiguration',
    actor: input.administrator,
  } as const;
  await logAudit(house, { ...audit, phase: 'intent', target: `version ${next.version}` }, now);
  const moved = isSame ? next : await movePointer(house, current, next, parts);
  if (!moved) {
    await logAudit(house, { ...audit, phase: 'result', result: 'changedMeanwhile' }, now);
    return { kind: 'changedMeanwhile' };
  }
  const guests = await upsertGuests(house, read.guests, upsert, now);
  await logAudit(house, { ...audit, phase: 'result', result: `version ${moved.version}` }, now);
  return answer(moved, guests);
}

function changesBetween(before: Parts | undefined, after: Parts): readonly FileChange[] {
  const texts = (parts: Parts | undefined) =>
    new Map(
      partNames.flatMap((part) =>
        (parts?.[part] ?? []).map(({ file, value }) => [file, JSON.stringify(value)] as const),
      ),
    );
  const [was, is] = [texts(before), texts(after)];
  const changes: FileChange[] = [];
  for (const [file, text] of is)
    if (was.get(file) !== text) changes.push({ file, change: was.has(file) ? 'changed' : 'added' });
  for (const file of was.keys()) if (!is.has(file)) changes.push({ file, change: 'removed' });
  return changes.sort((a, b) => a.file.localeCompare(b.file));
}
