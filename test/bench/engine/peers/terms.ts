import type { SignInFacts } from '../../../../shared/policy/index.ts';
import type { Places } from '../hand-places.ts';
import { readHandFacts } from '../hand-tests.ts';
import type { GeneratedPolicy } from '../workload.ts';

/**
 * What the peers are told. None of them knows Graph's policies, so each gets the same plain terms and
 * puts them into its own language. **They are given the places of an address for nothing**: none can
 * look up ranges, and whoever used one would do that before.
 */
export type PeerFacts = Readonly<Record<FactName, readonly string[]>>;

export type FactName =
  | 'user'
  | 'groups'
  | 'roles'
  | 'guestType'
  | 'tenant'
  | 'app'
  | 'client'
  | 'platform'
  | 'places'
  | 'signInRisk'
  | 'userRisk';

/** Some value of the fact is one of these. */
export type Term = { readonly fact: FactName; readonly oneOf: readonly string[] };

/** Holds where all terms of one of the alternatives hold, and no term of `none`. */
export type Condition = {
  /** Empty: everybody. */
  readonly some: readonly (readonly Term[])[];
  readonly none: readonly Term[];
};

/** Which policies a peer finds to apply, among those that it was given. */
export type Peer = (facts: PeerFacts) => readonly string[] | Promise<readonly string[]>;

const allTrusted = 'AllTrusted';

export function peerFactsOf(given: SignInFacts, places: Places, ids: readonly string[]): PeerFacts {
  const { user, groups, roles, guestType, tenant, app, client, platform, point, ...risk } =
    readHandFacts(given);
  return {
    user: [user],
    groups,
    roles,
    guestType: [guestType],
    tenant: [tenant],
    app: [app],
    client: [client],
    platform: [platform],
    places: [
      ...ids.filter((id) => places.isIn(id, point)),
      ...(places.isTrusted(point) ? [allTrusted] : []),
    ],
    signInRisk: [risk.signInRisk],
    userRisk: [risk.userRisk],
  };
}

export function conditionsOf({ conditions }: GeneratedPolicy): readonly Condition[] {
  const { users, applications, clientAppTypes, platforms, locations } = conditions;
  const { signInRiskLevels, userRiskLevels } = conditions;
  return [
    usersCondition(users),
    listed('app', applications.includeApplications, applications.excludeApplications),
    listed('client', clientAppTypes),
    listed('platform', platforms?.includePlatforms, platforms?.excludePlatforms),
    listed('places', locations?.includeLocations, locations?.excludeLocations),
    listed('signInRisk', signInRiskLevels),
    listed('userRisk', userRiskLevels),
  ].filter(({ some, none }) => some.length + none.length > 0);
}

const everybody = ['All', 'all'];

function listed(
  fact: FactName,
  include: readonly string[] = everybody,
  exclude: readonly string[] = [],
): Condition {
  return {
    some: include.some((word) => everybody.includes(word)) ? [] : [[{ fact, oneOf: include }]],
    none: exclude.length > 0 ? [{ fact, oneOf: exclude }] : [],
  };
}

function usersCondition(users: GeneratedPolicy['conditions']['users']): Condition {
  const term = (fact: FactName, oneOf: readonly string[] | undefined): readonly Term[] =>
    oneOf ? [{ fact, oneOf }] : [];
  const guests = users.includeGuestsOrExternalUsers;
  const none = [...term('user', users.excludeUsers), ...term('groups', users.excludeGroups)];
  if (users.includeUsers?.includes('All')) return { some: [], none };
  const alternatives = [
    term('user', users.includeUsers),
    term('groups', users.includeGroups),
    term('roles', users.includeRoles),
    ...(guests ? guestAlternatives(guests) : []),
  ];
  return { some: alternatives.filter((terms) => terms.length > 0), none };
}

function guestAlternatives({
  guestOrExternalUserTypes,
  externalTenants,
}: NonNullable<GeneratedPolicy['conditions']['users']['includeGuestsOrExternalUsers']>) {
  const types = guestOrExternalUserTypes.split(',');
  const kind: Term = { fact: 'guestType', oneOf: types };
  if (externalTenants.membershipKind === 'all') return [[kind]];
  const tenant: Term = { fact: 'tenant', oneOf: externalTenants.members };
  // an account in this directory has no home tenant to compare
  const internal: Term = { fact: 'guestType', oneOf: ['internalGuest'] };
  return [[kind, tenant], ...(types.includes('internalGuest') ? [[internal]] : [])];
}
