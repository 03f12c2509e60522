import { type DirectoryAudit, directoryAudit, type SignIn, signIn } from '../../shared/api/log.ts';
import { usageError } from '../arguments.ts';
import { withFix } from '../cli-error.ts';
import { type Context, defineCommand, type Outcome } from '../command.ts';
import { initiator, logPaths, target } from '../log-words.ts';
import { readPages } from '../pages.ts';
import { type Period, readPeriod } from '../period.ts';
import { counted, table } from '../text.ts';

export const logList = defineCommand({
  name: 'log list',
  summary: `List sign-ins that ended, or with --audit what administrators did; newest first.
Without a time, those of the last 24 hours; at most 31 days at once.`,
  arguments: [],
  options: {
    since: { type: 'string', value: '2h|3d|TIME', help: 'from then until now' },
    hour: { type: 'string', value: 'yyyymmddhh', help: 'one hour, in UTC' },
    guest: { type: 'string', value: 'upn|id|mail', help: 'only sign-ins of this guest' },
    failed: { type: 'boolean', help: 'only sign-ins that failed' },
    audit: { type: 'boolean', help: 'what administrators did, instead of sign-ins' },
    limit: { type: 'string', value: 'N', help: 'how many at most; default: 100' },
  },
  connects: true,
  examples: [
    'vestibule log list --since 2h --failed',
    'vestibule log list --guest alex@contoso.com --since 7d',
    'vestibule log list --audit --json | jq -r ".value[].activityDisplayName"',
  ],
  async run(context, { values }) {
    const period = readPeriod(values, new Date());
    const limit = readLimit(values.limit);
    if (!values.audit) return await listSignIns(context, { ...values, period, limit });
    if (values.guest !== undefined || values.failed)
      throw usageError(
        '--guest and --failed are for sign-ins',
        'leave them out, or leave out --audit',
      );
    return await listAudits(context, { period, limit });
  },
});

type Wanted = { readonly period: Period; readonly limit: number };

async function listSignIns(
  { client, paint }: Context,
  wanted: Wanted & { readonly guest?: string | undefined; readonly failed?: boolean | undefined },
): Promise<Outcome> {
  const clauses = [
    ...clausesOf('createdDateTime', wanted.period),
    ...(wanted.guest === undefined ? [] : [`userId eq '${wanted.guest.replaceAll("'", "''")}'`]),
    ...(wanted.failed ? ['status/errorCode ne 0'] : []),
  ];
  const link = linkOf(logPaths.signIns, clauses, wanted.limit);
  const read = await readPages(client(), link, signIn, wanted.limit).catch((error: unknown) => {
    throw withFix(error, ({ status }) => guestFixes[status ?? 0]);
  });
  const failed = read.items.filter((item) => item['@vestibule.result'] === 'failure').length;
  const columns = ['TIME', 'REFERENCE', 'RESULT', 'CAUSE', 'GUEST', 'APP'];
  const count = `${counted(read.items.length, 'sign-in')}, ${failed} failed`;
  return outcomeOf(read, `${table(paint, columns, read.items.map(signInCells))}\n\n${count}`);
}

const guestFixes: Readonly<Record<number, string>> = {
  404: '`vestibule mfa list` shows the names of guests',
  409: 'give the object id: `vestibule mfa list --json` shows it',
};

async function listAudits({ client, paint }: Context, wanted: Wanted): Promise<Outcome> {
  const clauses = clausesOf('activityDateTime', wanted.period);
  const link = linkOf(logPaths.audits, clauses, wanted.limit);
  const read = await readPages(client(), link, directoryAudit, wanted.limit);
  const columns = ['TIME', 'REFERENCE', 'ACTIVITY', 'PHASE', 'RESULT', 'BY', 'TARGET'];
  const count = counted(read.items.length, 'entry', 'entries');
  return outcomeOf(read, `${table(paint, columns, read.items.map(auditCells))}\n\n${count}`);
}

function outcomeOf(
  { items, isWhole }: { readonly items: readonly unknown[]; readonly isWhole: boolean },
  text: string,
): Outcome {
  const more = isWhole ? '' : '; there are older ones: --limit shows more';
  return {
    json: { value: items },
    text: items.length === 0 ? 'nothing in this time' : text + more,
  };
}

const signInCells = (item: SignIn): readonly string[] => [
  item.createdDateTime,
  item.id,
  item['@vestibule.result'],
  item['@vestibule.cause'] ?? (item.status.errorCode || '').toString(),
  item.userId ?? '',
  item.appDisplayName ?? item.appId ?? '',
];

const auditCells = (item: DirectoryAudit): readonly string[] => [
  item.activityDateTime,
  item.id,
  item.activityDisplayName,
  item['@vestibule.phase'],
  item.resultReason ?? '',
  initiator(item),
  target(item),
];

const clausesOf = (time: string, { from, to }: Period): readonly string[] => [
  ...(from ? [`${time} ge ${from.toISOString()}`] : []),
  ...(to ? [`${time} le ${to.toISOString()}`] : []),
];

function linkOf(path: string, clauses: readonly string[], limit: number): string {
  const query = new URLSearchParams({ $top: String(Math.min(limit, 999)) });
  if (clauses.length > 0) query.set('$filter', clauses.join(' and '));
  return `${path}?${query.toString()}`;
}

function readLimit(text = '100'): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw usageError('--limit is no number of entries', 'write --limit 500, say');
  return Number(text);
}
