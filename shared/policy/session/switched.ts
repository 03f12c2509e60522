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
