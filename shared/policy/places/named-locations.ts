import { type Prefix, parseCidr, parseSpan } from '../addresses.ts';
import type { KnownFacts } from '../known-facts.ts';
import { either, known, type Ternary } from '../ternary.ts';
import {
  configuredMembers,
  isConfigured,
  isObject,
  type JsonObject,
  member,
  readList,
} from '../wire.ts';
import { PrefixList } from './prefix-list.ts';
import { PrefixTable } from './prefix-table.ts';

/** The trusted IPs of the old MFA service: always trusted, empty unless the set names them. */
const mfaTrustedIps = '00000000-0000-0000-0000-000000000000';

export interface IpLocation {
  readonly kind: 'ip';
  /** Its owner number in the table; none lies in the first two, which are the trusted places together. */
  readonly place: number;
  /** A range could not be read: an address outside the others may still be inside this one. */
  readonly unreadable: boolean;
}

interface CountryLocation {
  readonly kind: 'country';
  readonly countries: ReadonlySet<string>;
  readonly unreadable: boolean;
  readonly unknownCountries: Ternary;
}

/** A location nobody can look up here: GPS, a network type of another product, two with one id. */
interface UndecidableLocation {
  readonly kind: 'undecidable';
}

export type NamedLocation = IpLocation | CountryLocation | UndecidableLocation;

/** Named locations by id in lower case, and where their addresses lie. */
export interface NamedLocations {
  readonly byId: ReadonlyMap<string, NamedLocation>;
  /** All trusted places as one. */
  readonly trusted: IpLocation;
  /** Those of which it cannot be read whether they are trusted. */
  readonly doubtful: IpLocation;
  /** The places of an address, in any order and possibly more than once. */
  readonly placesOf: (facts: KnownFacts) => readonly number[];
}

/** Reads one range of an IP location. @see Graph: iPv4CidrRange, iPv4Range */
export function readRange(value: unknown): readonly Prefix[] | undefined {
  if (!isObject(value)) return undefined;
  const cidr = member(value, 'cidrAddress');
  const lower = member(value, 'lowerAddress');
  const upper = member(value, 'upperAddress');
  if (isConfigured(cidr)) {
    const prefix = isConfigured(lower) || isConfigured(upper) ? undefined : parseCidr(cidr);
    return prefix && [prefix];
  }
  return parseSpan(lower, upper);
}

function readCountryCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : undefined;
}

function readSwitch(value: unknown): Ternary {
  if (value === null || value === undefined) return 'noMatch';
  return typeof value === 'boolean' ? known(value) : 'unknown';
}

/** The kind of a location: from `@odata.type`, else from what it holds. */
export function locationKind(location: JsonObject): 'ip' | 'country' | 'other' {
  const type = location['@odata.type'];
  if (typeof type === 'string') {
    if (/(^|\.)ipNamedLocation$/i.test(type)) return 'ip';
    return /(^|\.)countryNamedLocation$/i.test(type) ? 'country' : 'other';
  }
  const members = configuredMembers(location);
  const ip = members.has('ipRanges');
  const country = members.has('countriesAndRegions');
  if (ip === country) return 'other';
  return ip ? 'ip' : 'country';
}

/** An IP location with what its trust says. */
interface ReadIpLocation {
  readonly location: IpLocation;
  readonly trusted: Ternary;
}

function readIpLocation(
  location: JsonObject,
  id: string,
  place: number,
  prefixes: { readonly v4: PrefixList; readonly v6: PrefixList },
): ReadIpLocation {
  const { entries, unreadable } = readList(member(location, 'ipRanges'), readRange);
  for (const range of entries)
    for (const prefix of range)
      (prefix.family === 4 ? prefixes.v4 : prefixes.v6).add(prefix, place);
  const trusted = id === mfaTrustedIps ? 'match' : readSwitch(member(location, 'isTrusted'));
  return { location: { kind: 'ip', place, unreadable }, trusted };
}

function readOther(location: JsonObject, kind: 'country' | 'other'): NamedLocation {
  const method = member(location, 'countryLookupMethod') ?? 'clientIpAddress';
  const byAddress = typeof method === 'string' && method.toLowerCase() === 'clientipaddress';
  if (kind === 'other' || !byAddress) return { kind: 'undecidable' };
  const { entries, unreadable } = readList(
    member(location, 'countriesAndRegions'),
    readCountryCode,
  );
  return {
    kind: 'country',
    countries: new Set(entries),
    unreadable,
    unknownCountries: readSwitch(member(location, 'includeUnknownCountriesAndRegions')),
  };
}

const places = { trusted: 0, doubtful: 1, first: 2 } as const;

/** The places that count as one, because they are trusted or may be. */
function together(read: readonly ReadIpLocation[], trusted: Ternary): readonly ReadIpLocation[] {
  return read.filter((one) => one.trusted === trusted);
}

function placeFinder(
  read: readonly ReadIpLocation[],
  table: PrefixTable,
): NamedLocations['placesOf'] {
  const trust = Uint8Array.from([
    ...Array.from({ length: places.first }, () => 0),
    ...read.map(({ trusted }) => (trusted === 'match' ? 1 : trusted === 'unknown' ? 2 : 0)),
  ]);
  return ({ address }) => {
    if (address === undefined) return [];
    const found = table.ownersOf(address);
    let seen = 0;
    for (const place of found) seen |= trust[place] ?? 0;
    if ((seen & 1) !== 0) found.push(places.trusted);
    if ((seen & 2) !== 0) found.push(places.doubtful);
    return found;
  };
}

/** Reads the locations once per set. A location without an id can be named by nobody. */
export function readNamedLocations(locations: readonly unknown[]): NamedLocations {
  const byId = new Map<string, NamedLocation>();
  const ip: ReadIpLocation[] = [];
  const prefixes = { v4: new PrefixList(1), v6: new PrefixList(4) };
  for (const location of locations) {
    const id = isObject(location) ? member(location, 'id') : undefined;
    if (!isObject(location) || typeof id !== 'string') continue;
    const key = id.toLowerCase();
    const kind = locationKind(location);
    let read: NamedLocation;
    if (kind === 'ip') {
      const own = readIpLocation(location, key, places.first + ip.length, prefixes);
      ip.push(own);
      read = own.location;
    } else read = readOther(location, kind);
    byId.set(key, byId.has(key) ? { kind: 'undecidable' } : read);
  }
  const union = (place: number, trusted: Ternary): IpLocation => ({
    kind: 'ip',
    place,
    unreadable: together(ip, trusted).some(({ location }) => location.unreadable),
  });
  const trusted = union(places.trusted, 'match');
  if (!byId.has(mfaTrustedIps))
    byId.set(mfaTrustedIps, { kind: 'ip', place: places.first + ip.length, unreadable: false });
  const table = new PrefixTable(prefixes.v4, prefixes.v6);
  const doubtful = union(places.doubtful, 'unknown');
  return { byId, trusted, doubtful, placesOf: placeFinder(ip, table) };
}

function isInPlace(
  world: NamedLocations,
  { place, unreadable }: IpLocation,
  facts: KnownFacts,
): Ternary {
  // An unknown address is in no range, not even in one that cannot be read.
  if (facts.address === undefined) return 'noMatch';
  return either(known(world.placesOf(facts).includes(place)), unreadable ? 'unknown' : 'noMatch');
}

/** Whether a sign-in comes from a location; undefined stands for one the set does not hold. */
export function comesFrom(
  world: NamedLocations,
  location: NamedLocation | undefined,
  facts: KnownFacts,
): Ternary {
  if (location === undefined || location.kind === 'undecidable') return 'unknown';
  if (location.kind === 'ip') return isInPlace(world, location, facts);
  if (facts.country === undefined) return location.unknownCountries;
  return either(
    known(location.countries.has(facts.country)),
    location.unreadable ? 'unknown' : 'noMatch',
  );
}

/** Whether a sign-in comes from any trusted location. */
export function comesFromTrusted(world: NamedLocations, facts: KnownFacts): Ternary {
  const doubtful = comesFrom(world, world.doubtful, facts);
  return either(
    comesFrom(world, world.trusted, facts),
    doubtful === 'noMatch' ? doubtful : 'unknown',
  );
}
