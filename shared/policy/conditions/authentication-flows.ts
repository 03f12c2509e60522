import * as z from 'zod';
import { type Dimension, notKnown } from '../compiled/claim.ts';
import { flags } from '../schema.ts';
import { transferMethods } from '../sign-in-facts.ts';
import { configuredMembers, isObject, readFlags, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant } from './condition.ts';
import { oneOf } from './lists.ts';

const flowOf: Dimension = (facts) => facts.authenticationFlow ?? notKnown;
const readMethod = wordReader(transferMethods);

/** @see Graph: conditionalAccessAuthenticationFlows. `none` alone is how an empty choice is stored. */
export const authenticationFlows: ConditionDefinition<'authenticationFlows'> = {
  name: 'authenticationFlows',
  reason: 'authenticationFlow',
  facts: ['authenticationFlow'],
  schema: z.strictObject({ transferMethods: flags(transferMethods) }),
  read(value) {
    if (!isObject(value)) return constant('unknown', 'cannot be read');
    const members = configuredMembers(value);
    const listed = readFlags(members.get('transferMethods'), readMethod);
    members.delete('transferMethods');
    const [stranger] = members.keys();
    if (stranger !== undefined) return constant('unknown', `unknown member ${stranger}`);
    const words = new Set<string>(listed.entries);
    if (!listed.unreadable && words.size === 1 && words.has('none')) return undefined;
    return oneOf(words, listed.unreadable, (f) => f.authenticationFlow, flowOf);
  },
};
