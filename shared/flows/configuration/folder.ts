import type * as z from 'zod';
import {
  isEnabled,
  type KnownGuest,
  type ParseReport,
  readLocations,
  readPolicies,
  reportTogether,
} from '../../policy/index.ts';
import { app } from '../../rows/configuration/app.ts';
import { api, type GuestEntry, group, guestEntry } from '../../rows/configuration/entries.ts';
import { partner } from '../../rows/configuration/partner.ts';
import { type PartName, partNames, type StoredFile } from '../../rows/configuration/parts.ts';
import { settings } from '../../rows/configuration/settings.ts';
import type { Parts } from './configuration.ts';

/** A folder of JSON as it was sent: file names relative to it, with `/`, and their text. */
export type Folder = Readonly<Record<string, string>>;

/** What is wrong, where: `pointer` is RFC 6901 within the file. */
export type FileFault = {
  readonly file: string;
  readonly pointer: string;
  readonly message: string;
};

/** What is stored all the same. Information concerns a policy that decides nothing yet, or nobody. */
export type FileWarning = FileFault & { readonly severity?: 'warning' | 'information' };

export type GuestFile = { readonly file: string; readonly guest: GuestEntry };

export type ReadFolder = {
  readonly parts: Parts;
  readonly guests: readonly GuestFile[];
  readonly policyReports: readonly { readonly file: string; readonly report: ParseReport }[];
  readonly faults: readonly FileFault[];
  readonly warnings: readonly FileWarning[];
};

/** Parts whose files have one shape each; the others are Graph's and read by the policy engine. */
const schemas = { settings, apps: app, apis: api, partners: partner, groups: group } as const;

const fileName = /^(?:settings|([a-zA-Z]+)\/[A-Za-z0-9 ._()#+-]{1,120})\.json$/;
const folders: readonly string[] = [...partNames.filter((part) => part !== 'settings'), 'guests'];

/** Every file by itself; what files say of each other is checked after (`configuration-checks`). */
export function readFolder(folder: Folder): ReadFolder {
  const parts = Object.fromEntries(partNames.map((part) => [part, []])) as unknown as {
    [part in PartName]: StoredFile[];
  };
  const guests: GuestFile[] = [];
  const faults: FileFault[] = [];
  const warnings: FileWarning[] = [];

  for (const file of Object.keys(folder).sort()) {
    const text = folder[file] ?? '';
    const part = partOf(file);
    if (part === undefined) {
      faults.push({
        file,
        pointer: '',
        message: `no part of a configuration: expected settings.json or <${folders.join('|')}>/<name>.json`,
      });
      continue;
    }
    const value = parse(text);
    if (value === undefined) {
      faults.push({ file, pointer: '', message: 'the file is no JSON' });
      continue;
    }
    if (part === 'guests') {
      const read = check(guestEntry, file, value, faults);
      if (read) guests.push({ file, guest: read });
      continue;
    }
    parts[part].push({ file, value });
    if (part in schemas)
      check(schemas[part as keyof typeof schemas] as z.ZodType, file, value, faults);
  }
  const bytesOf = ({ file }: StoredFile) => new TextEncoder().encode(folder[file] ?? '');
  // from the bytes: members that stand twice are lost once parsed
  const known = { guests: guests.map(({ guest: entry }) => knownGuest(entry, parts.partners)) };
  const policyReports = reportTogether(
    parts.policies.map((stored) => ({
      file: stored.file,
      report: readPolicies(bytesOf(stored), known),
    })),
  );
  const locationReports = reportTogether(
    parts.namedLocations.map((stored) => ({
      file: stored.file,
      report: readLocations(bytesOf(stored)),
    })),
  );
  for (const { file, report } of policyReports) tell(file, 'policies', report, faults, warnings);
  for (const { file, report } of locationReports)
    tell(file, 'namedLocations', report, faults, warnings);
  if (parts.settings.length === 0)
    faults.push({ file: 'settings.json', pointer: '', message: 'missing' });
  return { parts, guests, policyReports, faults, warnings };
}

function partOf(file: string): PartName | 'guests' | undefined {
  const match = fileName.exec(file);
  if (!match || file.includes('..')) return undefined;
  const name = match[1] ?? 'settings';
  return name === 'settings' && file !== 'settings.json'
    ? undefined
    : ([...partNames, 'guests'] as const).find((part) => part === name);
}

/** Undefined = no JSON. The names of an object's prototype are refused by the schemas and the engine. */
function parse(text: string): StoredFile['value'] | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as StoredFile['value'];
  } catch {
    return undefined;
  }
}

function check<T>(
  schema: z.ZodType<T>,
  file: string,
  value: unknown,
  faults: FileFault[],
): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const unknown = 'keys' in issue && issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    for (const path of unknown?.map((key) => [...issue.path, key]) ?? [issue.path])
      faults.push({
        file,
        pointer: pointerOf(path),
        message: unknown ? 'no such property' : issue.message,
      });
  }
  return undefined;
}

/** RFC 6901 §3. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What policies can ask about a guest whom the folder holds. */
function knownGuest(guest: GuestEntry, partners: readonly StoredFile[]): KnownGuest {
  const { id, guestOrExternalUserType, groupIds, identities } = guest;
  const tenants = new Map(
    partners.map(({ value }) => {
      const { id: partnerId, tenantId } = value as { id?: unknown; tenantId?: unknown };
      return [partnerId, typeof tenantId === 'string' ? tenantId : null] as const;
    }),
  );
  const homeTenantIds = identities.map((identity) => tenants.get(identity.partner) ?? null);
  return { id, guestOrExternalUserType, groupIds, homeTenantIds };
}

/** An error of a policy that is not enabled is a warning: it can be stored, and decides nothing. */
function tell(
  file: string,
  part: PartName,
  report: ParseReport,
  faults: FileFault[],
  warnings: FileWarning[],
): void {
  for (const { pointer, message } of report.issues) faults.push({ file, pointer, message });
  for (const item of report.items) {
    const mayBeStored = part === 'policies' && !isEnabled(item.item);
    for (const { pointer, message, severity } of item.issues) {
      if (severity === 'error' && !mayBeStored) faults.push({ file, pointer, message });
      else
        warnings.push({
          file,
          pointer,
          message,
          severity: severity === 'information' ? severity : 'warning',
        });
    }
  }
}
