// §4, §11.4, §11.6: conditions.locations and named locations.
import { addressOf, inRange, rangeOf } from './addresses.ts';
import type { Facts } from './facts.ts';
import { allOf, anyOf, fromBoolean, listMatches, not, type Three } from './kleene.ts';
import {
  hasUnknownMember,
  isConfigured,
  isGuid,
  isObject,
  type Json,
  same,
  wordOf,
} from './reading.ts';

/** The trusted MFA addresses; an empty trusted location unless configured. */
const mfaAddresses = '00000000-0000-0000-0000-000000000000';

type Kind = 'ip' | 'country' | undefined;

function kindOf(location: Json): Kind {
  if (location['ipRanges'] !== undefined) return 'ip';
  if (location['countriesAndRegions'] !== undefined) return 'country';
  return undefined;
}

function ipLocation(location: Json, facts: Facts): Three {
  const address = addressOf(facts.ipAddress);
  // An unknown address is decided before ranges are read.
  if (address === undefined) return 'noMatch';
  return listMatches(location['ipRanges'], (entry) => {
    const range = rangeOf(entry);
    return range === undefined ? 'unknown' : fromBoolean(inRange(address, range));
  });
}

function countryLocation(location: Json, facts: Facts): Three {
  const method = location['countryLookupMethod'];
  // GPS cannot be looked up here.
  if (isConfigured(method) && wordOf(method, ['clientIpAddress']) === undefined) return 'unknown';
  const { country } = facts;
  const unknownCountries = location['includeUnknownCountriesAndRegions'];
  if (country === undefined) {
    if (isConfigured(unknownCountries) && typeof unknownCountries !== 'boolean') return 'unknown';
    return fromBoolean(unknownCountries === true);
  }
  return listMatches(location['countriesAndRegions'], (entry) =>
    typeof entry === 'string' && /^[a-z]{2}$/i.test(entry)
      ? fromBoolean(same(entry, country))
      : 'unknown',
  );
}

function locationContains(location: Json, facts: Facts): Three {
  const kind = kindOf(location);
  if (kind === 'ip') return ipLocation(location, facts);
  if (kind === 'country') return countryLocation(location, facts);
  return 'unknown';
}

/** §11.6: 0…0 is trusted whatever its isTrusted says. */
function isTrusted(location: Json): Three {
  if (String(location['id']) === mfaAddresses) return 'match';
  const trusted = location['isTrusted'];
  if (!isConfigured(trusted)) return 'noMatch';
  return typeof trusted === 'boolean' ? fromBoolean(trusted) : 'unknown';
}

/** §4: every ipNamedLocation with isTrusted. */
function allTrusted(locations: readonly Json[], facts: Facts): Three {
  // §4: an unknown address matches `All` only.
  if (addressOf(facts.ipAddress) === undefined) return 'noMatch';
  return anyOf(
    locations
      .filter((location) => kindOf(location) === 'ip')
      .map((location) => allOf([isTrusted(location), ipLocation(location, facts)])),
  );
}

function entryMatches(
  entry: unknown,
  facts: Facts,
  locations: readonly Json[],
  side: 'include' | 'exclude',
): Three {
  const word = wordOf(entry, ['All', 'AllTrusted']);
  if (word === 'AllTrusted') return allTrusted(locations, facts);
  if (word === 'All' && side === 'include') return 'match';
  if (!isGuid(entry)) return 'unknown';
  const location = locations.find(({ id }) => typeof id === 'string' && same(id, entry));
  if (location !== undefined) return locationContains(location, facts);
  return entry === mfaAddresses ? 'noMatch' : 'unknown';
}

export function locationsMatch(
  condition: unknown,
  facts: Facts,
  locations: readonly Json[],
): Three {
  if (!isObject(condition)) return 'unknown';
  if (hasUnknownMember(condition, ['includeLocations', 'excludeLocations'])) return 'unknown';
  // §4: only excludes → include = all.
  const included = isConfigured(condition['includeLocations'])
    ? listMatches(condition['includeLocations'], (entry) =>
        entryMatches(entry, facts, locations, 'include'),
      )
    : 'match';
  const excluded = listMatches(condition['excludeLocations'], (entry) =>
    entryMatches(entry, facts, locations, 'exclude'),
  );
  return allOf([included, not(excluded)]);
}
