// §4 and §11.3, §11.4: conditions.users.
import type { Facts, Ids } from './facts.ts';
import { allOf, anyOf, fromBoolean, listMatches, not, type Three } from './kleene.ts';
import {
  flagsOf,
  hasUnknownMember,
  isConfigured,
  isGuid,
  isObject,
  same,
  wordOf,
} from './reading.ts';

const members = [
  'includeUsers',
  'excludeUsers',
  'includeGroups',
  'excludeGroups',
  'includeRoles',
  'excludeRoles',
  'includeGuestsOrExternalUsers',
  'excludeGuestsOrExternalUsers',
];
const kinds = [
  'none',
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
];

/** §4: any guest or external type, b2bCollaborationMember included. */
function anyGuest(facts: Facts): Three {
  if (facts.guestKind === undefined) return 'unknown';
  return fromBoolean(facts.guestKind !== 'none');
}

function ownId(entry: unknown, facts: Facts): Three {
  if (!isGuid(entry)) return 'unknown';
  if (facts.userId === undefined) return 'unknown';
  return fromBoolean(same(entry, facts.userId));
}

function includedUser(entry: unknown, facts: Facts): Three {
  const word = wordOf(entry, ['All', 'None', 'GuestsOrExternalUsers', 'AllAgentIdUsers']);
  if (word === 'All') return 'match';
  if (word === 'None') return 'noMatch';
  if (word === 'GuestsOrExternalUsers') return anyGuest(facts);
  // §11.3: it means agents.
  if (word === 'AllAgentIdUsers') return 'noMatch';
  return ownId(entry, facts);
}

function excludedUser(entry: unknown, facts: Facts): Three {
  if (wordOf(entry, ['GuestsOrExternalUsers']) !== undefined) return anyGuest(facts);
  return ownId(entry, facts);
}

/** §11.1: a list with an entry that cannot be read is unknown for every id it does not name. */
function listedId(entry: unknown, known: Ids | undefined): Three {
  if (!isGuid(entry)) return 'unknown';
  if (known === undefined) return 'unknown';
  if (known.ids.some((id) => same(id, entry))) return 'match';
  return known.whole ? 'noMatch' : 'unknown';
}

/** §4: externalTenants. */
function tenantMatches(tenants: unknown, facts: Facts): Three {
  if (!isConfigured(tenants)) return 'match';
  if (!isObject(tenants)) return 'unknown';
  const kind = wordOf(tenants['membershipKind'], ['all', 'enumerated']);
  if (kind === undefined) return 'unknown';
  if (kind === 'all') return 'match';
  if (facts.homeTenantId === undefined) return 'unknown';
  const home = facts.homeTenantId;
  return listMatches(tenants['members'], (entry) => {
    if (!isGuid(entry)) return 'unknown';
    // §4: a guest without a home tenant matches `all` only.
    return fromBoolean(home !== null && same(entry, home));
  });
}

function typeMatches(flag: unknown, tenants: unknown, facts: Facts): Three {
  const kind = wordOf(flag, kinds);
  if (kind === undefined) return 'unknown';
  // §4: `none` matches nobody.
  if (kind === 'none') return 'noMatch';
  const isKind = facts.guestKind === undefined ? 'unknown' : fromBoolean(kind === facts.guestKind);
  // §4: tenants are ignored for internalGuest.
  return kind === 'internalGuest' ? isKind : allOf([isKind, tenantMatches(tenants, facts)]);
}

function guestsMatch(guests: unknown, facts: Facts): Three {
  if (!isConfigured(guests)) return 'noMatch';
  if (!isObject(guests)) return 'unknown';
  const types = guests['guestOrExternalUserTypes'];
  const flags = isConfigured(types) ? flagsOf(types) : undefined;
  // Tenants without types cannot be read.
  if (flags === undefined) return 'unknown';
  return anyOf(flags.map((flag) => typeMatches(flag, guests['externalTenants'], facts)));
}

function guestsHaveUnknownMember(guests: unknown): boolean {
  if (!isObject(guests)) return false;
  if (hasUnknownMember(guests, ['guestOrExternalUserTypes', 'externalTenants'])) return true;
  const tenants = guests['externalTenants'];
  return isObject(tenants) && hasUnknownMember(tenants, ['membershipKind', 'members']);
}

export function usersMatch(users: unknown, facts: Facts): Three {
  // §11.3: null or empty = nobody.
  if (!isConfigured(users)) return 'noMatch';
  if (!isObject(users)) return 'unknown';
  // §11.4: even if the readable part does not match or an exclude matches.
  if (hasUnknownMember(users, members)) return 'unknown';
  if (guestsHaveUnknownMember(users['includeGuestsOrExternalUsers'])) return 'unknown';
  if (guestsHaveUnknownMember(users['excludeGuestsOrExternalUsers'])) return 'unknown';
  const included = anyOf([
    listMatches(users['includeUsers'], (entry) => includedUser(entry, facts)),
    listMatches(users['includeGroups'], (entry) => listedId(entry, facts.groups)),
    listMatches(users['includeRoles'], (entry) => listedId(entry, facts.roles)),
    guestsMatch(users['includeGuestsOrExternalUsers'], facts),
  ]);
  const excluded = anyOf([
    listMatches(users['excludeUsers'], (entry) => excludedUser(entry, facts)),
    listMatches(users['excludeGroups'], (entry) => listedId(entry, facts.groups)),
    listMatches(users['excludeRoles'], (entry) => listedId(entry, facts.roles)),
    guestsMatch(users['excludeGuestsOrExternalUsers'], facts),
  ]);
  return allOf([included, not(excluded)]);
}
