const instant =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
const duration =
  /^P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  // Years begin in March, so that the leap day is the last one (Hinnant, days_from_civil).
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function offsetMs(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * hourMs + minutes * minuteMs);
}

/**
 * Milliseconds since 1970 of an ISO 8601 text. Undefined for a time without a zone, a date that does
 * not exist and anything that is no text; a date alone is midnight UTC.
 */
export function parseInstant(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? instant.exec(value) : null;
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [
    Number(parts[4] ?? 0),
    Number(parts[5] ?? 0),
    Number(parts[6] ?? 0),
  ];
  const longest = month === 2 && isLeap(year) ? 29 : (daysInMonth[month - 1] ?? 0);
  if (day < 1 || day > longest || hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = offsetMs(parts[8] ?? 'Z');
  if (zone === undefined) return undefined;
  const time =
    hour * hourMs + minute * minuteMs + second * 1000 + Number(`0${parts[7] ?? ''}`) * 1000;
  return daysSinceEpoch(year, month, day) * dayMs + time - zone;
}

/** Milliseconds of an ISO 8601 duration; a year is 365 days, a month 30. Undefined when empty or zero. */
export function parseDuration(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? duration.exec(value) : null;
  if (parts === null) return undefined;
  const units = [365 * dayMs, 30 * dayMs, 7 * dayMs, dayMs, hourMs, minuteMs, 1000];
  const total = units.reduce((sum, unit, i) => sum + unit * Number(parts[i + 1] ?? 0), 0);
  return total > 0 && Number.isSafeInteger(Math.ceil(total)) ? total : undefined;
}
