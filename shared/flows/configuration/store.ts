import { Fault } from '../../core/errors.ts';
import { hashOf, randomToken } from '../../core/ids.ts';
import { laterOf } from '../../core/time.ts';
import { partner } from '../../rows/configuration/partner.ts';
import {
  chunkRow,
  chunksOf,
  type PartName,
  type Pointer,
  partNames,
  partPartition,
  pointerKey,
  pointerPartition,
  type StoredFile,
} from '../../rows/configuration/parts.ts';
import { settings } from '../../rows/configuration/settings.ts';
import { mailIssuer } from '../../rows/first-factor.ts';
import { insert, readRow, replace, type Versioned } from '../../rows/row.ts';
import type { House } from '../house.ts';
import { loadParts, loadPointer, type Parts } from './configuration.ts';

/** The version in force; without parts where they cannot be read. */
type Current = { readonly pointer: Versioned<Pointer>; readonly parts: Parts | undefined };

/**
 * What is current, to compare with. Where its parts cannot be read nothing is compared: a broken
 * configuration can always be replaced by a whole one.
 */
export async function loadCurrent(house: House): Promise<Current | undefined> {
  try {
    return await loadParts(house.store);
  } catch (thrown) {
    const broken = ['configurationUnreadable', 'storedRowUnreadable'];
    if (!(thrown instanceof Fault) || !broken.includes(thrown.code)) throw thrown;
    const pointer = await loadPointer(house.store);
    return pointer && { pointer, parts: undefined };
  }
}

/** Parts first, then the pointer: a half-stored version is never current. */
export async function movePointer(
  house: House,
  current: Current | undefined,
  next: Pointer,
  parts: Parts,
): Promise<Pointer | undefined> {
  for (const part of partNames)
    if (!current?.parts || current.pointer.value.parts[part] !== next.parts[part])
      await storePart(house, part, parts[part]);
  const change = current ? replace(current.pointer, next) : insert(pointerKey, next);
  const done = await house.store.commit(pointerPartition, [change], randomToken());
  return done === 'done' ? next : undefined;
}

async function storePart(
  house: House,
  part: PartName,
  files: readonly StoredFile[],
): Promise<void> {
  const text = textOf(files);
  const partition = partPartition(part, hashOf(text));
  for (const chunk of chunksOf(text)) {
    const value = { text: chunk.text };
    const change = insert(chunk.key, value);
    if ((await house.store.commit(partition, [change], randomToken())) === 'done') continue;
    // there already, for its name is the content's hash; unless somebody changed it
    const rows = await house.store.load(partition, { keys: [chunk.key] });
    const [stored] = rows.map((row) => readRow(chunkRow, row));
    if (stored && stored.value.text !== chunk.text)
      await house.store.commit(partition, [replace(stored, value)], randomToken());
  }
}

const textOf = (files: readonly StoredFile[]): string => JSON.stringify(files);

/** What a client compares: changes exactly when the pointer moves. */
export const etagOf = (pointer: Pointer | undefined): string =>
  `"${pointer ? `${pointer.version}.${hashOf(JSON.stringify(pointer.parts)).slice(0, 16)}` : 'none'}"`;

export function nextPointer(
  current: Current | undefined,
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
    ...voidSince(current, now),
    reservedDomains: reservedDomains(current, parts),
    partnersValidFrom: {
      ...before?.partnersValidFrom,
      ...Object.fromEntries(
        lostPartners(current?.parts, parts).map((id) => [
          id,
          laterOf(before?.partnersValidFrom[id], now),
        ]),
      ),
    },
  };
}

/** Only grows. Where nobody can say which partners were trusted, everything begun before is void. */
function voidSince(current: Current | undefined, now: Date): { validFrom?: string } {
  const validFrom = current?.pointer.value.validFrom;
  if (current && !current.parts) return { validFrom: laterOf(validFrom, now) };
  return validFrom === undefined ? {} : { validFrom };
}

/** Only an administrator's own word in the settings gives a partner's domains back. */
function reservedDomains(current: Current | undefined, parts: Parts): string[] {
  const domainsOf = (of: Parts | undefined) =>
    (of?.partners ?? []).map(({ value }) => partner.parse(value)).flatMap(({ domains }) => domains);
  const { releasedDomains } = settings.parse(parts.settings[0]?.value).passcode;
  const isFree = new Set([...domainsOf(parts), ...releasedDomains]);
  const reserved = [
    ...(current?.pointer.value.reservedDomains ?? []),
    ...domainsOf(current?.parts),
  ];
  return [...new Set(reserved)].filter((domain) => !isFree.has(domain)).sort();
}

/** The mailed passcode is trusted like a partner: what was begun by it is void once it is off. */
const mailDoorOf = (parts: Parts | undefined): [string, string] => [
  mailIssuer,
  settings.safeParse(parts?.settings[0]?.value).data?.passcode.enabled ? 'enabled' : 'disabled',
];

/** Partners that were trusted and are not, or are somebody else by now. */
function lostPartners(before: Parts | undefined, after: Parts): readonly string[] {
  const identityOf = (parts: Parts | undefined) =>
    new Map([
      mailDoorOf(parts),
      ...(parts?.partners ?? []).map(({ value }) => {
        const { id, issuer, enabled, type, tenantId } = value as Record<string, unknown>;
        return [
          String(id),
          enabled === false ? 'disabled' : JSON.stringify([issuer, type, tenantId]),
        ] as [string, string];
      }),
    ]);
  const [was, is] = [identityOf(before), identityOf(after)];
  return [...was]
    .filter(([id, identity]) => identity !== 'disabled' && is.get(id) !== identity)
    .map(([id]) => id);
}
