import { claims, type Dimension, notKnown, unknownWithout } from '../compiled/claim.ts';
import { list, word } from '../schema.ts';
import { clientAppTypes as types } from '../sign-in-facts.ts';
import { known } from '../ternary.ts';
import { readList, wordReader } from '../wire.ts';
import type { ConditionDefinition, Matcher } from './condition.ts';
import { always, includeExclude, unreadable } from './lists.ts';

const clientOf: Dimension = (facts) => facts.clientAppType ?? notKnown;
const words = [...types, 'all', 'modern'] as const;
const readType = wordReader(words);

// The old words and the clients they stand for.
const covers: Readonly<Record<string, readonly string[]>> = {
  modern: ['mobileAppsAndDesktopClients'],
  exchangeActiveSync: ['exchangeActiveSync', 'easSupported', 'easUnsupported'],
};

/** @see Graph: conditionalAccessConditionSet.clientAppTypes */
export const clientAppTypes: ConditionDefinition<'clientAppTypes'> = {
  name: 'clientAppTypes',
  reason: 'clientApps',
  facts: ['clientAppType'],
  schema: list(word(words)),
  read(value) {
    const listed = readList(value, readType);
    const matchers: Matcher[] = listed.entries.map((type) => {
      if (type === 'all') return always('match', 'all');
      const wanted = covers[type] ?? [type];
      return {
        label: type,
        test: ({ clientAppType }) =>
          clientAppType === undefined ? 'unknown' : known(wanted.includes(clientAppType)),
        claims: [...claims(clientOf, wanted), unknownWithout(clientOf)],
      };
    });
    if (listed.unreadable) matchers.push(unreadable('clientAppTypes'));
    return includeExclude(matchers, []);
  },
};
