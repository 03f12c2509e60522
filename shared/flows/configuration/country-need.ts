import { isEnabled } from './enabled-policy.ts';

/**
 * Which enabled policies ask for a country. The country of an address is not looked up yet, and to
 * the engine an unknown country is outside every country: a policy that blocks one would never
 * apply. So activating such a policy is refused, and one that is stored all the same decides nothing.
 */
export function asksForCountry(
  policy: Readonly<Record<string, unknown>>,
  namedLocations: readonly unknown[],
): boolean {
  if (!isEnabled(policy)) return false;
  const text = JSON.stringify(policy).toLowerCase();
  return namedLocations.some((location) => {
    const id = countryLocationId(location);
    return id !== undefined && text.includes(id);
  });
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
