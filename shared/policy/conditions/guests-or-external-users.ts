import * as z from 'zod';
import { type Claim, type Dimension, notKnown, unknownWithout } from '../compiled/claim.ts';
import type { KnownFacts } from '../known-facts.ts';
import { flags, guid, list, word } from '../schema.ts';
import { type GuestType, guestTypes } from '../sign-in-facts.ts';
import { both, either, known, type Ternary } from '../ternary.ts';
import { configuredMembers, isObject, readFlags, readGuid, readList, wordReader } from '../wire.ts';
import type { Matcher } from './condition.ts';
import { always, unreadable } from './lists.ts';

const readType = wordReader(guestTypes);
const readKind = wordReader(['all', 'enumerated']);

/** What an import accepts of one side. */
export const guestsSchema = z.strictObject({
  guestOrExternalUserTypes: flags(guestTypes),
  externalTenants: z
    .strictObject({ membershipKind: word(['all', 'enumerated']), members: list(guid) })
    .optional(),
});

const typeOf: Dimension = (facts) => facts.guestType ?? notKnown;

/** The home tenant of guests of one type; of those whose type is not known, for `notKnown`. */
const tenantOf: Readonly<Record<GuestType | typeof notKnown, Dimension>> = Object.fromEntries(
  [...guestTypes, notKnown].map((type): [string, Dimension] => [
    type,
    (facts) =>
      (facts.guestType ?? notKnown) === type && facts.homeTenantId !== null
        ? (facts.homeTenantId ?? notKnown)
        : undefined,
  ]),
) as Record<GuestType | typeof notKnown, Dimension>;

/** The tenants of one side: what they say of any guest, and whose they are when listed one by one. */
interface Tenants {
  test(facts: KnownFacts): Ternary;
  /** What is said of a guest from elsewhere. */
  readonly others: Ternary;
  readonly listed?: ReadonlySet<string>;
}

function allTenants(says: Ternary): Tenants {
  return { test: () => says, others: says };
}

/** Any kind of guest or external user, as the word `GuestsOrExternalUsers` means it. */
export function isGuest(facts: KnownFacts): Ternary {
  return facts.guestType === undefined ? 'unknown' : known(facts.guestType !== 'none');
}

/** `isGuest` as claims. */
export const guestClaims: readonly Claim[] = [
  ...guestTypes
    .filter((type) => type !== 'none')
    .map((value): Claim => ({ dimension: typeOf, value, says: 'match' })),
  unknownWithout(typeOf),
];

/** Undefined when a member is not known here. @see Graph: conditionalAccessExternalTenants */
function readTenants(value: unknown): Tenants | undefined {
  if (value === undefined) return allTenants('match');
  if (!isObject(value)) return allTenants('unknown');
  const members = configuredMembers(value);
  const kind = readKind(members.get('membershipKind'));
  const listed = readList(members.get('members'), readGuid);
  members.delete('membershipKind');
  members.delete('members');
  if (members.size > 0) return undefined;
  if (kind === undefined) return allTenants('unknown');
  if (kind === 'all') return allTenants('match');
  const ids = new Set(listed.entries);
  const others = listed.unreadable ? 'unknown' : 'noMatch';
  return {
    listed: ids,
    others,
    test({ homeTenantId }) {
      if (homeTenantId === undefined) return 'unknown';
      return homeTenantId !== null && ids.has(homeTenantId) ? 'match' : others;
    },
  };
}

function matchType(type: GuestType, tenants: Tenants, facts: KnownFacts): Ternary {
  if (type === 'none') return 'noMatch';
  const isType = facts.guestType === undefined ? 'unknown' : known(facts.guestType === type);
  // A guest with an account in this directory has no home tenant to compare.
  return type === 'internalGuest' ? isType : both(isType, tenants.test(facts));
}

/** `matchType` as claims. */
function claimType(type: GuestType, tenants: Tenants): readonly Claim[] {
  if (type === 'none') return [];
  const { listed, others } = type === 'internalGuest' ? allTenants('match') : tenants;
  const claims: Claim[] = [];
  if (others !== 'noMatch')
    claims.push({ dimension: typeOf, value: type, says: others }, unknownWithout(typeOf));
  if (listed === undefined) return claims;
  for (const value of listed)
    claims.push(
      { dimension: tenantOf[type], value, says: 'match' },
      { dimension: tenantOf[notKnown], value, says: 'unknown' },
    );
  return [...claims, unknownWithout(tenantOf[type]), unknownWithout(tenantOf[notKnown])];
}

/**
 * Reads one side of the guest lists. Undefined when a member of it is not known here, which leaves
 * the whole condition undecided.
 *
 * @see Graph: conditionalAccessGuestsOrExternalUsers
 */
export function readGuests(value: unknown, label: string): Matcher | undefined {
  if (!isObject(value)) return always('unknown', `${label}: cannot be read`);
  const members = configuredMembers(value);
  const types = readFlags(members.get('guestOrExternalUserTypes'), readType);
  const tenants = readTenants(members.get('externalTenants'));
  const typed = members.delete('guestOrExternalUserTypes');
  members.delete('externalTenants');
  if (members.size > 0 || tenants === undefined) return undefined;
  if (!typed) return always('unknown', `${label}: tenants without guest types`);
  return {
    label,
    claims: [
      ...types.entries.flatMap((type) => claimType(type, tenants)),
      ...(types.unreadable ? (unreadable(label).claims ?? []) : []),
    ],
    test(facts) {
      const start: Ternary = types.unreadable ? 'unknown' : 'noMatch';
      return types.entries.reduce<Ternary>(
        (outcome, type) => either(outcome, matchType(type, tenants, facts)),
        start,
      );
    },
  };
}
