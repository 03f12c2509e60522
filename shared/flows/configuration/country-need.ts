import { isEnabled } from './enabled-policy.ts';

/**
 * Whether any policy asks for a country. To the engine an unknown country is outside every country, so
 * a policy that blocks one would never apply: while an enabled policy asks and nobody can say, nothing
 * is decided. One that only reports must not stop anybody.
 */
export type CountryNeed = 'required' | 'wanted' | 'none';

export function countryNeed(
  policies: readonly Readonly<Record<string, unknown>>[],
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

/** Graph: `countryNamedLocation`, known by its type or by its list; keys in any case. */
function countryLocationId(location: unknown): string | undefined {
  if (typeof location !== 'object' || location === null) return undefined;
  const members = new Map(
    Object.entries(location).map(([name, value]) => [name.toLowerCase(), value as unknown]),
  );
  const type = members.get('@odata.type');
  const isCountry =
    members.has('countriesandregions') ||
    (typeof type === 'string' && type.toLowerCase().includes('country'));
  const id = members.get('id');
  return isCountry && typeof id === 'string' ? id.toLowerCase() : undefined;
}
