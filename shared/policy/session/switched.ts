import * as z from 'zod';
import { configuredMembers, isObject } from '../wire.ts';

/**
 * The members of a control with `isEnabled`: undefined when it is off, null when it is no such control.
 * Only `true` switches on.
 */
export function switchedOn(
  value: unknown,
  parts: readonly string[] = [],
): ReadonlyMap<string, unknown> | undefined | null {
  if (!isObject(value)) return null;
  const members = configuredMembers(value);
  for (const name of members.keys()) if (name !== 'isEnabled' && !parts.includes(name)) return null;
  return members.get('isEnabled') === true ? members : undefined;
}

/** What an import accepts of a control with `isEnabled`; the other members may be left out when off. */
export function switchSchema(
  parts: Readonly<Record<string, z.ZodType>>,
): z.ZodType<Readonly<Record<string, unknown>>> {
  const optional = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, part.optional()]),
  );
  const names = Object.keys(parts).filter((name) => !parts[name]?.safeParse(undefined).success);
  return z
    .strictObject({ isEnabled: z.boolean().optional(), ...optional })
    .refine((given) => given.isEnabled !== true || names.every((name) => name in given), {
      message: `switched on without ${names.join(', ')}`,
    });
}
