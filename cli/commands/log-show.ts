import type { z } from 'zod';
import { type DirectoryAudit, directoryAudit, type SignIn, signIn } from '../../shared/api/log.ts';
import { withFix } from '../cli-error.ts';
import { bodyOf, type Client } from '../client.ts';
import { defineCommand } from '../command.ts';
import { initiator, logPaths, target } from '../log-words.ts';
import { list, type Paint, printable } from '../text.ts';

export const logShow = defineCommand({
  name: 'log show',
  summary: `Explain one sign-in by the reference code that the guest's page showed, or with --audit one
act of an administrator. Case, blanks and hyphens of the code do not matter.`,
  arguments: ['<reference>'],
  options: {
    audit: { type: 'boolean', help: 'an act of an administrator' },
  },
  connects: true,
  examples: ['vestibule log show 6HTR-4PWB-X0K', 'vestibule log show 6HTR-4PWB-X0K --json'],
  async run({ client, paint }, { positionals: [reference = ''], values: { audit } }) {
    const gateway = client();
    const entry = audit
      ? await read(gateway, logPaths.audits, reference, directoryAudit)
      : await read(gateway, logPaths.signIns, reference, signIn);
    const others = entry['@vestibule.sameReference'] ?? [];
    const account = 'status' in entry ? signInText(entry, paint) : auditText(entry, paint);
    const more = others.map((id) => `\n\nanother entry has the same reference: ${printable(id)}`);
    return { json: entry, text: account + more.join('') };
  },
});
async function read<Entry>(
  client: Client,
  path: string,
  reference: string,
  schema: z.ZodType<Entry>,
): Promise<Entry> {
  const answer = await client
    .request('GET', `${path}/${encodeURIComponent(reference)}`)
    .catch((error: unknown) => {
      throw withFix(error, ({ status }) =>
        status === 404
          ? 'check the code, XXXX-XXXX-XXX; `vestibule log list` shows those of sign-ins, with --audit those of acts'
          : undefined,
      );
    });
  return bodyOf(schema, answer, `GET ${path}/…`);
}

function signInText(entry: SignIn, paint: Paint): string {
  const { status, userId, appId, appDisplayName, ipAddress, deviceDetail } = entry;
  const { errorCode, failureReason } = status;
  const cause = entry['@vestibule.cause'];
  const why = [cause, errorCode ? `Entra's code ${errorCode}` : undefined];
  const rows = [
    ['when', entry.createdDateTime],
    ['result', [entry['@vestibule.result'], failureReason].filter(Boolean).join(': ')],
    ['cause', why.filter(Boolean).join(', ')],
    ['guest', userId ?? 'nobody was recognised'],
    ['app', appDisplayName === undefined ? appId : `${appDisplayName} (${appId})`],
    ['from', [ipAddress, deviceDetail?.operatingSystem].filter(Boolean).join(', ')],
    ['outcome', entry['@vestibule.outcome']],
    ['version', entry['@vestibule.setVersion']],
  ] as const;
  const policies = entry.appliedConditionalAccessPolicies.map(
    ({ id, displayName, result }) => [result, displayName ?? id] as const,
  );
  const events = entry['@vestibule.events'].map(
    ({ at, what, detail }) => [at, [what, detail].filter(Boolean).join('  ')] as const,
  );
  return [
    `${paint('bold', `sign-in ${printable(entry.id)}`)}\n${given(rows)}`,
    ...(policies.length > 0 ? [`${paint('bold', 'policies')}\n${list(policies)}`] : []),
    ...(events.length > 0 ? [`${paint('bold', 'events')}\n${list(events)}`] : []),
  ].join('\n\n');
}

const auditText = (entry: DirectoryAudit, paint: Paint): string =>
  `${paint('bold', `audit ${printable(entry.id)}`)}\n${given([
    ['when', entry.activityDateTime],
    ['activity', entry.activityDisplayName],
    ['phase', entry['@vestibule.phase']],
    ['result', entry.resultReason],
    ['by', initiator(entry)],
    ['target', target(entry)],
    ['reason', entry['@vestibule.reason']],
    ['operation', entry.correlationId],
  ])}`;

/** Lines that say something. */
const given = (rows: readonly (readonly [string, string | undefined])[]): string =>
  list(rows.flatMap(([name, text]) => (text ? [[name, text] as const] : [])));
