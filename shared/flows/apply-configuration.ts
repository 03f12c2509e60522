import { hashOf, randomToken } from '../core/ids.ts';
import { isSealed, seal, sealKeyId, unseal } from '../core/seal.ts';
import { later } from '../core/time.ts';
import type { Change } from '../ports.ts';
import {
  chunksOf,
  type PartName,
  type Pointer,
  partNames,
  partPartition,
  pointerKey,
  pointerPartition,
  type StoredFile,
} from '../rows/configuration/parts.ts';
import { insert, replace, type Versioned } from '../rows/row.ts';
import { configurationAgeMs, loadParts, type Parts } from './configuration.ts';
import { crossCheck } from './configuration-checks.ts';
import { type FileFault, type Folder, readFolder } from './configuration-folder.ts';
import type { House } from './house.ts';
import { logAudit } from './log.ts';
import { keyFor } from './stage.ts';
import { partnerSecretAad } from './start-at-home.ts';
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
      readonly warnings: readonly FileFault[];
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
  const faults = crossCheck(read, input);
  if (faults.length > 0) return { kind: 'faults', faults };

  const current = await loadParts(house.store);
  if (input.ifMatch !== undefined && input.ifMatch !== etagOf(current?.pointer.value))
    return { kind: 'changedMeanwhile' };
  const parts = await withSealedSecrets(house, read.parts, current?.parts);
  if ('faults' in parts) return { kind: 'faults', faults: parts.faults };
  const changes = changesBetween(current?.parts, parts);
  const next = nextPointer(current, parts, input.administrator, now);
  const guestFaults = await findGuestFaults(house, read.guests, parts.partners);
  if (guestFaults.length > 0) return { kind: 'faults', faults: guestFaults };
  const answer = (pointer: Pointer, guests: GuestCounts): Applied => ({
    kind: 'applied',
    dryRun: input.dryRun,
    version: pointer.version,
    etag: etagOf(pointer),
    changes,
    warnings: read.warnings,
    guests,
    effectiveBy: later(now, configurationAgeMs),
  });
  if (input.dryRun)
    return answer(next, await upsertGuests(house, read.guests, parts.partners, now, true));

  const operationId = randomToken();
  const audit = {
    operationId,
    activity: 'applyConfiguration',
    actor: input.administrator,
  } as const;
  await logAudit(house, { ...audit, phase: 'intent', target: `version ${next.version}` }, now);
  const moved =
    changes.length === 0 && current
      ? current.pointer.value
      : await move(house, current?.pointer, next, parts);
  if (!moved) {
    await logAudit(house, { ...audit, phase: 'result', result: 'changedMeanwhile' }, now);
    return { kind: 'changedMeanwhile' };
  }
  const guests = await upsertGuests(house, read.guests, parts.partners, now, false);
  await logAudit(house, { ...audit, phase: 'result', result: `version ${moved.version}` }, now);
  return answer(moved, guests);
}

/** Parts first, then the pointer: a half-stored version is never current. */
async function move(
  house: House,
  current: Versioned<Pointer> | undefined,
  next: Pointer,
  parts: Parts,
): Promise<Pointer | undefined> {
  for (const part of partNames)
    if (current?.value.parts[part] !== next.parts[part]) await storePart(house, part, parts[part]);
  const change: Change = current ? replace(current, next) : insert(pointerKey, next);
  const done = await house.store.commit(pointerPartition, [change], randomToken());
  return done === 'done' ? next : undefined;
}

async function storePart(
  house: House,
  part: PartName,
  files: readonly StoredFile[],
): Promise<void> {
  const text = textOf(files);
  // a conflict means the same content is there already, for its name is the content's hash
  for (const chunk of chunksOf(text))
    await house.store.commit(
      partPartition(part, hashOf(text)),
      [insert(chunk.key, { text: chunk.text })],
      randomToken(),
    );
}

const textOf = (files: readonly StoredFile[]): string => JSON.stringify(files);

/** What a client compares: changes exactly when the pointer moves. */
export const etagOf = (pointer: Pointer | undefined): string =>
  `"${pointer ? `${pointer.version}.${hashOf(JSON.stringify(pointer.parts)).slice(0, 16)}` : 'none'}"`;

function nextPointer(
  current: { readonly pointer: Versioned<Pointer>; readonly parts: Parts } | undefined,
  parts: Parts,
  appliedBy: string,
  now: Date,
): Pointer {
  const before = current?.pointer.value;
  return {
    version: (before?.version ?? 0) + 1,
    parts: Object.fromEntries(
      partNames.map((part) => [part, hashOf(textOf(parts[part]))]),
    ) as Pointer['parts'],
    appliedAt: now.toISOString(),
    appliedBy,
    ...(before?.validFrom ? { validFrom: before.validFrom } : {}),
    partnersValidFrom: {
      ...before?.partnersValidFrom,
      ...Object.fromEntries(
        lostPartners(current?.parts, parts).map((id) => [id, now.toISOString()]),
      ),
    },
  };
}

/** Partners that were trusted and are not, or are somebody else by now. */
function lostPartners(before: Parts | undefined, after: Parts): readonly string[] {
  const identityOf = (parts: Parts | undefined) =>
    new Map(
      (parts?.partners ?? []).map(({ value }) => {
        const { id, issuer, enabled, type, tenantId } = value as Record<string, unknown>;
        return [
          String(id),
          enabled === false ? 'disabled' : JSON.stringify([issuer, type, tenantId]),
        ];
      }),
    );
  const [was, is] = [identityOf(before), identityOf(after)];
  return [...was]
    .filter(([id, identity]) => identity !== 'disabled' && is.get(id) !== identity)
    .map(([id]) => id);
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

// ── partners' secrets ────────────────────────────────────────────────────────────────────────

/** Sealed before they are stored; the same secret keeps its sealed form, so that nothing seems changed. */
async function withSealedSecrets(
  house: House,
  parts: Parts,
  before: Parts | undefined,
): Promise<Parts | { readonly faults: readonly FileFault[] }> {
  const faults: FileFault[] = [];
  const partners: StoredFile[] = [];
  for (const { file, value } of parts.partners) {
    const entry = value as { id: string; clientSecret?: unknown };
    if (entry.clientSecret === undefined) {
      partners.push({ file, value });
      continue;
    }
    const sealed = await sealedSecret(
      house,
      entry.id,
      entry.clientSecret,
      storedSecret(before, entry.id),
    );
    if (sealed === undefined)
      faults.push({
        file,
        pointer: '/clientSecret',
        message: 'not sealed by this gateway, or { "env": … } was not read: send the secret itself',
      });
    else
      partners.push({
        file,
        value: { ...(value as object), clientSecret: sealed } as StoredFile['value'],
      });
  }
  return faults.length > 0 ? { faults } : { ...parts, partners };
}

const storedSecret = (parts: Parts | undefined, id: string): string | undefined => {
  const entry = parts?.partners
    .map(({ value }) => value as { id?: unknown; clientSecret?: unknown })
    .find((p) => p.id === id);
  return typeof entry?.clientSecret === 'string' ? entry.clientSecret : undefined;
};

async function sealedSecret(
  house: House,
  partner: string,
  given: unknown,
  stored: string | undefined,
): Promise<string | undefined> {
  if (typeof given !== 'string') return undefined;
  if (isSealed(given))
    return (await opened(house, partner, given)) === undefined ? undefined : given;
  if (stored !== undefined && (await opened(house, partner, stored)) === given) return stored;
  return seal(await keyFor(house.keys, 'partner-secret'), partnerSecretAad(partner), given);
}

async function opened(house: House, partner: string, sealed: string): Promise<string | undefined> {
  try {
    const key = await keyFor(house.keys, 'partner-secret', sealKeyId(sealed));
    return unseal(key, partnerSecretAad(partner), sealed);
  } catch {
    return undefined;
  }
}
