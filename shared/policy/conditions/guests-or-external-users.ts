import { z } from 'zod';
import type { KnownFacts } from '../known-facts.ts';
import { flags, guid, list, word } from '../schema.ts';
import { type GuestType, guestTypes } from '../sign-in-facts.ts';
import { both, either, known, type Ternary } from '../ternary.ts';
import { configuredMembers, isObject, readFlags, readGuid, readList, wordReader } from '../wire.ts';
import { always, type Matcher } from './lists.ts';

const readType = wordReader(guestTypes);
const readKind = wordReader(['all', 'enumerated']);

/** What an import accepts of one side. */
export const guestsSchema = z.strictObject({
  guestOrExternalUserTypes: flags(guestTypes),
  externalTenants: z
    .strictObject({ membershipKind: word(['all', 'enumerated']), members: list(guid) })
    .optional(),
});

type TenantTest = (facts: KnownFacts) => Ternary;

/** Any kind of guest or external user, as the word `GuestsOrExternalUsers` means it. */
export function isGuest(facts: KnownFacts): Ternary {
  return facts.guestType === undefined ? 'unknown' : known(facts.guestType !== 'none');
}

/** Undefined when a member is not known here. @see Graph: conditionalAccessExternalTenants */
function readTenants(value: unknown): TenantTest | undefined {
  if (value === undefined) return () => 'match';
  if (!isObject(value)) return () => 'unknown';
  const members = configuredMembers(value);
  const kind = readKind(members.get('membershipKind'));
  const listed = readList(members.get('members'), readGuid);
  members.delete('membershipKind');
  members.delete('members');
  if (members.size > 0) return undefined;
  if (kind === undefined) return () => 'unknown';
  if (kind === 'all') return () => 'match';
  const ids = new Set(listed.entries);
  return ({ homeTenantId }) => {
    if (homeTenantId === undefined) return 'unknown';
    if (homeTenantId !== null && ids.has(homeTenantId)) return 'match';
    return listed.unreadable ? 'unknown' : 'noMatch';
  };
}

function matchType(type: GuestType, tenants: TenantTest, facts: KnownFacts): Ternary {
  if (type === 'none') return 'noMatch';
  const isType = facts.guestType === undefined ? 'unknown' : known(facts.guestType === type);
  // A guest with an account in this directory has no home tenant to compare.
  return type === 'internalGuest' ? isType : both(isType, tenants(facts));
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
    test(facts) {
      const start: Ternary = types.unreadable ? 'unknown' : 'noMatch';
      return types.entries.reduce<Ternary>(
        (outcome, type) => either(outcome, matchType(type, tenants, facts)),
        start,
      );
    },
  };
}
