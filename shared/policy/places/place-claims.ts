import { type Claim, claims, type Dimension, notKnown } from '../compiled/claim.ts';
import type { IpLocation, NamedLocation, NamedLocations } from './named-locations.ts';

const countryOf: Dimension = (facts) => facts.country ?? notKnown;
const isKnown = 'known';
const knownAddress: Dimension = (facts) => (facts.address === undefined ? undefined : isKnown);
const knownCountry: Dimension = (facts) => (facts.country === undefined ? undefined : isKnown);

function maybe(dimension: Dimension): Claim {
  return { dimension, value: isKnown, says: 'unknown' };
}

function claimsOfPlace(named: NamedLocations, location: IpLocation): readonly Claim[] {
  const inside = claims(named.placesOf, [location.place]);
  return location.unreadable ? [...inside, maybe(knownAddress)] : inside;
}

/** `comesFrom` as claims; undefined where nobody can look it up. */
export function claimsOf(
  named: NamedLocations,
  location: NamedLocation | undefined,
): readonly Claim[] | undefined {
  if (location === undefined || location.kind === 'undecidable') return undefined;
  if (location.kind === 'ip') return claimsOfPlace(named, location);
  const { countries, unreadable, unknownCountries } = location;
  const listed = [...claims(countryOf, countries)];
  if (unknownCountries !== 'noMatch')
    listed.push({ dimension: countryOf, value: notKnown, says: unknownCountries });
  if (unreadable) listed.push(maybe(knownCountry));
  return listed;
}

/** `comesFromTrusted` as claims. */
export function claimsOfTrusted(named: NamedLocations): readonly Claim[] {
  const doubtful = claimsOfPlace(named, named.doubtful);
  return [
    ...claimsOfPlace(named, named.trusted),
    ...doubtful.map((claim): Claim => ({ ...claim, says: 'unknown' })),
  ];
}
