import type { z } from 'zod';
import { type ParseReport, parseNamedLocations, readPolicies } from '../../policy/index.ts';
import { app } from '../../rows/configuration/app.ts';
import { api, type GuestEntry, group, guestEntry } from '../../rows/configuration/entries.ts';
import { partner } from '../../rows/configuration/partner.ts';
import { type PartName, partNames, type StoredFile } from '../../rows/configuration/parts.ts';
import { settings } from '../../rows/configuration/settings.ts';
import type { Parts } from './configuration.ts';
import { isEnabled } from './enabled-policy.ts';

/** A folder of JSON as it was sent: file names relative to it, with `/`, and their text. */
export type Folder = Readonly<Record<string, string>>;

/** What is wrong, where: `pointer` is RFC 6901 within the file. */
export type FileFault = {
  readonly file: string;
  readonly pointer: string;
  readonly message: string;
};

export type GuestFile = { readonly file: string; readonly guest: GuestEntry };

export type ReadFolder = {
  readonly parts: Parts;
  readonly guests: readonly GuestFile[];
  readonly policyReports: readonly { readonly file: string; readonly report: ParseReport }[];
  readonly faults: readonly FileFault[];
  readonly warnings: readonly FileFault[];
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
  const policyReports: { file: string; report: ParseReport }[] = [];
  const faults: FileFault[] = [];
  const warnings: FileFault[] = [];

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
    const report = graphReport(part, text, value);
    if (part === 'policies' && report) policyReports.push({ file, report });
    if (report) tell(file, part, report, faults, warnings);
  }
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

function graphReport(
  part: PartName,
  text: string,
  value: StoredFile['value'],
): ParseReport | undefined {
  // from the bytes: members that stand twice are lost once parsed
  if (part === 'policies') return readPolicies(new TextEncoder().encode(text));
  return part === 'namedLocations' ? parseNamedLocations(value) : undefined;
}

/** An error of a policy that is not enabled is a warning: it can be stored, and decides nothing. */
function tell(
  file: string,
  part: PartName,
  report: ParseReport,
  faults: FileFault[],
  warnings: FileFault[],
): void {
  for (const { pointer, message } of report.issues) faults.push({ file, pointer, message });
  for (const item of report.items) {
    const mayBeStored = part === 'policies' && !isEnabled(item.item);
    for (const { pointer, message, severity } of item.issues)
      (severity === 'error' && !mayBeStored ? faults : warnings).push({ file, pointer, message });
  }
}
