import { elementsOf } from '../collections.ts';
import { locationKind } from '../places/named-locations.ts';
import { configuredMembers, isObject, member } from '../wire.ts';
import { duplicateMembers } from './duplicate-members.ts';
import { parseNamedLocations } from './parse-named-locations.ts';
import { type ImportContext, parsePolicies } from './parse-policies.ts';
import { error, type FieldReport, type ParseReport, withErrors } from './report.ts';

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  // A byte-order mark, or the zero byte that ASCII in UTF-16 begins with.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

function refused(reason: string): ParseReport {
  const field: FieldReport = { pointer: '', standing: 'refused', reason };
  return { items: [], fields: [field], issues: [error('', reason)] };
}

/** The text of a file without its byte-order mark; undefined when the bytes are no text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What parsing loses: members that stand twice in one object, of which the last one wins. */
function withDuplicates(report: ParseReport, text: string): ParseReport {
  const pointers = duplicateMembers(text);
  if (pointers.length === 0) return report;
  const reason = 'the member stands twice';
  const inside = (pointer: string, base: string): boolean => pointer.startsWith(`${base}/`);
  const refusals = (at: readonly string[]): FieldReport[] =>
    at.map((pointer) => ({ pointer, standing: 'refused', reason }));
  const errors = (at: readonly string[]) => at.map((pointer) => error(pointer, reason));
  const beside = pointers.filter((p) => !report.items.some((item) => inside(p, item.pointer)));
  return {
    items: report.items.map((item) => {
      const own = pointers.filter((p) => inside(p, item.pointer));
      return { ...withErrors(item, errors(own)), fields: [...item.fields, ...refusals(own)] };
    }),
    fields: [...report.fields, ...refusals(beside)],
    issues: [...report.issues, ...errors(beside)],
  };
}

function read(bytes: Uint8Array, parse: (json: unknown) => ParseReport): ParseReport {
  const text = decode(bytes);
  if (text === undefined) return refused('the file is no UTF-8 or UTF-16 text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return refused(`the file is no JSON: ${cause instanceof Error ? cause.message : ''}`);
  }
  return withDuplicates(parse(json), text);
}

/**
 * Reads an exported file: UTF-8 or UTF-16, with or without a byte-order mark. Members that stand twice
 * in one object are found here, because parsing loses them. Never throws.
 */
export function readPolicies(bytes: Uint8Array, context: ImportContext = {}): ParseReport {
  return read(bytes, (json) => parsePolicies(json, context));
}

/** The same for a file of named locations. */
export function readLocations(bytes: Uint8Array): ParseReport {
  return read(bytes, parseNamedLocations);
}

export type ExportKind = 'policies' | 'namedLocations';

/** The file of an export whose folder does not say what it holds. */
export function readExport(
  bytes: Uint8Array,
  context: ImportContext = {},
): { readonly kind: ExportKind; readonly report: ParseReport } {
  let kind: ExportKind = 'policies';
  const report = read(bytes, (json) => {
    if (!holdsLocations(json)) return parsePolicies(json, context);
    kind = 'namedLocations';
    return parseNamedLocations(json);
  });
  return { kind, report };
}

/** A location among policies is refused there, and the other way round: the first one decides. */
function holdsLocations(json: unknown): boolean {
  const first = elementsOf(json, () => true)?.find(({ value }) => isObject(value))?.value;
  return isObject(first) && isLocation(first);
}

function isLocation(value: Readonly<Record<string, unknown>>): boolean {
  if (locationKind(value) !== 'other') return true;
  const wrapped = member(value, 'additionalProperties');
  const types = [value['@odata.type'], isObject(wrapped) ? wrapped['@odata.type'] : undefined];
  if (types.some((type) => typeof type === 'string' && /NamedLocation$/i.test(type))) return true;
  const members = configuredMembers(value);
  return members.has('ipRanges') || members.has('countriesAndRegions');
}
