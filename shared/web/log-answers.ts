import type { DirectoryAudit, SignIn } from '../api/log.ts';
import { readGuestId } from '../core/ids.ts';
import type { Found } from '../flows/admin/find-logged.ts';
import type { AuditLog, Listed, listSignIns, SignInLog } from '../flows/admin/list-log.ts';
import type { Logged } from '../flows/admin/walk-log.ts';
import { ambiguousGuest, unknownGuest } from './admin-body.ts';
import { copyOf } from './copy/index.ts';
import type { WebResponse } from './headers.ts';
import { graphError, jsonAnswer } from './json.ts';
import { pageAnswer } from './lists.ts';
import { type LogRequest, nextQuery } from './log-requests.ts';

/** Of today: what the configuration no longer has is shown by its id alone. */
type Names = Listed<unknown>['configuration'];

const paths = { signIns: 'auditLogs/signIns', audits: 'auditLogs/directoryAudits' } as const;

export function signInsAnswer(
  issuer: string,
  query: LogRequest,
  listed: Awaited<ReturnType<typeof listSignIns>>,
): WebResponse {
  if (listed.kind === 'unknownGuest') return unknownGuest();
  if (listed.kind === 'ambiguousGuest') return ambiguousGuest();
  const value = listed.entries.map((logged) => signInOf(logged, listed.configuration));
  return pageAnswer(issuer, paths.signIns, nextQuery(query, listed.cursor), value);
}

export const auditsAnswer = (
  issuer: string,
  query: LogRequest,
  listed: Listed<AuditLog>,
): WebResponse =>
  pageAnswer(
    issuer,
    paths.audits,
    nextQuery(query, listed.cursor),
    listed.entries.map((logged) => auditOf(logged, listed.configuration)),
  );

export const signInAnswer = (issuer: string, found: MaybeFound<SignInLog>): WebResponse =>
  entryAnswer(issuer, paths.signIns, found, signInOf);

export const auditAnswer = (issuer: string, found: MaybeFound<AuditLog>): WebResponse =>
  entryAnswer(issuer, paths.audits, found, auditOf);

type MaybeFound<Entry> = Found<Entry> | { readonly kind: 'noSuchEntry' };

function entryAnswer<Entry>(
  issuer: string,
  path: string,
  found: MaybeFound<Entry>,
  shown: (logged: Logged<Entry>, names: Names) => SignIn | DirectoryAudit,
): WebResponse {
  if (found.kind === 'noSuchEntry')
    return graphError(
      404,
      'Request_ResourceNotFound',
      "Nothing in this log has that reference. A refusal before anything was stored is found only in the gateway's own JSON lines.",
    );
  const { sameReference } = found;
  return jsonAnswer(200, {
    '@odata.context': `${issuer}/v1.0/$metadata#${path}/$entity`,
    ...shown(found, found.configuration),
    ...(sameReference.length > 0 ? { '@vestibule.sameReference': sameReference } : {}),
  });
}

function signInOf({ id, entry }: Logged<SignInLog>, names: Names): SignIn {
  const { guest, app, facts, policies = {} } = entry;
  const { ipAddress, devicePlatform } = facts ?? {};
  const results = Object.values(policies);
  return {
    id,
    createdDateTime: entry.at,
    userId: guest,
    appId: app,
    appDisplayName: app === undefined ? undefined : names?.apps.get(app)?.displayName,
    ipAddress: textOf(ipAddress),
    deviceDetail:
      typeof devicePlatform === 'string' ? { operatingSystem: devicePlatform } : undefined,
    conditionalAccessStatus: results.some((result) => /^(?:failure|interrupted)$/.test(result))
      ? 'failure'
      : results.includes('success')
        ? 'success'
        : 'notApplied',
    appliedConditionalAccessPolicies: Object.entries(policies).map(([policyId, result]) => ({
      id: policyId,
      displayName: names?.policySet.policies.find((policy) => policy.id === policyId)?.displayName,
      result,
    })),
    status:
      entry.result === 'success'
        ? { errorCode: 0 }
        : { errorCode: entry.code ?? null, failureReason: reasonOf(entry, names) },
    '@vestibule.result': entry.result,
    '@vestibule.cause': entry.cause,
    '@vestibule.outcome': entry.outcome,
    '@vestibule.setVersion': entry.setVersion,
    '@vestibule.events': entry.events,
  };
}

const textOf = (fact: unknown): string | undefined => (typeof fact === 'string' ? fact : undefined);

/** What the guest's page said, so that whoever helps talks of the same; else what no page says. */
function reasonOf({ cause }: SignInLog, names: Names): string {
  const { blocked } = copyOf('en');
  const organisation = names?.settings.organisation.displayName ?? 'The organisation';
  if (cause === 'abandoned') return 'The sign-in was begun and never finished.';
  if (cause === undefined)
    return 'A policy that had been met was no longer met when the app came for its tokens.';
  return Object.hasOwn(blocked, cause)
    ? blocked[cause as keyof typeof blocked](organisation).cause
    : cause;
}

/** Results of an act that say it was not done. */
const failures = ['contended', 'changedMeanwhile', 'unknownKey', 'oneSecretHere'];

function auditOf({ id, entry }: Logged<AuditLog>, names: Names): DirectoryAudit {
  const { phase, target, result = '' } = entry;
  return {
    id,
    activityDateTime: entry.at,
    activityDisplayName: entry.activity,
    correlationId: entry.operationId,
    result:
      phase === 'intent'
        ? undefined
        : phase === 'refused' || failures.includes(result)
          ? 'failure'
          : 'success',
    resultReason: entry.result,
    initiatedBy: initiatorOf(entry.actor, names),
    targetResources:
      target === undefined
        ? []
        : [
            readGuestId(target)
              ? { id: target, type: 'User' }
              : { displayName: target, type: 'Other' },
          ],
    '@vestibule.phase': phase,
    '@vestibule.reason': entry.reason,
  };
}

/** `app:<appId>`, or issuer and subject of somebody whom the trusted issuer knows. */
function initiatorOf(actor: string, names: Names): DirectoryAudit['initiatedBy'] {
  const [, appId] = /^app:(.*)$/.exec(actor) ?? [];
  if (appId === undefined) return { user: { id: actor } };
  return { app: { appId, displayName: names?.apps.get(appId)?.displayName } };
}
