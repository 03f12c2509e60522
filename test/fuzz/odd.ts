import type { Random } from './random.ts';

const oddities = [
  null,
  '',
  'text',
  7,
  true,
  false,
  [],
  {},
  ['Anna'],
  [null],
  [''],
  { mystery: 'x' },
  { mystery: null },
];

/** Mostly the value, now and then what nobody can read. */
export function mostly(random: Random, value: () => unknown, probability = 0.03): unknown {
  return random.chance(probability) ? random.pick(oddities) : value();
}

/** A list with an entry that nobody can read, now and then. */
export function listOf(random: Random, values: readonly unknown[], count = 2): unknown {
  return mostly(random, () => {
    const list: unknown[] = random.some(values, count);
    if (random.chance(0.04)) list.push(random.pick([null, '', 'Anna', 7, ['x'], {}]));
    return list;
  });
}

/** The same word in other letters, now and then. */
export function spelled(random: Random, word: string): string {
  if (random.chance(0.9)) return word;
  return random.chance(0.5) ? word.toUpperCase() : word.toLowerCase();
}

/** A member that nobody knows, now and then. */
export function withMystery(
  random: Random,
  object: Record<string, unknown>,
): Record<string, unknown> {
  if (random.chance(0.02)) object['mystery'] = random.pick(['x', ['x'], { a: 1 }, null, [], 0]);
  if (random.chance(0.03)) object['@odata.type'] = '#microsoft.graph.something';
  return object;
}

const bits = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** PowerShell's spelling of the keys. */
export function capitalKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [bits(key), capitalKeys(inner)]),
  );
}
