import { devicePlatforms } from '../sign-in-facts.ts';
import { known } from '../ternary.ts';
import { configuredMembers, isObject, readList, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant } from './condition.ts';
import { always, includeExclude, type Matcher, unreadable } from './lists.ts';

const readPlatform = wordReader([...devicePlatforms, 'all']);

function readSide(value: unknown, property: string): Matcher[] {
  const listed = readList(value, readPlatform);
  const matchers: Matcher[] = listed.entries.map((word) =>
    // An unknown platform is `all` and nothing else.
    word === 'all'
      ? always('match', word)
      : { label: word, test: ({ devicePlatform }) => known(devicePlatform === word) },
  );
  return listed.unreadable ? [...matchers, unreadable(property)] : matchers;
}

/** @see Graph: conditionalAccessPlatforms. With excludes only, every platform is included. */
export const platforms: ConditionDefinition<'platforms'> = {
  name: 'platforms',
  reason: 'devicePlatform',
  facts: ['devicePlatform'],
  read(value) {
    if (!isObject(value)) return constant('unknown', 'cannot be read');
    const members = configuredMembers(value);
    const include = readSide(members.get('includePlatforms'), 'includePlatforms');
    const exclude = readSide(members.get('excludePlatforms'), 'excludePlatforms');
    members.delete('includePlatforms');
    members.delete('excludePlatforms');
    const [stranger] = members.keys();
    if (stranger !== undefined) return constant('unknown', `unknown member ${stranger}`);
    return includeExclude(include.length > 0 ? include : [always('match', 'all')], exclude);
  },
};
