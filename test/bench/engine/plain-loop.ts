import type { SignInFacts } from '../../../shared/policy/index.ts';
import { type HandDecision, handLoop } from './hand-loop.ts';
import { openPlaces, type Places } from './hand-places.ts';
import type { HandFacts } from './hand-tests.ts';
import type { GeneratedLocation } from './places.ts';
import type { GeneratedPolicy } from './workload.ts';

/** The loop as one writes it first: ranges are parsed, everything else is looked at as it stands in JSON. */
export function preparePlainLoop(
  policies: readonly GeneratedPolicy[],
  locations: readonly GeneratedLocation[],
): (facts: SignInFacts) => HandDecision {
  const places = openPlaces(locations);
  return handLoop(
    policies.map((policy) => ({ policy, applies: (facts) => applies(policy, facts, places) })),
  );
}

type List = readonly string[] | undefined;

const lists = (list: List, value: string): boolean => list?.includes(value) ?? false;
const listsOneOf = (list: List, held: readonly string[]): boolean =>
  list?.some((value) => held.includes(value)) ?? false;

function applies({ conditions }: GeneratedPolicy, facts: HandFacts, places: Places): boolean {
  const { users, applications, clientAppTypes, platforms, locations } = conditions;
  const { signInRiskLevels, userRiskLevels } = conditions;
  if (!isIncluded(users, facts)) return false;
  if (lists(users.excludeUsers, facts.user) || listsOneOf(users.excludeGroups, facts.groups))
    return false;
  const { includeApplications, excludeApplications } = applications;
  if (!lists(includeApplications, 'All') && !lists(includeApplications, facts.app)) return false;
  if (lists(excludeApplications, facts.app)) return false;
  if (!lists(clientAppTypes, 'all') && !lists(clientAppTypes, facts.client)) return false;
  if (platforms) {
    const { includePlatforms, excludePlatforms } = platforms;
    if (!lists(includePlatforms, 'all') && !lists(includePlatforms, facts.platform)) return false;
    if (lists(excludePlatforms, facts.platform)) return false;
  }
  if (locations) {
    if (!isInside(locations.includeLocations, facts, places)) return false;
    if (isInside(locations.excludeLocations, facts, places)) return false;
  }
  if (signInRiskLevels && !signInRiskLevels.includes(facts.signInRisk)) return false;
  return !userRiskLevels || userRiskLevels.includes(facts.userRisk);
}

function isIncluded(users: GeneratedPolicy['conditions']['users'], facts: HandFacts): boolean {
  const { includeUsers, includeGroups, includeRoles, includeGuestsOrExternalUsers: guests } = users;
  if (lists(includeUsers, 'All') || lists(includeUsers, facts.user)) return true;
  if (listsOneOf(includeGroups, facts.groups) || listsOneOf(includeRoles, facts.roles)) return true;
  if (!guests?.guestOrExternalUserTypes.split(',').includes(facts.guestType)) return false;
  const { externalTenants } = guests;
  return (
    externalTenants.membershipKind === 'all' ||
    facts.guestType === 'internalGuest' ||
    externalTenants.members.includes(facts.tenant)
  );
}

const isInside = (entries: List, { point }: HandFacts, places: Places): boolean =>
  entries?.some(
    (entry) =>
      entry === 'All' ||
      (entry === 'AllTrusted' ? places.isTrusted(point) : places.isIn(entry, point)),
  ) ?? false;
