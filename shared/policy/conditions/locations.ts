import * as z from 'zod';
import { comesFrom, comesFromTrusted } from '../places/named-locations.ts';
import { claimsOf, claimsOfTrusted } from '../places/place-claims.ts';
import { guidOr, list } from '../schema.ts';
import { configuredMembers, isObject, readGuid, readList, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant, type Matcher, type PolicyWorld } from './condition.ts';
import { always, includeExclude, unreadable } from './lists.ts';

const words = { include: ['All', 'AllTrusted'], exclude: ['AllTrusted'] } as const;
const readWord = { include: wordReader(words.include), exclude: wordReader(words.exclude) };

function readSide(value: unknown, side: 'include' | 'exclude', world: PolicyWorld): Matcher[] {
  const listed = readList(value, (entry) => readGuid(entry) ?? readWord[side](entry));
  const named = world.namedLocations;
  const matchers: Matcher[] = listed.entries.map((entry) => {
    if (entry === 'All') return always('match', entry);
    if (entry === 'AllTrusted')
      return {
        label: entry,
        test: (facts) => comesFromTrusted(named, facts),
        claims: claimsOfTrusted(named),
      };
    const location = named.byId.get(entry);
    return {
      label: entry,
      test: (facts) => comesFrom(named, location, facts),
      claims: claimsOf(named, location) ?? always('unknown', entry).claims,
    };
  });
  return listed.unreadable ? [...matchers, unreadable(`${side}Locations`)] : matchers;
}

/** @see Graph: conditionalAccessLocations. With excludes only, every place is included. */
export const locations: ConditionDefinition<'locations'> = {
  name: 'locations',
  reason: 'location',
  facts: ['ipAddress', 'country'],
  schema: z.strictObject({
    includeLocations: list(guidOr(words.include)),
    excludeLocations: list(guidOr(words.exclude)),
  }),
  read(value, world) {
    if (!isObject(value)) return constant('unknown', 'cannot be read');
    const members = configuredMembers(value);
    const include = readSide(members.get('includeLocations'), 'include', world);
    const exclude = readSide(members.get('excludeLocations'), 'exclude', world);
    members.delete('includeLocations');
    members.delete('excludeLocations');
    const [stranger] = members.keys();
    if (stranger !== undefined) return constant('unknown', `unknown member ${stranger}`);
    return includeExclude(include.length > 0 ? include : [always('match', 'All')], exclude);
  },
};
