import * as z from 'zod';
import { readMode, secondFactors } from '../methods.ts';
import { guid, list } from '../schema.ts';
import {
  configuredMembers,
  isConfigured,
  isObject,
  type JsonObject,
  member,
  readFlags,
  readGuid,
  readList,
} from '../wire.ts';

/** Methods that together are allowed; `aaguids` restricts the passkey among them. */
export interface Combination {
  readonly modes: readonly string[];
  readonly aaguids: ReadonlySet<string> | undefined;
}

/** What a strength allows; undefined when that cannot be read, which nothing meets. */
export type Allowed = readonly Combination[] | undefined;

/** What the strengths of a set allow, by id in lower case. */
export type StrengthTable = ReadonlyMap<string, Allowed>;

const phishingResistant = ['fido2', 'windowsHelloForBusiness', 'x509CertificateMultiFactor'];

function alone(modes: Iterable<string>): readonly Combination[] {
  return [...modes].map((mode) => ({ modes: [mode], aaguids: undefined }));
}

// Known when a policy names one of these ids and nothing says what it allows.
const builtIn: StrengthTable = new Map([
  ['00000000-0000-0000-0000-000000000002', alone([...secondFactors, 'federatedMultiFactor'])],
  ['00000000-0000-0000-0000-000000000003', alone([...phishingResistant, 'deviceBasedPush'])],
  ['00000000-0000-0000-0000-000000000004', alone(phishingResistant)],
]);

/** The modes of a combination, sorted; undefined when one is not known. */
function readModes(entry: unknown): readonly string[] | undefined {
  const modes = readFlags(entry, readMode);
  return modes.unreadable || modes.entries.length === 0
    ? undefined
    : [...new Set(modes.entries)].sort();
}

/** What an import accepts: an id, or what is allowed, as far as it can be checked here. */
export const strengthSchema = z
  .looseObject({
    id: guid.optional(),
    allowedCombinations: list(
      z.unknown().refine((entry) => readModes(entry) !== undefined, {
        message: 'expected a comma-joined text of authentication methods',
      }),
    ),
    combinationConfigurations: list(
      z.unknown().refine((entry) => readRestriction(entry)?.aaguids !== undefined, {
        message: 'only passkey models (allowedAAGUIDs) can be checked here',
      }),
    ),
  })
  .refine((strength) => 'id' in strength || 'allowedCombinations' in strength, {
    message: 'neither an id nor combinations',
  });

interface Restriction {
  readonly appliesTo: ReadonlySet<string>;
  /** Undefined: a restriction that cannot be checked here, which forbids the combination. */
  readonly aaguids: ReadonlySet<string> | undefined;
}

const restrictionParts = new Set(['id', 'allowedAAGUIDs', 'appliesToCombinations']);

/** Undefined when it cannot even be told what the configuration restricts. */
function readRestriction(value: unknown): Restriction | undefined {
  if (!isObject(value)) return undefined;
  const members = configuredMembers(value);
  const applies = readList(members.get('appliesToCombinations'), readModes);
  if (applies.unreadable || applies.entries.length === 0) return undefined;
  const listed = readList(members.get('allowedAAGUIDs'), readGuid);
  const type = value['@odata.type'] ?? 'fido2CombinationConfiguration';
  const passkey = typeof type === 'string' && type.endsWith('fido2CombinationConfiguration');
  const checkable =
    passkey &&
    !listed.unreadable &&
    listed.entries.length > 0 &&
    [...members.keys()].every((name) => restrictionParts.has(name));
  return {
    appliesTo: new Set(applies.entries.map((modes) => modes.join())),
    aaguids: checkable ? new Set(listed.entries) : undefined,
  };
}

/** A combination under the restrictions that apply to it; empty when one cannot be checked. */
function restrict(modes: readonly string[], restrictions: readonly Restriction[]): Combination[] {
  const applying = restrictions.filter((r) => r.appliesTo.has(modes.join()));
  let aaguids: ReadonlySet<string> | undefined;
  for (const { aaguids: allowed } of applying) {
    if (allowed === undefined || !modes.includes('fido2')) return [];
    aaguids = new Set([...allowed].filter((id) => aaguids?.has(id) ?? true));
  }
  return [{ modes, aaguids }];
}

function readAllowed(policy: JsonObject): Allowed {
  const combinations = member(policy, 'allowedCombinations');
  if (!Array.isArray(combinations)) return undefined;
  const restrictions = readList(member(policy, 'combinationConfigurations'), readRestriction);
  if (restrictions.unreadable) return [];
  return (
    readList(combinations, readModes)
      // A mailed code is the first factor, never part of a proof beyond it.
      .entries.filter((modes) => !modes.includes('email'))
      .flatMap((modes) => restrict(modes, restrictions.entries))
  );
}

/** Reads `authenticationStrengths` of a set. Of two with one id nobody knows which is meant. */
export function readStrengths(strengths: readonly unknown[]): StrengthTable {
  const table = new Map<string, Allowed>(builtIn);
  const seen = new Set<string>();
  for (const strength of strengths) {
    const id = isObject(strength) ? member(strength, 'id') : undefined;
    if (!isObject(strength) || typeof id !== 'string') continue;
    const key = id.toLowerCase();
    if (seen.has(key)) table.set(key, undefined);
    else if (isConfigured(member(strength, 'allowedCombinations')))
      table.set(key, readAllowed(strength));
    seen.add(key);
  }
  return table;
}

/**
 * What a strength named by a policy allows: its inline combinations, else the set's, else a built-in's.
 *
 * @see Graph: authenticationStrengthPolicy
 */
export function allowedBy(strength: JsonObject, table: StrengthTable): Allowed {
  if (isConfigured(member(strength, 'allowedCombinations'))) return readAllowed(strength);
  const id = member(strength, 'id');
  return typeof id === 'string' ? table.get(id.toLowerCase()) : undefined;
}
