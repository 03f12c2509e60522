import { z } from 'zod';
import { comesFrom, comesFromTrusted } from '../named-locations.ts';
import { guidOr, list } from '../schema.ts';
import { configuredMembers, isObject, readGuid, readList, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant, type PolicyWorld } from './condition.ts';
import { always, includeExclude, type Matcher, unreadable } from './lists.ts';

const words = { include: ['All', 'AllTrusted'], exclude: ['AllTrusted'] } as const;
const readWord = { include: wordReader(words.include), exclude: wordReader(words.exclude) };

function readSide(value: unknown, side: 'include' | 'exclude', world: PolicyWorld): Matcher[] {
  const listed = readList(value, (entry) => readGuid(entry) ?? readWord[side](entry));
  const matchers: Matcher[] = listed.entries.map((entry) => {
    if (entry === 'All') return always('match', entry);
    if (entry === 'AllTrusted')
      return { label: entry, test: (facts) => comesFromTrusted(world.namedLocations, facts) };
    const location = world.namedLocations.byId.get(entry);
    return { label: entry, test: (facts) => comesFrom(location, facts) };
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
