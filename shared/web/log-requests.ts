import * as z from 'zod';
import { daysMs, hoursMs, later } from '../core/time.ts';
import type { SignInsQuery } from '../flows/admin/list-log.ts';
import type { LogCursor } from '../flows/admin/walk-log.ts';
import { badQuery, type ListQuery, type ReadQuery, readListQuery } from './lists.ts';
import type { WebRequest } from './request.ts';

export type LogRequest = SignInsQuery & {
  /** The filter with its window written out: the pages that follow have the same. */
  readonly filter: string;
};

/** What one of the two lists may be filtered by. */
type Grammar = { readonly clause: string; readonly expected: string; readonly time: string };

const grammarOf = (time: string, more: readonly (readonly [string, string])[] = []): Grammar => ({
  time,
  clause: [
    `${time}\\s+ge\\s+(?<ge>\\S+)`,
    `${time}\\s+le\\s+(?<le>\\S+)`,
    ...more.map(([form]) => form),
  ].join('|'),
  expected: [`${time} ge or le <ISO 8601>`, ...more.map(([, words]) => words)].join(', '),
});

const signIns = grammarOf('createdDateTime', [
  [`userId\\s+eq\\s+'(?<userId>(?:[^']|'')+)'`, `userId eq '<id, user principal name or mail>'`],
  ['(?<failed>status\\/errorCode\\s+ne\\s+0)', 'status/errorCode ne 0'],
]);
const audits = grammarOf('activityDateTime');

export const readSignInsQuery = (request: WebRequest, now: Date) => readLog(request, signIns, now);
export const readAuditsQuery = (request: WebRequest, now: Date) => readLog(request, audits, now);

const defaultMs = daysMs;
/** A little more than is said: the clock of whoever asks may be behind. */
const windowMaxMs = 31 * daysMs + hoursMs;

function readLog(request: WebRequest, grammar: Grammar, now: Date): ReadQuery<LogRequest> {
  const read = readListQuery(request);
  if (read.kind === 'bad') return read;
  const { filter, limit, cursor } = read.query;
  const clauses = clauseValues.safeParse(filter === undefined ? {} : clausesOf(grammar, filter));
  if (!clauses.success)
    return badQuery('$filter', `expected ${grammar.expected}, joined by and, each at most once`);
  const { ge, le = now, userId, failed } = clauses.data;
  const from = ge ?? later(le, -defaultMs);
  if (le.getTime() - from.getTime() > windowMaxMs)
    return badQuery('$filter', `expected a window of at most 31 days of ${grammar.time}`);
  const position = readCursor(cursor ?? '');
  if (cursor !== undefined && !position) return badQuery('$skiptoken', 'is not one of this list');
  const wanted = { from, to: le, userId, failedOnly: failed !== undefined };
  return {
    kind: 'query',
    query: { ...wanted, limit, cursor: position, filter: textOf(grammar, wanted) },
  };
}

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const clauseValues = z.object({
  ge: time.optional(),
  le: time.optional(),
  userId: z
    .string()
    .transform((text) => text.replaceAll("''", "'"))
    .optional(),
  failed: z.string().optional(),
});

/** Values by the names of the grammar; undefined for anything but clauses joined by `and`. */
function clausesOf(
  { clause }: Grammar,
  filter: string,
): Readonly<Record<string, string>> | undefined {
  const next = new RegExp(`\\s*(?:${clause})(?:\\s+(?<and>and)\\s|\\s*$)`, 'y');
  const clauses: Record<string, string> = {};
  for (let more = true; more; ) {
    const { and, ...values } = next.exec(filter)?.groups ?? {};
    const [found] = Object.entries(values).filter(([, value]) => value !== undefined);
    if (!found || found[0] in clauses) return undefined;
    clauses[found[0]] = found[1];
    more = and !== undefined;
  }
  return clauses;
}

function textOf(
  { time }: Grammar,
  { from, to, userId, failedOnly }: Omit<SignInsQuery, 'limit' | 'cursor'>,
): string {
  return [
    `${time} ge ${from.toISOString()}`,
    `${time} le ${to.toISOString()}`,
    ...(userId === undefined ? [] : [`userId eq '${userId.replaceAll("'", "''")}'`]),
    ...(failedOnly ? ['status/errorCode ne 0'] : []),
  ].join(' and ');
}

function readCursor(text: string): LogCursor | undefined {
  const [, hour, after] = /^(\d{10})\.([\w./~-]{1,40})$/.exec(text) ?? [];
  return hour === undefined || after === undefined ? undefined : { hour, after };
}

/** For the link to the next page. */
export const nextQuery = (
  { filter, limit }: LogRequest,
  cursor: LogCursor | undefined,
): ListQuery => ({
  filter,
  limit,
  cursor: cursor && `${cursor.hour}.${cursor.after}`,
});
