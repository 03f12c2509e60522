import { z } from 'zod';

/**
 * What is kept of the schema tool's output: names, types and flags, without descriptions.
 *
 * A member is written `[required |read-only |write-only ]type`, where a type is `string`, `int`,
 * `bool`, `any`, the name of another object, a union `A | B` (with `string` in it: anything), or one of
 * these with `[]`. The member `*` is the type of every other member. `by` names the member whose
 * value chooses one of `cases`.
 */
const objectType = z.record(z.string(), z.string());
const choice = z.strictObject({ by: z.string(), cases: z.record(z.string(), z.string()) });

const resourceType = z.strictObject({
  /** The object that the resource's body is. */
  body: z.string(),
  objects: z.record(z.string(), objectType),
  choices: z.record(z.string(), choice),
});

export const schemaData = z.strictObject({
  tool: z.string(),
  version: z.string(),
  command: z.string(),
  resources: z.record(z.string(), resourceType),
  /** Types that the tool does not know in this version; of these only the syntax is checked. */
  unknown: z.array(z.string()),
});

export type SchemaData = z.infer<typeof schemaData>;
export type ResourceType = z.infer<typeof resourceType>;
export type Choice = z.infer<typeof choice>;

/** A member's type as it is written above, in parts. */
export function readMember(written: string): {
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  readonly type: string;
} {
  const [, flag, type = ''] = /^(required |read-only |write-only )?(.*)$/.exec(written) ?? [];
  return { isRequired: flag === 'required ', isReadOnly: flag === 'read-only ', type };
}
