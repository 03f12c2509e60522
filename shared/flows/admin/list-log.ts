import type { AuditLog, SignInLog } from '../../rows/log.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { configurationIfAny, type HouseWithScan } from '../house.ts';
import { findNamedGuest, type NamedGuest } from './find-guest.ts';
import { auditLog, type LogPage, signInLog, type Window, walkLog } from './walk-log.ts';

export type { AuditLog, SignInLog } from '../../rows/log.ts';

/** A page, and the configuration of now: entries hold ids, which it has names for. */
export type Listed<Entry> = LogPage<Entry> & {
  readonly kind: 'listed';
  readonly configuration: Configuration | undefined;
};

export type SignInsQuery = Window & {
  /** Id, user principal name or mail address of one guest. */
  readonly userId: string | undefined;
  readonly failedOnly: boolean;
};

/** Sign-ins that ended. An id that nobody has is no fault: the log outlives guests. */
export async function listSignIns(
  house: HouseWithScan,
  query: SignInsQuery,
): Promise<Listed<SignInLog> | Exclude<NamedGuest, { kind: 'guest' }>> {
  const { userId, failedOnly } = query;
  const named = userId === undefined ? undefined : await findNamedGuest(house, userId);
  if (named && named.kind !== 'guest') return named;
  const isWanted = ({ guest, result }: SignInLog): boolean =>
    (!named || guest === named.id) && (!failedOnly || result === 'failure');
  const page = await walkLog(house, signInLog, query, isWanted);
  return { kind: 'listed', configuration: await configurationIfAny(house), ...page };
}

/** What administrators meant to do, did and were refused. */
export async function listAudits(house: HouseWithScan, query: Window): Promise<Listed<AuditLog>> {
  const page = await walkLog(house, auditLog, query, () => true);
  return { kind: 'listed', configuration: await configurationIfAny(house), ...page };
}
