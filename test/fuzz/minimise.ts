import type { FuzzCase } from './compare.ts';

type Path = readonly (string | number)[];

/** Every member and entry below a value, the outer ones first. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys: readonly (string | number)[] = Array.isArray(value)
    ? value.map((_, index) => index)
    : Object.keys(value);
  return keys.flatMap((key) => {
    const inner: unknown = Reflect.get(value, key);
    return [[...path, key], ...pathsOf(inner, [...path, key])];
  });
}

function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (typeof value !== 'object' || value === null || key === undefined) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    if (rest.length === 0) copy.splice(Number(key), 1);
    else copy[Number(key)] = without(copy[Number(key)], rest);
    return copy;
  }
  const copy: Record<string, unknown> = { ...value };
  if (rest.length === 0) delete copy[key];
  else copy[key] = without(copy[key], rest);
  return copy;
}

/** The same case with every policy and field left out that its difference does not need. */
export function minimise(given: FuzzCase, differs: (smaller: FuzzCase) => boolean): FuzzCase {
  let best = given;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const path of pathsOf(best)) {
      if (
        path.length < 2 ||
        /^id$/i.test(String(path.at(-1))) ||
        path.join('.') === 'input.policies'
      )
        continue;
      const candidate = without(best, path) as FuzzCase;
      if (!differs(candidate)) continue;
      best = candidate;
      smaller = true;
      break;
    }
  }
  return best;
}
