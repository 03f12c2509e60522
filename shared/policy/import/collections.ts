import { isObject, member } from '../wire.ts';
import { step } from './pointers.ts';

/** One element of what was read, and where it stood. */
export interface Element {
  readonly value: unknown;
  readonly pointer: string;
}

/** One object, a list, or a Graph collection; undefined when it is none of them. */
export function elementsOf(json: unknown): readonly Element[] | undefined {
  if (Array.isArray(json))
    return json.map((value: unknown, index) => ({ value, pointer: step('', index) }));
  if (!isObject(json)) return undefined;
  const inner = member(json, 'value');
  if (!Array.isArray(inner)) return [{ value: json, pointer: '' }];
  const base = step('', Object.hasOwn(json, 'value') ? 'value' : 'Value');
  return inner.map((value: unknown, index) => ({ value, pointer: step(base, index) }));
}

/** Ids, in lower case, that more than one element has. */
export function repeatedIds(ids: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const id of ids.map((i) => i.toLowerCase())) (seen.has(id) ? repeated : seen).add(id);
  return repeated;
}
