import { isObject, type JsonObject, member } from './wire.ts';

/** One element of what was read, and where it stood (RFC 6901). */
export interface Element {
  readonly value: unknown;
  readonly pointer: string;
}

const policyMembers = ['displayName', 'state', 'conditions', 'grantControls', 'sessionControls'];

/** Whether an object on its own is a policy, and not an error body or some other answer. */
export function isPolicy(value: JsonObject): boolean {
  return policyMembers.some((name) => member(value, name) !== undefined);
}

export function hasId(value: JsonObject): boolean {
  return member(value, 'id') !== undefined;
}

/** A list, a Graph collection, or one object that `isOne` knows; undefined when it is none of them. */
export function elementsOf(
  json: unknown,
  isOne: (value: JsonObject) => boolean,
): readonly Element[] | undefined {
  const list = (values: readonly unknown[], base: string): readonly Element[] =>
    values.map((value, index) => ({ value, pointer: `${base}/${index}` }));
  if (Array.isArray(json)) return list(json, '');
  if (!isObject(json)) return undefined;
  const inner = member(json, 'value');
  if (Array.isArray(inner)) return list(inner, Object.hasOwn(json, 'value') ? '/value' : '/Value');
  return isOne(json) ? [{ value: json, pointer: '' }] : undefined;
}
