import type { SignInFacts } from '../../../shared/policy/index.ts';
import { type Places, readPoint } from './hand-places.ts';
import type { GeneratedPolicy, Guests } from './workload.ts';

/** The facts as a loop wants them; reading them belongs to each decision. */
export function readHandFacts(given: SignInFacts) {
  const { user, target, authentication } = given;
  return {
    user: user?.id ?? '',
    groups: user?.groupIds ?? [],
    roles: user?.roleTemplateIds ?? [],
    guestType: user?.guestOrExternalUserType ?? '',
    tenant: user?.homeTenantId ?? '',
    app: target?.kind === 'application' ? (target.appId ?? '') : '',
    client: given.clientAppType ?? '',
    platform: given.devicePlatform ?? '',
    point: readPoint(given.ipAddress ?? ''),
    signInRisk: given.signInRiskLevel ?? '',
    userRisk: given.userRiskLevel ?? '',
    proved: authentication?.methods?.some(({ where }) => where === 'resource') ?? false,
  };
}

export type HandFacts = ReturnType<typeof readHandFacts>;
type Test = (facts: HandFacts) => boolean;
type Conditions = GeneratedPolicy['conditions'];

/** A policy applies where all of these hold. */
export function testsOf(conditions: Conditions, places: Places): readonly Test[] {
  const { clientAppTypes, platforms, locations, signInRiskLevels, userRiskLevels } = conditions;
  return [
    usersTest(conditions.users),
    applicationsTest(conditions.applications),
    ...(clientAppTypes.includes('all') ? [] : [oneOf(clientAppTypes, (f) => f.client)]),
    ...(platforms ? [platformsTest(platforms)] : []),
    ...(locations ? [locationsTest(locations, places)] : []),
    ...(signInRiskLevels ? [oneOf(signInRiskLevels, (f) => f.signInRisk)] : []),
    ...(userRiskLevels ? [oneOf(userRiskLevels, (f) => f.userRisk)] : []),
  ];
}

function oneOf(words: readonly string[], fact: (facts: HandFacts) => string): Test {
  const set = new Set(words);
  return (facts) => set.has(fact(facts));
}

function anyOf(ids: readonly string[], held: (facts: HandFacts) => readonly string[]): Test {
  const set = new Set(ids);
  return (facts) => held(facts).some((id) => set.has(id));
}

function usersTest(users: Conditions['users']): Test {
  if (users.includeUsers?.includes('All')) return excluding(users, () => true);
  const guests = users.includeGuestsOrExternalUsers;
  const included: Test[] = [
    ...(users.includeUsers ? [oneOf(users.includeUsers, (f) => f.user)] : []),
    ...(users.includeGroups ? [anyOf(users.includeGroups, (f) => f.groups)] : []),
    ...(users.includeRoles ? [anyOf(users.includeRoles, (f) => f.roles)] : []),
    ...(guests ? [guestsTest(guests)] : []),
  ];
  return excluding(users, (facts) => included.some((test) => test(facts)));
}

function excluding(users: Conditions['users'], included: Test): Test {
  const person = oneOf(users.excludeUsers ?? [], (f) => f.user);
  const group = anyOf(users.excludeGroups ?? [], (f) => f.groups);
  return (facts) => included(facts) && !person(facts) && !group(facts);
}

function guestsTest({ guestOrExternalUserTypes, externalTenants }: Guests): Test {
  const types = new Set(guestOrExternalUserTypes.split(','));
  if (externalTenants.membershipKind === 'all') return (facts) => types.has(facts.guestType);
  const tenants = new Set(externalTenants.members);
  // an account in this directory has no home tenant to compare
  return ({ guestType, tenant }) =>
    types.has(guestType) && (guestType === 'internalGuest' || tenants.has(tenant));
}

function applicationsTest(apps: Conditions['applications']): Test {
  const excluded = new Set(apps.excludeApplications);
  if (apps.includeApplications?.includes('All')) return ({ app }) => !excluded.has(app);
  return oneOf(apps.includeApplications ?? [], (f) => f.app);
}

function platformsTest(platforms: NonNullable<Conditions['platforms']>): Test {
  const excluded = new Set(platforms.excludePlatforms);
  const included = platforms.includePlatforms?.includes('all')
    ? () => true
    : oneOf(platforms.includePlatforms ?? [], (f) => f.platform);
  return (facts) => included(facts) && !excluded.has(facts.platform);
}

function locationsTest(locations: NonNullable<Conditions['locations']>, places: Places): Test {
  const { includeLocations = [], excludeLocations = [] } = locations;
  const inside = (entries: readonly string[]): Test =>
    entries.includes('AllTrusted')
      ? ({ point }) => places.isTrusted(point)
      : ({ point }) => entries.some((id) => places.isIn(id, point));
  const included = includeLocations.includes('All') ? () => true : inside(includeLocations);
  const excluded = inside(excludeLocations);
  return (facts) => included(facts) && !excluded(facts);
}
