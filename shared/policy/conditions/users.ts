import * as z from 'zod';
import { claims, type Dimension, notKnown, unknownWithout } from '../compiled/claim.ts';
import type { IdSet, KnownFacts } from '../known-facts.ts';
import { guid, guidOr, list } from '../schema.ts';
import { known, type Ternary } from '../ternary.ts';
import { configuredMembers, isObject, readGuid, readList, wordReader } from '../wire.ts';
import { type Condition, type ConditionDefinition, constant, type Matcher } from './condition.ts';
import { guestClaims, guestsSchema, isGuest, readGuests } from './guests-or-external-users.ts';
import { always, includeExclude, unreadable } from './lists.ts';

const userOf: Dimension = (facts) => facts.userId ?? notKnown;

/** The ids held, and `notKnown` where there may be more. */
function idsIn(held: IdSet | undefined): readonly string[] | string {
  if (held === undefined) return notKnown;
  return held.complete ? held.ids : [...held.ids, notKnown];
}
const groupsOf: Dimension = (facts) => idsIn(facts.groups);
const rolesOf: Dimension = (facts) => idsIn(facts.roles);

type Side = 'include' | 'exclude';

const wordMatchers: Readonly<Record<string, Matcher>> = {
  All: always('match', 'All'),
  None: always('noMatch', 'None'),
  // Agents are workloads: no guest is one.
  AllAgentIdUsers: always('noMatch', 'AllAgentIdUsers'),
  GuestsOrExternalUsers: { label: 'GuestsOrExternalUsers', test: isGuest, claims: guestClaims },
};

const words = {
  include: ['All', 'None', 'AllAgentIdUsers', 'GuestsOrExternalUsers'],
  exclude: ['GuestsOrExternalUsers'],
} as const;
const readWord = { include: wordReader(words.include), exclude: wordReader(words.exclude) };

function readUsers(value: unknown, side: Side): Matcher[] {
  const listed = readList(value, (entry) => readGuid(entry) ?? readWord[side](entry));
  const ids = new Set(listed.entries.filter((entry) => !Object.hasOwn(wordMatchers, entry)));
  const matchers = listed.entries.flatMap((entry) => wordMatchers[entry] ?? []);
  if (ids.size > 0)
    matchers.push({
      label: 'the user',
      test: ({ userId }) => (userId === undefined ? 'unknown' : known(ids.has(userId))),
      claims: [...claims(userOf, ids), unknownWithout(userOf)],
    });
  if (listed.unreadable) matchers.push(unreadable(`${side}Users`));
  return matchers;
}

function overlap(wanted: ReadonlySet<string>, held: IdSet | undefined): Ternary {
  if (held === undefined) return 'unknown';
  for (const id of held.ids) if (wanted.has(id)) return 'match';
  return held.complete ? 'noMatch' : 'unknown';
}

function readMembership(
  value: unknown,
  property: string,
  held: (facts: KnownFacts) => IdSet | undefined,
  dimension: Dimension,
): Matcher[] {
  const listed = readList(value, readGuid);
  const wanted = new Set(listed.entries);
  const matchers: Matcher[] = [];
  if (wanted.size > 0)
    matchers.push({
      label: property,
      test: (facts) => overlap(wanted, held(facts)),
      claims: [...claims(dimension, wanted), unknownWithout(dimension)],
    });
  if (listed.unreadable) matchers.push(unreadable(property));
  return matchers;
}

/** The matchers of one side, and whether every member of it is known here. */
function readSide(members: Map<string, unknown>, side: Side): Matcher[] | undefined {
  const take = (name: string): unknown => {
    const value = members.get(side + name);
    members.delete(side + name);
    return value;
  };
  const matchers = [
    ...readUsers(take('Users'), side),
    ...readMembership(take('Groups'), `${side}Groups`, (f) => f.groups, groupsOf),
    ...readMembership(take('Roles'), `${side}Roles`, (f) => f.roles, rolesOf),
  ];
  const guests = take('GuestsOrExternalUsers');
  if (guests === undefined) return matchers;
  const matcher = readGuests(guests, `${side}GuestsOrExternalUsers`);
  return matcher === undefined ? undefined : [...matchers, matcher];
}

function read(value: unknown): Condition {
  if (value === undefined || value === null) return constant('noMatch', 'no user is included');
  if (!isObject(value)) {
    return Array.isArray(value) && value.length === 0
      ? constant('noMatch', 'no user is included')
      : constant('unknown', 'cannot be read');
  }
  const members = configuredMembers(value);
  const include = readSide(members, 'include');
  const exclude = readSide(members, 'exclude');
  const [stranger] = members.keys();
  if (stranger !== undefined) return constant('unknown', `unknown member ${stranger}`);
  if (include === undefined || exclude === undefined)
    return constant('unknown', 'unknown member of the guest types');
  return includeExclude(include, exclude);
}

/** @see Graph: conditionalAccessUsers. Empty include lists match nobody. */
export const users: ConditionDefinition<'users'> = {
  name: 'users',
  reason: 'users',
  facts: ['user'],
  schema: z
    .strictObject({
      includeUsers: list(guidOr(words.include)),
      excludeUsers: list(guidOr(words.exclude)),
      includeGroups: list(guid),
      excludeGroups: list(guid),
      includeRoles: list(guid),
      excludeRoles: list(guid),
      includeGuestsOrExternalUsers: guestsSchema.optional(),
      excludeGuestsOrExternalUsers: guestsSchema.optional(),
    })
    .optional(),
  always: true,
  read,
};
