import { configuredMembers, isObject, type JsonObject, member } from '../wire.ts';
import { isEnabled } from './enabled.ts';
import { error, type ImportIssue, type ItemReport } from './report.ts';

/**
 * What the engine can decide but nobody tells it yet. An enabled policy that asks for risk would apply
 * to everybody; one that asks for a country would apply to nobody, which is looser than written. Both
 * are refused until the facts are there.
 */
export function unavailableConditions(
  { item, pointer, fields }: ItemReport,
  namedLocations: readonly unknown[],
): readonly ImportIssue[] {
  if (!isEnabled(item)) return [];
  const at = (name: RegExp): string | undefined =>
    fields.find((f) => name.test(f.pointer))?.pointer;
  const issues: ImportIssue[] = [];
  const risk = at(/\/conditions\/(signInRiskLevels|userRiskLevels|insiderRiskLevels)(\/|$)/i);
  if (risk !== undefined)
    issues.push(
      error(
        risk,
        'an enabled policy cannot ask for risk while riskDetection in settings.json is off; make it report-only',
      ),
    );
  if (asksForCountry(item, namedLocations)) {
    const place = at(/\/conditions\/locations(\/|$)/i);
    const condition = place?.replace(/(\/conditions\/locations)\/.*$/i, '$1');
    issues.push(
      error(
        condition ?? pointer,
        'an enabled policy cannot ask for a country: addresses are not looked up in this version; make it report-only',
      ),
    );
  }
  return issues;
}

/**
 * Whether an enabled policy asks for a country. To the engine an unknown country is outside every
 * country: a policy that blocks one would never apply.
 */
export function asksForCountry(policy: JsonObject, namedLocations: readonly unknown[]): boolean {
  if (!isEnabled(policy)) return false;
  const text = JSON.stringify(policy).toLowerCase();
  return namedLocations.some((location) => {
    const id = countryLocationId(location);
    return id !== undefined && text.includes(id);
  });
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
