import * as z from 'zod';
import { claims, type Dimension } from '../compiled/claim.ts';
import { list, word } from '../schema.ts';
import { devicePlatforms } from '../sign-in-facts.ts';
import { known } from '../ternary.ts';
import { configuredMembers, isObject, readList, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant, type Matcher } from './condition.ts';
import { always, includeExclude, unreadable } from './lists.ts';

const platformOf: Dimension = (facts) => facts.devicePlatform;
const words = [...devicePlatforms, 'all'] as const;
const readPlatform = wordReader(words);

function readSide(value: unknown, property: string): Matcher[] {
  const listed = readList(value, readPlatform);
  const matchers: Matcher[] = listed.entries.map((platform) =>
    // An unknown platform is `all` and nothing else.
    platform === 'all'
      ? always('match', platform)
      : {
          label: platform,
          test: ({ devicePlatform }) => known(devicePlatform === platform),
          claims: claims(platformOf, [platform]),
        },
  );
  return listed.unreadable ? [...matchers, unreadable(property)] : matchers;
}

/** @see Graph: conditionalAccessPlatforms. With excludes only, every platform is included. */
export const platforms: ConditionDefinition<'platforms'> = {
  name: 'platforms',
  reason: 'devicePlatform',
  facts: ['devicePlatform'],
  schema: z.strictObject({
    includePlatforms: list(word(words)),
    excludePlatforms: list(word(words)),
  }),
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
