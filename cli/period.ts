import { usageError } from './arguments.ts';

/** An end that is missing is the gateway's to choose. */
export type Period = { readonly from?: Date; readonly to?: Date };

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `--since` or `--hour`, not both. */
export function readPeriod(
  given: { readonly since?: string | undefined; readonly hour?: string | undefined },
  now: Date,
): Period {
  const { since, hour } = given;
  if (since !== undefined && hour !== undefined)
    throw usageError('--since and --hour are given', 'give one of them');
  if (since !== undefined) return { from: readSince(since, now) };
  if (hour === undefined) return {};
  const from = readHour(hour);
  return { from, to: new Date(from.getTime() + unitsMs.h - 1) };
}

function readSince(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const from =
    count === undefined
      ? new Date(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? text : Number.NaN)
      : new Date(now.getTime() - Number(count) * unitsMs[unit as keyof typeof unitsMs]);
  if (Number.isNaN(from.getTime()))
    throw usageError('--since is no time', 'write 30m, 2h, 3d, or 2026-11-21T09:00:00Z');
  return from;
}

function readHour(text: string): Date {
  const [, year, month, day, hour] = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const from = new Date(`${year}-${month}-${day}T${hour}:00:00Z`);
  if (Number.isNaN(from.getTime()))
    throw usageError('--hour is no hour', 'write the year, month, day and hour in UTC: 2026112109');
  return from;
}
