import { dayOf, daysMs, hourOf, hoursMs, later, minutesMs, secondsMs } from '../core/time.ts';

/**
 * How many codes may be mailed. A mailbox's sends are kept as instants; a browser that its guest has
 * used before has a rhythm of its own and the last 5 of the day for itself, so that strangers who spend
 * the rest silence nobody.
 */
export const mailboxLimits = {
  pauseMs: minutesMs,
  perHour: 5,
  perDay: 20,
  keptForKnownBrowsers: 5,
} as const;

/** Instants of one UTC day, oldest first. */
export type Sends = { readonly known: readonly string[]; readonly others: readonly string[] };

export const noSends: Sends = { known: [], others: [] };

/**
 * Since when one may be sent: an instant that is not later than `now` says yes. `before` is what the
 * day before sent, which matters in the first hour.
 */
export function nextSendAt(today: Sends, before: Sends, known: boolean, now: Date): Date {
  const own = (sends: Sends) => (known ? sends.known : sends.others);
  const instants = [...own(before), ...own(today)].sort();
  const last = instants.at(-1);
  const ofHour = instants.at(-mailboxLimits.perHour);
  const waits = [
    ...(last === undefined ? [] : [later(new Date(last), mailboxLimits.pauseMs)]),
    ...(ofHour === undefined ? [] : [later(new Date(ofHour), hoursMs)]),
    ...(isDaySpent(today, known) ? [nextMidnight(now)] : []),
  ];
  return waits.reduce((a, b) => (a > b ? a : b), new Date(0));
}

export const withSend = (sends: Sends, known: boolean, now: Date): Sends =>
  known
    ? { ...sends, known: [...sends.known, now.toISOString()] }
    : { ...sends, others: [...sends.others, now.toISOString()] };

function isDaySpent({ known, others }: Sends, isKnown: boolean): boolean {
  const { perDay, keptForKnownBrowsers } = mailboxLimits;
  return isKnown
    ? known.length + others.length >= perDay
    : others.length >= perDay - keptForKnownBrowsers;
}

const nextMidnight = (now: Date): Date => new Date(Math.floor(now.getTime() / daysMs + 1) * daysMs);

/** Whole seconds from `now`, at least 0. */
export const secondsUntil = (instant: Date, now: Date): number =>
  Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / secondsMs));

// ── the source address ───────────────────────────────────────────────────────────────────────

/**
 * Of one address (an IPv6 /64), for browsers that nobody here has used before: an office behind one
 * address has room, a flood has not.
 */
export const sourceLimits = { sendsPerHour: 60, sendsPerDay: 300, wrongPerDay: 100 } as const;

export type SourceCount = {
  readonly day: string;
  readonly hour: string;
  readonly sendsOfHour: number;
  readonly sendsOfDay: number;
  readonly wrong: number;
};

/** What is counted of this day and hour; a clock that was set back goes on counting. */
export function sourceCountNow(stored: SourceCount | undefined, now: Date): SourceCount {
  const [day, hour] = [dayOf(now), hourOf(now)];
  if (!stored || stored.day < day) return { day, hour, sendsOfHour: 0, sendsOfDay: 0, wrong: 0 };
  return stored.hour < hour ? { ...stored, hour, sendsOfHour: 0 } : stored;
}

export const sourceMaySend = (count: SourceCount): boolean =>
  count.sendsOfHour < sourceLimits.sendsPerHour &&
  count.sendsOfDay < sourceLimits.sendsPerDay &&
  count.wrong < sourceLimits.wrongPerDay;

export const withSourceSend = (count: SourceCount): SourceCount => ({
  ...count,
  sendsOfHour: count.sendsOfHour + 1,
  sendsOfDay: count.sendsOfDay + 1,
});

export const withSourceWrong = (count: SourceCount): SourceCount => ({
  ...count,
  wrong: count.wrong + 1,
});
