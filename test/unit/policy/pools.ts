import fc from 'fast-check';

// Small pools, so that policies and sign-ins meet often.

function ids(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}0000-0000-4000-8000-00000000000${i}`);
}

export const users = ids('aaaa', 2);
export const groups = ids('bbbb', 2);
export const roles = ids('cccc', 2);
export const apps = ids('dddd', 2);
export const tenants = ids('eeee', 2);
export const locations = ids('ffff', 4);
export const terms = ids('1111', 3);

export function pick<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

export function some<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.uniqueArray(pick(values), { minLength: 1, maxLength: 2 });
}

/** An object of any of these members. */
export function partial<T extends object>(
  members: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<Partial<T>> {
  return fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

/** An object of at most `most` of these members. */
export function few(
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  most: number,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(members).map(([name, value]) =>
    fc.tuple(fc.constant(name), value),
  );
  return fc
    .uniqueArray(fc.oneof(...entries), { selector: ([name]) => name, maxLength: most })
    .map((picked) => Object.fromEntries(picked));
}
