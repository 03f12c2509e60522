/** An instant as rows and answers hold it: ISO 8601, UTC, milliseconds. */
export type Instant = string;

export const secondsMs = 1_000;
export const minutesMs = 60_000;
export const hoursMs = 3_600_000;
export const daysMs = 86_400_000;

function instant(date: Date): Instant {
  return date.toISOString();
}

export function later(date: Date, byMs: number): Date {
  return new Date(date.getTime() + byMs);
}

/** Not yet over: the end itself is over. */
export function isBefore(now: Date, end: Instant): boolean {
  return now.getTime() < Date.parse(end);
}

/** For what only grows, though the clock may go back. */
export function laterOf(stored: Instant | undefined, now: Date): Instant {
  return stored !== undefined && isBefore(now, stored) ? stored : instant(now);
}

export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / secondsMs);
}

/** `yyyymmdd`, UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}

/** `yyyymmddhh`, UTC. */
export function hourOf(date: Date): string {
  return dayOf(date) + date.toISOString().slice(11, 13);
}

/** Midnight before, UTC. */
export function startOfDay(date: Date): Date {
  return new Date(Math.floor(date.getTime() / daysMs) * daysMs);
}
