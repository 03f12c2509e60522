// §4: conditions have three values. §11.3: they are Kleene.
import { isConfigured } from './reading.ts';

export type Three = 'match' | 'noMatch' | 'unknown';

export function fromBoolean(value: boolean): Three {
  return value ? 'match' : 'noMatch';
}

export function anyOf(values: readonly Three[]): Three {
  if (values.includes('match')) return 'match';
  return values.includes('unknown') ? 'unknown' : 'noMatch';
}

export function allOf(values: readonly Three[]): Three {
  if (values.includes('noMatch')) return 'noMatch';
  return values.includes('unknown') ? 'unknown' : 'match';
}

export function not(value: Three): Three {
  if (value === 'unknown') return 'unknown';
  return value === 'match' ? 'noMatch' : 'match';
}

/** One include or exclude list (§11.4): what is no list is unknown, and so is an entry nobody can read. */
export function listMatches(list: unknown, entry: (value: unknown) => Three): Three {
  if (!isConfigured(list)) return 'noMatch';
  if (!Array.isArray(list)) return 'unknown';
  return anyOf(list.map(entry));
}
