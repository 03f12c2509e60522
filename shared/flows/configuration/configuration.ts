import type * as z from 'zod';
import { asFault, Fault } from '../../core/errors.ts';
import { hashOf } from '../../core/ids.ts';
import { isJsonObject } from '../../core/json.ts';
import { type Instant, laterOf } from '../../core/time.ts';
import { type CountryNeed, compile, countryNeed, type PolicySet } from '../../policy/index.ts';
import type { Journal, Store } from '../../ports.ts';
import { type App, app } from '../../rows/configuration/app.ts';
import { type Api, api, type Group, group } from '../../rows/configuration/entries.ts';
import { type Partner, partner } from '../../rows/configuration/partner.ts';
import {
  chunkRow,
  type PartName,
  type Pointer,
  partNames,
  partPartition,
  pointerKey,
  pointerPartition,
  pointerRow,
  type StoredFile,
  storedFile,
} from '../../rows/configuration/parts.ts';
import { type Settings, settings } from '../../rows/configuration/settings.ts';
import { findRow, readRow, type Versioned } from '../../rows/row.ts';

/** The configuration in force, read and compiled; one object per version. */
export type Configuration = {
  readonly version: number;
  /** Names version and content: decisions are recorded under it. */
  readonly setVersion: string;
  /** Sessions and authorizations begun earlier are void. */
  readonly validFrom: string | undefined;
  /** The same, of one partner's guests. */
  readonly partnersValidFrom: Readonly<Record<string, string>>;
  /** Of partners that are gone. */
  readonly reservedDomains: ReadonlySet<string>;
  readonly settings: Settings;
  readonly apps: ReadonlyMap<string, App>;
  readonly apis: ReadonlyMap<string, Api>;
  readonly partners: ReadonlyMap<string, Partner>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly policySet: PolicySet;
  readonly countryNeed: CountryNeed;
};

export type Parts = { readonly [part in PartName]: readonly StoredFile[] };

/** After an apply every instance decides by the new version within this time. */
export const configurationAgeMs = 5_000;

/** What the store holds: the pointer and the parts it names. Undefined before the first apply. */
export async function loadParts(
  store: Store,
  known?: { readonly pointer: Versioned<Pointer>; readonly parts: Parts },
): Promise<{ readonly pointer: Versioned<Pointer>; readonly parts: Parts } | undefined> {
  const pointer = await loadPointer(store);
  if (!pointer) return undefined;
  if (known && known.pointer.etag === pointer.etag) return known;
  const entries = partNames.map(async (part) => {
    const hash = pointer.value.parts[part];
    const unchanged = known?.pointer.value.parts[part] === hash;
    return [part, unchanged ? known.parts[part] : await loadPart(store, part, hash)] as const;
  });
  return { pointer, parts: Object.fromEntries(await Promise.all(entries)) as Parts };
}

export async function loadPointer(store: Store): Promise<Versioned<Pointer> | undefined> {
  const rows = await store.load(pointerPartition, { keys: [pointerKey] });
  return findRow(pointerRow, rows, pointerKey);
}

/** Throws `Fault('configurationUnreadable')` for a part that is missing, cut short or changed. */
async function loadPart(store: Store, part: PartName, hash: string | undefined) {
  if (hash === undefined) return [];
  const rows = await store.load(partPartition(part, hash));
  const text = rows.map((row) => readRow(chunkRow, row).value.text).join('');
  if (hashOf(text) !== hash) throw new Fault('configurationUnreadable', { detail: part });
  try {
    return storedFile.array().parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault('configurationUnreadable', { detail: part, cause });
  }
}

/**
 * Named locations are read anew only where they are not those of `before`. Throws
 * `Fault('configurationUnreadable')`: a configuration that cannot be read decides nothing.
 */
export function compileConfiguration(
  pointer: Pointer,
  parts: Parts,
  before?: Configuration,
): Configuration {
  try {
    const values = (part: PartName) => parts[part].map((stored) => stored.value);
    const [settingsValue] = values('settings');
    const all = <T>(part: PartName, schema: z.ZodType<T>) =>
      values(part).map((value) => schema.parse(value));
    const read = settings.parse(settingsValue);
    const policies = values('policies').flatMap(listOf);
    const namedLocations = values('namedLocations').flatMap(listOf);
    return {
      version: pointer.version,
      setVersion: `${pointer.version}.${hashOf(JSON.stringify(pointer.parts)).slice(0, 12)}`,
      validFrom: pointer.validFrom,
      partnersValidFrom: pointer.partnersValidFrom,
      reservedDomains: new Set(pointer.reservedDomains),
      settings: read,
      apps: byKey(all('apps', app), (a) => a.appId),
      apis: byKey(all('apis', api), (a) => a.identifier),
      partners: byKey(all('partners', partner), (p) => p.id),
      groups: byKey(all('groups', group), (g) => g.id),
      policySet: compile(
        {
          policies,
          namedLocations,
          authenticationStrengths: values('authenticationStrengths').flatMap(listOf),
          termsOfUse: values('termsOfUse').flatMap(listOf),
          appGroups: read.appGroups,
        },
        before?.policySet,
      ),
      countryNeed: countryNeed(policies.filter(isJsonObject), namedLocations),
    };
  } catch (cause) {
    throw new Fault('configurationUnreadable', { cause });
  }
}

/** A file of policies holds one, a list, or a Graph collection, whose list PowerShell calls `Value`. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [value];
  const list = value['value'] ?? value['Value'];
  return Array.isArray(list) ? list : [value];
}

const byKey = <T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> =>
  new Map(list.map((item) => [key(item), item]));

/**
 * One reader per process. The pointer is read again when it is older than five seconds, counted
 * from when that read was sent, so a slow answer is an old one; parts are immutable and read once.
 * Storage down: what is held serves until those five seconds are over, then
 * `Fault('storageUnavailable')`.
 *
 * `validFrom` comes from outside the tables, and so survives that these are restored from a backup:
 * with the sessions in it, some of them ended since.
 */
export function configurationReader(
  store: Store,
  journal: Journal,
  clock: () => Date,
  validFrom?: Instant,
) {
  type Held = {
    readonly loaded: NonNullable<Awaited<ReturnType<typeof loadParts>>>;
    readonly configuration: Configuration;
    readonly sentAtMs: number;
  };
  let held: Held | undefined;
  let underway: Promise<void> | undefined;

  const isFresh = (read: Held): boolean => {
    const ageMs = clock().getTime() - read.sentAtMs;
    return ageMs >= 0 && ageMs < configurationAgeMs;
  };

  async function refresh(): Promise<void> {
    const sentAtMs = clock().getTime();
    const loaded = await loadParts(store, held?.loaded);
    if (!loaded) throw new Fault('configurationMissing');
    if (held && held.loaded === loaded) {
      held = { ...held, sentAtMs };
      return;
    }
    const pointer = loaded.pointer.value;
    const configuration = compileConfiguration(
      validFrom === undefined
        ? pointer
        : { ...pointer, validFrom: laterOf(pointer.validFrom, new Date(validFrom)) },
      loaded.parts,
      held?.configuration,
    );
    held = { loaded, configuration, sentAtMs };
  }

  /** Storage that does not answer is not this alarm's: what it holds may be sound. */
  function raiseAlarm(thrown: unknown): never {
    const { code, detail } = asFault(thrown);
    if (code === 'configurationUnreadable' || code === 'storedRowUnreadable')
      journal.line('alarm', 'configurationUnreadable', { detail });
    throw thrown;
  }

  return async (): Promise<Configuration> => {
    // a second read serves whoever joined a slow one: its parts are here by then
    for (let round = 0; round < 2; round++) {
      if (held && isFresh(held)) return held.configuration;
      underway ??= refresh()
        .catch(raiseAlarm)
        .finally(() => {
          underway = undefined;
        });
      await underway;
    }
    if (held && isFresh(held)) return held.configuration;
    throw new Fault('storageUnavailable', { detail: 'configuration pointer' });
  };
}
