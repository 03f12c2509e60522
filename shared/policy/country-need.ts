import { isEnabled } from './import/enabled.ts';
import { configuredMembers, isObject, type JsonObject, member } from './wire.ts';

/**
 * Whether any policy asks for a country. To the engine an unknown country is outside every country, so
 * a policy that blocks one would never apply: while an enabled policy asks and nobody can say, nothing
 * may be decided. One that only reports must not stop anybody.
 */
export type CountryNeed = 'required' | 'wanted' | 'none';

export function countryNeed(
  policies: readonly JsonObject[],
  namedLocations: readonly unknown[],
): CountryNeed {
  const ids = namedLocations.flatMap((location) => countryLocationId(location) ?? []);
  const asking = policies.filter((policy) => {
    const text = JSON.stringify(policy).toLowerCase();
    return ids.some((id) => text.includes(id));
  });
  if (asking.some(isEnabled)) return 'required';
  return asking.length > 0 ? 'wanted' : 'none';
}

/** Graph: `countryNamedLocation`, known by its type or by its list. */
function countryLocationId(location: unknown): string | undefined {
  if (!isObject(location)) return undefined;
  const type = location['@odata.type'];
  const isCountry =
    configuredMembers(location).has('countriesAndRegions') ||
    (typeof type === 'string' && /country/i.test(type));
  const id = member(location, 'id');
  return isCountry && typeof id === 'string' && id !== '' ? id.toLowerCase() : undefined;
}
