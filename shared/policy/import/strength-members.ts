import type * as z from 'zod';
import { isObject } from '../wire.ts';
import { type Checked, carry, check, type Origin, refuse, together } from './members.ts';

/** What an authentication strength is judged by. */
const enforced = ['id', 'allowedCombinations', 'combinationConfigurations'];

/** What Graph writes beside it: kept and shown. */
const carried = [
  'displayName',
  'description',
  'policyType',
  'requirementsSatisfied',
  'createdDateTime',
  'modifiedDateTime',
];

/** A strength as a policy holds it, whole or by id. */
export function checkStrength(
  origin: Origin,
  path: readonly string[],
  value: unknown,
  schema: z.ZodType,
): Checked {
  if (!isObject(value)) return check(origin, path, value, schema, 'enforced');
  const entries = Object.entries(value);
  const judged = Object.fromEntries(entries.filter(([name]) => enforced.includes(name)));
  const beside = entries.map(([name]) => name).filter((name) => !enforced.includes(name));
  return together([
    check(origin, path, judged, schema, 'enforced'),
    ...beside.map((name) =>
      carried.includes(name)
        ? carry(origin, [...path, name])
        : refuse(origin, [...path, name], 'not known here'),
    ),
  ]);
}
