import * as z from 'zod';
import { hasId } from '../collections.ts';
import { contentId } from '../content-hash.ts';
import { locationKind, readRange } from '../places/named-locations.ts';
import { guid, list, word } from '../schema.ts';
import { isObject, type JsonObject, member } from '../wire.ts';
import { type Checked, check, type Origin, refuse, together } from './members.ts';
import { normalise, pointerTo } from './pointers.ts';
import { readCollection } from './read-collection.ts';
import { refusedKeys } from './refused-keys.ts';
import { error, type ItemReport, isEnforceable, type ParseReport, warning } from './report.ts';

const mostLocations = 1000;
const mostRanges = 2000;
const widestPrefix = 8;

/** A range that says /8 or less names a good part of the Internet. */
function isNarrow(range: unknown): boolean {
  const cidr = isObject(range) ? member(range, 'cidrAddress') : undefined;
  return typeof cidr !== 'string' || !(Number(cidr.slice(cidr.indexOf('/') + 1)) <= widestPrefix);
}

const range = z
  .strictObject({
    cidrAddress: z.unknown().optional(),
    lowerAddress: z.unknown().optional(),
    upperAddress: z.unknown().optional(),
  })
  .refine((value) => readRange(value) !== undefined, { message: 'the range cannot be read' })
  .refine(isNarrow, { message: `expected a prefix longer than /${widestPrefix}` });

const country = z.string().regex(/^[a-z]{2}$/i, { message: 'expected two letters (ISO 3166)' });

const schemas: Readonly<Record<'ip' | 'country', Readonly<Record<string, z.ZodType>>>> = {
  ip: { isTrusted: z.boolean(), ipRanges: z.array(range).max(mostRanges) },
  country: {
    countriesAndRegions: list(country),
    countryLookupMethod: word(['clientIpAddress']),
    includeUnknownCountriesAndRegions: z.boolean(),
  },
};

const common: Readonly<Record<string, z.ZodType>> = {
  id: guid,
  displayName: z.string(),
  createdDateTime: z.string(),
  modifiedDateTime: z.string(),
  deletedDateTime: z.string(),
};

function checkLocation(location: JsonObject, origin: Origin, kind: 'ip' | 'country'): Checked {
  return together(
    Object.keys(location).map((name) => {
      const own = Object.hasOwn(schemas[kind], name) ? schemas[kind][name] : undefined;
      if (own !== undefined) return check(origin, [name], location[name], own, 'enforced');
      const shared = Object.hasOwn(common, name) ? common[name] : undefined;
      if (shared !== undefined) return check(origin, [name], location[name], shared, 'carried');
      return refuse(origin, [name], 'not known here');
    }),
  );
}

/** The kinds that can be looked up neither by address nor by country, and PowerShell's wrapping. */
function refuseKind(source: JsonObject, pointer: string): Checked {
  const inner = member(source, 'additionalProperties');
  const wrapped = isObject(inner) && Object.keys(inner).length > 0;
  const reason = wrapped
    ? 'the members of AdditionalProperties belong beside the id'
    : 'this kind of location cannot be looked up here';
  const typed = Object.hasOwn(source, '@odata.type');
  const unwrapped = typed ? '@odata.type' : undefined;
  const path = wrapped ? 'additionalProperties' : unwrapped;
  return {
    fields: [{ pointer, standing: 'refused', reason }],
    issues: [error(pointerTo(source, pointer, path === undefined ? [] : [path]), reason)],
  };
}

function parseLocation(source: JsonObject, pointer: string): ItemReport {
  const normalised = normalise(source);
  const location: JsonObject = isObject(normalised) ? normalised : {};
  const kind = locationKind(source);
  const origin = { source, pointer };
  const checked = together([
    refusedKeys(source, pointer),
    kind === 'other' ? refuseKind(source, pointer) : checkLocation(location, origin, kind),
  ]);
  const { id, displayName } = location;
  const unnamed = warning(pointer, 'no id: policies cannot name this location');
  const issues = [...checked.issues, ...(id === undefined ? [unnamed] : [])];
  const known = typeof id === 'string' && id !== '' ? id : contentId(source);
  return {
    pointer,
    id: known,
    displayName: typeof displayName === 'string' ? displayName : '',
    item: id === undefined ? { id: known, ...source } : source,
    enforceable: isEnforceable(issues),
    fields: checked.fields,
    issues,
  };
}

/** Reads exported named locations: one, a list, or a Graph collection. Never throws. */
export function parseNamedLocations(json: unknown): ParseReport {
  return readCollection(json, {
    article: 'a named location',
    one: 'location',
    many: 'named locations',
    most: mostLocations,
    isOne: (value) => locationKind(value) !== 'other' || hasId(value),
    parse: parseLocation,
  });
}
