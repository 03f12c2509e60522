import { isAnnotation, isConfigured, isObject, type JsonObject, wireName } from '../wire.ts';

/** One more step of a JSON pointer. */
export function step(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** How a member is spelled: the spelling that says something, where there are several. */
function keyOf(object: JsonObject, name: string): string {
  const spelled = Object.keys(object).filter((key) => wireName(key) === name);
  return spelled.find((key) => isConfigured(object[key])) ?? spelled[0] ?? name;
}

/**
 * The pointer, in the input as it was written, to a path of wire names. It ends at the first member
 * that is not there.
 */
export function pointerTo(source: unknown, base: string, path: readonly PropertyKey[]): string {
  let at = source;
  let pointer = base;
  for (const part of path) {
    const name = String(part);
    const key = isObject(at) ? keyOf(at, name) : name;
    pointer = step(pointer, key);
    if (isObject(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else at = Array.isArray(at) ? at[Number(part)] : undefined;
    if (at === undefined || at === null) break;
  }
  return pointer;
}

// Deeper than anything Graph writes; what lies below stays as it is and fits no schema.
const deepest = 64;

/** The configured members of an object by wire name, each with every key that spells it. */
function spellings(value: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const key of Object.keys(value)) {
    if (isAnnotation(key) || !isConfigured(value[key])) continue;
    const name = wireName(key);
    found.set(name, [...(found.get(name) ?? []), key]);
  }
  return found;
}

/**
 * A value as schemas see it: wire names, configured members only, no annotations. Of two spellings of
 * one member neither is there: `respelled` names both.
 */
export function normalise(value: unknown, depth = 0): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((entry) => normalise(entry, depth + 1));
  if (!isObject(value)) return value;
  const members = new Map<string, unknown>();
  for (const [name, [key = name, ...more]] of spellings(value))
    if (more.length === 0) members.set(name, normalise(value[key], depth + 1));
  // fromEntries defines its members: a `__proto__` among them stays an ordinary one.
  return Object.fromEntries(members);
}

/** Where keys stand that `choose` picks from an object, at any depth. */
function keysAt(
  value: unknown,
  pointer: string,
  choose: (object: JsonObject) => readonly string[],
): readonly string[] {
  const found: string[] = [];
  const stack: { readonly value: unknown; readonly pointer: string }[] = [{ value, pointer }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value: inside, pointer: base } = next;
    if (typeof inside !== 'object' || inside === null) continue;
    if (isObject(inside)) found.push(...choose(inside).map((key) => step(base, key)));
    for (const [key, inner] of Object.entries(inside))
      stack.push({ value: inner, pointer: step(base, key) });
  }
  return found;
}

const namesOfPrototypes = ['__proto__', 'constructor', 'prototype'];

/** Keys that name a prototype: no honest export holds one. */
export function prototypeKeys(value: unknown, pointer: string): readonly string[] {
  return keysAt(value, pointer, (object) =>
    Object.keys(object).filter((key) => namesOfPrototypes.includes(key)),
  );
}

/** Members of one object that are spelled in two ways (`State` beside `state`): neither wins. */
export function respelled(value: unknown, pointer: string): readonly string[] {
  return keysAt(value, pointer, (object) =>
    [...spellings(object).values()].filter((keys) => keys.length > 1).flat(),
  );
}
