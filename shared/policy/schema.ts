import * as z from 'zod';
import { parseRule, type Resolve } from './rule/rule.ts';
import { isGuid, readFlags, wordReader } from './wire.ts';

// What an import accepts without complaint. `compile` reads far more, as restrictions.

/** A word of a closed list, in any case. */
export function word(words: readonly string[]): z.ZodType {
  const read = wordReader(words);
  return z
    .unknown()
    .refine((value) => read(value) !== undefined, {
      message: `expected one of ${words.join(', ')}`,
    })
    .meta({ examples: [...words] });
}

export const guid: z.ZodType = z.unknown().refine(isGuid, {
  message: 'expected an id (GUID), not a name or a placeholder',
});

/** An id, or one of the words documented for this list. */
export function guidOr(words: readonly string[]): z.ZodType {
  const read = wordReader(words);
  return z
    .unknown()
    .refine((value) => isGuid(value) || read(value) !== undefined, {
      message: `expected an id (GUID) or one of ${words.join(', ')}`,
    })
    .meta({ examples: [...words] });
}

/** A list that may be left out. */
export function list(item: z.ZodType): z.ZodType {
  return z.array(item).optional();
}

/** A flags enumeration: a comma-joined text or an array. */
export function flags(words: readonly string[]): z.ZodType {
  const read = wordReader(words);
  return z
    .unknown()
    .refine((value) => !readFlags(value, read).unreadable, {
      message: `expected a comma-joined text of ${words.join(', ')}`,
    })
    .meta({ examples: [words.join(',')] });
}

/** A filter with a rule over the properties that `resolve` knows. */
export function filter<Subject>(resolve: Resolve<Subject>): z.ZodType {
  return z.strictObject({
    mode: word(['include', 'exclude']),
    rule: z.unknown().refine((rule) => parseRule(rule, resolve) !== undefined, {
      message: 'the rule does not parse',
    }),
  });
}
