import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import {
  type ExportKind,
  type ItemReport,
  type KnownGuest,
  type ParseReport,
  readExport,
  readLocations,
  readPolicies,
  reportTogether,
  unavailableConditions,
} from '../shared/policy/index.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { decode, jsonFilesBelow } from './folder.ts';

export type CheckedFile = {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly kind: ExportKind;
  readonly report: ParseReport;
};

export type CheckedExports = {
  /** A folder that `config apply` takes, where guests are counted; else exports of any names. */
  readonly isConfiguration: boolean;
  readonly guests: number;
  /** Files of guests that are none: their guests are not counted. */
  readonly unreadableGuests: readonly string[];
  readonly files: readonly CheckedFile[];
};

const parts =
  /^(?:settings\.json$|(?:apps|apis|authenticationStrengths|groups|guests|namedLocations|partners|policies|termsOfUse)\/)/;

const fail = (message: string, fix: string, cause?: unknown): CliError =>
  new CliError(message, { exitCode: exitCodes.usage, fix, cause });

/** Policies and named locations below a folder, or in one file, as an import reads them. */
export async function checkExports(path: string): Promise<CheckedExports> {
  if (await isFile(path)) return exportsAlone([[basename(path), await bytesOf(path)]], path);
  const names = (await jsonFilesBelow(path)).sort();
  if (names.length === 0)
    throw fail(
      `there is no .json file below ${path}`,
      'name a configuration folder, or a folder or a file of exported policies',
    );
  const files: (readonly [string, Uint8Array])[] = [];
  for (const name of names) files.push([name, await bytesOf(join(path, name))]);
  const isConfiguration =
    names.includes('settings.json') || names.every((name) => parts.test(name));
  return isConfiguration ? configuration(files, path) : exportsAlone(files);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    throw fail(
      `there is no file or folder ${path}`,
      'name a configuration folder, or a folder or a file of exported policies',
      cause,
    );
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fail(`${path} cannot be read`, 'name a file that you may read', cause);
  }
}

type File = readonly [name: string, bytes: Uint8Array];

/** `alone` is the file's path as it was given, where one file was. */
function exportsAlone(files: readonly File[], alone?: string): CheckedExports {
  const read = files.map(([file, bytes]) => ({ file, ...readExport(bytes) }));
  const [whole] = read.flatMap(({ report }) => (report.items.length === 0 ? report.issues : []));
  if (alone !== undefined && whole !== undefined)
    throw fail(
      `${alone}: ${whole.message}`,
      'name a JSON file of policies or named locations as Microsoft Graph returns them',
    );
  return { isConfiguration: false, guests: 0, unreadableGuests: [], files: together(read) };
}

function configuration(files: readonly File[], path: string): CheckedExports {
  const below = (part: string) => files.filter(([name]) => name.startsWith(`${part}/`));
  const tenants = tenantsOf(below('partners'));
  const read = below('guests').map((file) => [file[0], guestIn(file, tenants)] as const);
  const guests = read.flatMap(([, guest]) => guest ?? []);
  const policies = below('policies').map(
    ([file, bytes]): CheckedFile => ({
      file,
      kind: 'policies',
      report: readPolicies(bytes, { guests }),
    }),
  );
  const locations = below('namedLocations').map(
    ([file, bytes]): CheckedFile => ({
      file,
      kind: 'namedLocations',
      report: readLocations(bytes),
    }),
  );
  if (policies.length + locations.length === 0)
    throw fail(
      `there is no policy below ${path}`,
      'put exported policies into policies/, named locations into namedLocations/',
    );
  return {
    isConfiguration: true,
    guests: guests.length,
    unreadableGuests: read.flatMap(([file, guest]) => (guest ? [] : [file])),
    files: together([...locations, ...policies]),
  };
}

/** With what files say of each other, and what no sign-in can be asked about yet. */
function together(files: readonly CheckedFile[]): readonly CheckedFile[] {
  const ofKind = (kind: ExportKind) => reportTogether(files.filter((file) => file.kind === kind));
  const locations = ofKind('namedLocations');
  const told = (item: ItemReport): ItemReport => {
    const more = unavailableConditions(item);
    return more.length === 0
      ? item
      : { ...item, enforceable: false, issues: [...item.issues, ...more] };
  };
  const policies = ofKind('policies').map((file) => ({
    ...file,
    report: { ...file.report, items: file.report.items.map(told) },
  }));
  return [...locations, ...policies].sort((a, b) => (a.file < b.file ? -1 : 1));
}

// ── guests ───────────────────────────────────────────────────────────────────────────────────

const partnerFile = z.looseObject({ id: z.string(), tenantId: z.string().nullish() });

/** As much of a guest as policies ask about; the rest is the gateway's to check. */
const guestFile = z.looseObject({
  id: z.string(),
  guestOrExternalUserType: z.string().default('b2bCollaborationGuest'),
  groupIds: z.array(z.string()).default([]),
  identities: z.array(z.looseObject({ partner: z.string() })).default([]),
});

/** Undefined = no JSON: nothing to count, and the gateway's to refuse. */
function jsonOf([name, bytes]: File): unknown {
  try {
    return JSON.parse(decode(name, bytes));
  } catch {
    return undefined;
  }
}

function tenantsOf(files: readonly File[]): ReadonlyMap<string, string | null> {
  return new Map(
    files.flatMap((file) => {
      const { data } = partnerFile.safeParse(jsonOf(file));
      return data ? [[data.id, data.tenantId ?? null] as const] : [];
    }),
  );
}

function guestIn(file: File, tenants: ReadonlyMap<string, string | null>): KnownGuest | undefined {
  const { data } = guestFile.safeParse(jsonOf(file));
  if (!data) return undefined;
  const { id, guestOrExternalUserType, groupIds, identities } = data;
  const homeTenantIds = identities.map(({ partner }) => tenants.get(partner) ?? null);
  return { id, guestOrExternalUserType, groupIds, homeTenantIds };
}
