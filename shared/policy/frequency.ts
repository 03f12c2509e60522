import { hourMs } from './dates.ts';

/** The longest age of a proof: hours, or every time (with a tolerance, so that one sign-in is one proof). */
export type AgeLimit = number | 'everyTime';

const everyTimeMs = 5 * 60_000;
const clockSkewMs = 60_000;

/** The stricter of two limits; undefined is no limit. */
export function stricterLimit(
  a: AgeLimit | undefined,
  b: AgeLimit | undefined,
): AgeLimit | undefined {
  if (a === 'everyTime' || b === 'everyTime') return 'everyTime';
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** True when a proof made at `at` is too old. What cannot be computed is too old for every limit. */
export function isOver(
  limit: AgeLimit | undefined,
  at: number | undefined,
  now: number | undefined,
): boolean {
  if (limit === undefined) return false;
  if (at === undefined || now === undefined || at > now + clockSkewMs) return true;
  return now - at >= (limit === 'everyTime' ? everyTimeMs : limit * hourMs);
}
