import { isAnnotation, isConfigured, isObject, wireName } from '../wire.ts';

/** One more step of a JSON pointer. */
export function step(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The pointer, in the input as it was written, to a path of wire names. */
export function pointerTo(source: unknown, base: string, path: readonly PropertyKey[]): string {
  let at = source;
  let pointer = base;
  for (const part of path) {
    const name = String(part);
    const key = isObject(at)
      ? (Object.keys(at).find((k) => k === name) ??
        Object.keys(at).find((k) => wireName(k) === name) ??
        name)
      : name;
    pointer = step(pointer, key);
    if (isObject(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else at = Array.isArray(at) ? at[Number(part)] : undefined;
  }
  return pointer;
}

// Deeper than anything Graph writes; what lies below stays as it is and fits no schema.
const deepest = 64;

/** A value as schemas see it: wire names, configured members only, no annotations. */
export function normalise(value: unknown, depth = 0): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((entry) => normalise(entry, depth + 1));
  if (!isObject(value)) return value;
  const members = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    if (isAnnotation(key) || !isConfigured(value[key])) continue;
    const name = wireName(key);
    members.set(members.has(name) ? key : name, normalise(value[key], depth + 1));
  }
  // fromEntries defines its members: a `__proto__` among them stays an ordinary one.
  return Object.fromEntries(members);
}

/** Keys that name a prototype: no honest export holds one. */
export function prototypeKeys(value: unknown, pointer: string): readonly string[] {
  const found: string[] = [];
  const stack: { readonly value: unknown; readonly pointer: string }[] = [{ value, pointer }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [key, inner] of Object.entries(next.value)) {
      const at = step(next.pointer, key);
      if (['__proto__', 'constructor', 'prototype'].includes(key)) found.push(at);
      stack.push({ value: inner, pointer: at });
    }
  }
  return found;
}
