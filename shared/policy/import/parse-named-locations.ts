import { z } from 'zod';
import { elementsOf, hasId } from '../collections.ts';
import { contentId } from '../content-hash.ts';
import { locationKind, readRange } from '../places/named-locations.ts';
import { guid, list, word } from '../schema.ts';
import { isGuid, isObject, type JsonObject, member } from '../wire.ts';
import { type Checked, check, type Origin, refuse, together } from './members.ts';
import { withErrors } from './parse-policies.ts';
import { normalise, prototypeKeys, step } from './pointers.ts';
import { repeatedIds } from './repeated-ids.ts';
import { error, type ImportIssue, type ItemReport, type ParseReport, warning } from './report.ts';

const mostLocations = 1000;
const mostRanges = 2000;
const widestPrefix = 8;

/** A range that says /8 or less names a good part of the Internet. */
function isNarrow(range: unknown): boolean {
  const cidr = isObject(range) ? member(range, 'cidrAddress') : undefined;
  return typeof cidr !== 'string' || !(Number(cidr.slice(cidr.indexOf('/') + 1)) <= widestPrefix);
}

const range = z
  .unknown()
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

function parseLocation(source: JsonObject, pointer: string): ItemReport {
  const normalised = normalise(source);
  const location: JsonObject = isObject(normalised) ? normalised : {};
  const kind = locationKind(source);
  const origin = { source, pointer };
  const checked =
    kind === 'other'
      ? refuse(origin, [], 'this kind of location cannot be looked up here')
      : checkLocation(location, origin, kind);
  const { id, displayName } = location;
  const given = isGuid(id) ? [] : [warning(pointer, 'no id: policies cannot name this location')];
  const issues: ImportIssue[] = [
    ...prototypeKeys(source, pointer).map((at) => error(at, 'a key that names a prototype')),
    ...checked.issues,
    ...(id === undefined ? given : []),
  ];
  const known = typeof id === 'string' && id !== '' ? id : contentId(source);
  return {
    pointer,
    id: known,
    displayName: typeof displayName === 'string' ? displayName : '',
    item: id === undefined ? { id: known, ...source } : source,
    enforceable: issues.every((issue) => issue.severity === 'warning'),
    fields: checked.fields,
    issues,
  };
}

/** Reads exported named locations: one, a list, or a Graph collection. Never throws. */
export function parseNamedLocations(json: unknown): ParseReport {
  const elements = elementsOf(json, (one) => locationKind(one) !== 'other' || hasId(one));
  if (elements === undefined)
    return { items: [], issues: [error('', 'expected a location, a list or a collection')] };
  const issues: ImportIssue[] = [];
  if (elements.length > mostLocations)
    issues.push(error('', `more than ${mostLocations} named locations`));
  const items: ItemReport[] = [];
  for (const { value, pointer } of elements) {
    if (isObject(value)) items.push(parseLocation(value, pointer));
    else issues.push(error(pointer, 'expected a named location'));
  }
  const repeated = repeatedIds(items.map((item) => item.id));
  return {
    items: items.map((item) =>
      repeated.has(item.id.toLowerCase())
        ? withErrors(item, [error(step(item.pointer, 'id'), 'another location has the same id')])
        : item,
    ),
    issues,
  };
}
