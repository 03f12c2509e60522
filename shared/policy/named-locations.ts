import { type AddressSet, addressSet, contains } from './address-set.ts';
import { type Address, type AddressRange, parseCidr, parseSpan } from './addresses.ts';
import type { KnownFacts } from './known-facts.ts';
import { both, either, known, type Ternary } from './ternary.ts';
import {
  configuredMembers,
  isConfigured,
  isObject,
  type JsonObject,
  member,
  readList,
} from './wire.ts';

/** The trusted IPs of the old MFA service: always trusted, empty unless the set names them. */
const mfaTrustedIps = '00000000-0000-0000-0000-000000000000';

interface IpLocation {
  readonly kind: 'ip';
  readonly trusted: Ternary;
  readonly addresses: AddressSet;
  readonly ranges: readonly AddressRange[];
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

/** Named locations by id in lower case, and the union of the trusted ones. */
export interface NamedLocations {
  readonly byId: ReadonlyMap<string, NamedLocation>;
  readonly trusted: IpLocation;
  /** Those of which it cannot be read whether they are trusted. */
  readonly doubtful: IpLocation;
}

/** Reads one range of an IP location. @see Graph: iPv4CidrRange, iPv4Range */
export function readRange(value: unknown): AddressRange | undefined {
  if (!isObject(value)) return undefined;
  const cidr = member(value, 'cidrAddress');
  const lower = member(value, 'lowerAddress');
  const upper = member(value, 'upperAddress');
  if (isConfigured(cidr))
    return isConfigured(lower) || isConfigured(upper) ? undefined : parseCidr(cidr);
  return parseSpan(lower, upper);
}

function readCountryCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : undefined;
}

function readSwitch(value: unknown): Ternary {
  if (value === null || value === undefined) return 'noMatch';
  return typeof value === 'boolean' ? known(value) : 'unknown';
}

function ipLocation(
  ranges: readonly AddressRange[],
  unreadable: boolean,
  trusted: Ternary,
): IpLocation {
  return { kind: 'ip', trusted, addresses: addressSet(ranges), ranges, unreadable };
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

function readLocation(location: JsonObject, id: string): NamedLocation {
  const kind = locationKind(location);
  if (kind === 'ip') {
    const { entries, unreadable } = readList(member(location, 'ipRanges'), readRange);
    const trusted = id === mfaTrustedIps ? 'match' : readSwitch(member(location, 'isTrusted'));
    return ipLocation(entries, unreadable, trusted);
  }
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

/** Reads the locations once per set. A location without an id can be named by nobody. */
export function readNamedLocations(locations: readonly unknown[]): NamedLocations {
  const byId = new Map<string, NamedLocation>();
  const all: NamedLocation[] = [];
  for (const location of locations) {
    const id = isObject(location) ? member(location, 'id') : undefined;
    if (!isObject(location) || typeof id !== 'string') continue;
    const key = id.toLowerCase();
    const read = readLocation(location, key);
    all.push(read);
    byId.set(key, byId.has(key) ? { kind: 'undecidable' } : read);
  }
  const ip = all.filter((l) => l.kind === 'ip');
  const union = (trusted: Ternary): IpLocation => {
    const locations = ip.filter((l) => l.trusted === trusted);
    const ranges = locations.flatMap((l) => l.ranges);
    return ipLocation(
      ranges,
      locations.some((l) => l.unreadable),
      trusted,
    );
  };
  if (!byId.has(mfaTrustedIps)) byId.set(mfaTrustedIps, ipLocation([], false, 'match'));
  return { byId, trusted: union('match'), doubtful: union('unknown') };
}

function inRanges(location: IpLocation, address: Address | undefined): Ternary {
  // An unknown address is in no range, not even in one that cannot be read.
  if (address === undefined) return 'noMatch';
  return either(
    known(contains(location.addresses, address)),
    location.unreadable ? 'unknown' : 'noMatch',
  );
}

/** Whether a sign-in comes from a location; undefined stands for one the set does not hold. */
export function comesFrom(location: NamedLocation | undefined, facts: KnownFacts): Ternary {
  if (location === undefined || location.kind === 'undecidable') return 'unknown';
  if (location.kind === 'ip') return inRanges(location, facts.address);
  if (facts.country === undefined) return location.unknownCountries;
  return either(
    known(location.countries.has(facts.country)),
    location.unreadable ? 'unknown' : 'noMatch',
  );
}

/** Whether a sign-in comes from any trusted location. */
export function comesFromTrusted(
  { trusted, doubtful }: NamedLocations,
  facts: KnownFacts,
): Ternary {
  return either(comesFrom(trusted, facts), both('unknown', comesFrom(doubtful, facts)));
}
