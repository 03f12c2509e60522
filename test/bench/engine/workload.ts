import { type Chance, chanceOf } from './random.ts';

/**
 * An organisation's Conditional Access, generated: policies in Graph's shape over users, groups,
 * roles, guests by tenant, apps, clients, platforms, risks and places. It keeps to what a plain loop
 * can be written for in an hour, so that both engines can be held to the same answers.
 */
export const guestTypes = [
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
] as const;
export const clients = [
  'browser',
  'mobileAppsAndDesktopClients',
  'easSupported',
  'easUnsupported',
  'other',
] as const;
export const platforms = ['android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux'] as const;
export const risks = ['none', 'low', 'medium', 'high'] as const;

const ids = (kind: string, count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) => `${kind}0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  );

export const pools = {
  users: ids('aaaa', 5000),
  groups: ids('bbbb', 400),
  roles: ids('cccc', 30),
  apps: ids('dddd', 300),
  tenants: ids('eeee', 50),
  locations: ids('ffff', 195),
};

export type Side<Name extends string> = { readonly [side in Name]?: readonly string[] };

export type Guests = {
  readonly guestOrExternalUserTypes: string;
  readonly externalTenants:
    | { readonly membershipKind: 'all' }
    | { readonly membershipKind: 'enumerated'; readonly members: readonly string[] };
};

export type GeneratedPolicy = {
  readonly id: string;
  readonly displayName: string;
  readonly state: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  readonly conditions: {
    readonly users: Side<
      'includeUsers' | 'excludeUsers' | 'includeGroups' | 'excludeGroups' | 'includeRoles'
    > & { readonly includeGuestsOrExternalUsers?: Guests };
    readonly applications: Side<'includeApplications' | 'excludeApplications'>;
    readonly clientAppTypes: readonly string[];
    readonly platforms?: Side<'includePlatforms' | 'excludePlatforms'>;
    readonly locations?: Side<'includeLocations' | 'excludeLocations'>;
    readonly signInRiskLevels?: readonly string[];
    readonly userRiskLevels?: readonly string[];
  };
  readonly grantControls: {
    readonly operator: 'OR';
    readonly builtInControls: readonly ['block' | 'mfa'];
  };
};

export function generatePolicies(count: number): readonly GeneratedPolicy[] {
  const chance = chanceOf(count);
  return Array.from({ length: count }, (_, index) => policy(chance, index));
}

function policy(chance: Chance, index: number): GeneratedPolicy {
  const off = chance.next();
  const state =
    off < 0.05 ? 'disabled' : off < 0.1 ? 'enabledForReportingButNotEnforced' : 'enabled';
  const narrowing = {
    ...(chance.happens(0.3) && { platforms: platformsOf(chance) }),
    ...(chance.happens(0.4) && { locations: locationsOf(chance) }),
    ...(chance.happens(0.15) && { signInRiskLevels: chance.some(risks, 1 + chance.below(2)) }),
    ...(chance.happens(0.1) && { userRiskLevels: chance.some(risks, 1 + chance.below(2)) }),
  };
  // who blocks a whole organisation notices: a block is about few people and has conditions
  const blocks = Object.keys(narrowing).length > 0 && chance.happens(0.2);
  return {
    id: `9999${String(index).padStart(4, '0')}-0000-4000-8000-000000000000`,
    displayName: `CA${index}`,
    state,
    conditions: {
      users: users(chance, blocks ? 0.15 : 0),
      applications: applications(chance),
      clientAppTypes: chance.happens(0.6) ? ['all'] : chance.some(clients, 1 + chance.below(3)),
      ...narrowing,
    },
    grantControls: { operator: 'OR', builtInControls: [blocks ? 'block' : 'mfa'] },
  };
}

function users(chance: Chance, from: number): GeneratedPolicy['conditions']['users'] {
  const { groups, roles, tenants } = pools;
  const people = chance.some(pools.users, 1 + chance.below(5));
  const who = from + chance.next() * (1 - from);
  if (who < 0.15)
    return { includeUsers: ['All'], excludeGroups: chance.some(groups, 1 + chance.below(3)) };
  if (who < 0.6)
    return { includeGroups: chance.some(groups, 1 + chance.below(4)), excludeUsers: people };
  if (who < 0.7) return { includeRoles: chance.some(roles, 1 + chance.below(3)) };
  if (who < 0.75) return { includeUsers: people };
  return {
    includeGuestsOrExternalUsers: {
      guestOrExternalUserTypes: chance.some(guestTypes, 1 + chance.below(4)).join(','),
      externalTenants: chance.happens(0.5)
        ? { membershipKind: 'all' }
        : { membershipKind: 'enumerated', members: chance.some(tenants, 1 + chance.below(5)) },
    },
    excludeGroups: chance.some(groups, chance.below(3)),
  };
}

function applications(chance: Chance): GeneratedPolicy['conditions']['applications'] {
  const few = chance.some(pools.apps, 1 + chance.below(8));
  return chance.happens(0.3)
    ? { includeApplications: ['All'], excludeApplications: few.slice(0, 3) }
    : { includeApplications: few };
}

function platformsOf(chance: Chance) {
  const few = chance.some(platforms, 1 + chance.below(3));
  return chance.happens(0.5)
    ? { includePlatforms: ['all'], excludePlatforms: few }
    : { includePlatforms: few };
}

function locationsOf(chance: Chance) {
  const few = chance.some(pools.locations, 1 + chance.below(5));
  const how = chance.next();
  if (how < 0.4) return { includeLocations: ['All'], excludeLocations: ['AllTrusted'] };
  if (how < 0.7) return { includeLocations: ['All'], excludeLocations: few };
  return { includeLocations: few };
}
