// §11.12: times and durations.

export const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Milliseconds, or nothing: no zone, no such date. A date alone is UTC. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:\d\d))?$/.exec(
      value,
    );
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  const hour = Number(parts[4] ?? 0);
  const minute = Number(parts[5] ?? 0);
  const second = Number(parts[6] ?? 0);
  const fraction = Number(`0${parts[7] ?? ''}`);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const zone = parts[8] ?? 'Z';
  let zoneMs = 0;
  if (zone.toUpperCase() !== 'Z') {
    const hours = Number(zone.slice(1, 3));
    const minutes = Number(zone.slice(4, 6));
    if (hours > 23 || minutes > 59) return undefined;
    zoneMs = (zone.startsWith('-') ? -1 : 1) * (hours * hourMs + minutes * minuteMs);
  }
  return (
    date.getTime() +
    hour * hourMs +
    minute * minuteMs +
    second * 1000 +
    Math.floor(fraction * 1000) -
    zoneMs
  );
}

/** An ISO 8601 duration; P1Y = 365 days, P1M = 30 days. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const parts =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      value,
    );
  if (parts === null) return undefined;
  const number = (index: number): number => Number(parts[index] ?? 0);
  const total =
    number(1) * 365 * dayMs +
    number(2) * 30 * dayMs +
    number(3) * 7 * dayMs +
    number(4) * dayMs +
    number(5) * hourMs +
    number(6) * minuteMs +
    number(7) * 1000;
  return total > 0 ? total : undefined;
}
