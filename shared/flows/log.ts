import { hashOf, randomToken } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import {
  type LogPlace,
  logKeys,
  newLogPlace,
  type Reference,
  writeReference,
} from '../core/reference.ts';
import type { AuditLog, LogEntry, SignInLog } from '../rows/log.ts';
import { insert } from '../rows/row.ts';
import type { House } from './house.ts';

/**
 * Writes a row that nothing rewrites. The place is the reference code's; where another row has it
 * already (16 random bits within one second and shard), a suffix keeps both.
 */
async function writeLog(
  house: House,
  kind: 'signin' | 'audit',
  place: LogPlace,
  entry: LogEntry,
  operationId: string,
): Promise<void> {
  const suffix = hashOf(operationId).slice(0, 8);
  for (const free of [place, { ...place, suffix }]) {
    const { partition, row } = logKeys(kind, free);
    const change = insert(row, entry);
    if (
      (await house.store.commit({ table: 'log', key: partition }, [change], operationId)) === 'done'
    )
      return;
  }
}

/** A sign-in's row and where it lies; an operation of its own where somebody may write it again. */
export type SignInLogLine = {
  readonly place: LogPlace;
  readonly entry: SignInLog;
  readonly operationId?: string;
};

/**
 * The sign-in's row, and one JSON line at once for alarms. Whoever may come to write the same entry
 * again gives it the same operation id: then it is there once.
 */
export async function logSignIn(
  house: House,
  place: LogPlace,
  entry: SignInLog,
  operationId: string = randomToken(),
): Promise<void> {
  house.journal.line('info', 'signIn', {
    reference: writeReference(place),
    result: entry.result,
    guest: entry.guest,
    app: entry.app,
    cause: entry.cause,
    code: entry.code,
    policies: entry.policies && applied(entry.policies),
  });
  await writeLog(house, 'signin', place, entry, operationId);
}

/** A line has a size: the policies that did something, for the workbook that counts them. */
const applied = (policies: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(policies).filter(([, result]) => result !== 'notApplied'));

/** What a step left to tell, once its commit is in. */
export async function logLines(house: House, lines: readonly SignInLogLine[]): Promise<void> {
  for (const { place, entry, operationId } of lines)
    await logSignIn(house, place, entry, operationId);
}

/** Intent before effect: where this cannot be written, nothing is done (it throws). */
export async function logAudit(
  house: House,
  entry: Omit<AuditLog, 'kind' | 'at'>,
  now: Date,
): Promise<void> {
  const row: AuditLog = { kind: 'audit', at: now.toISOString(), ...entry };
  // a reason is free text, and names whom it likes
  const { reason: _, ...told } = row;
  house.journal.line('info', 'audit', told);
  await writeLog(house, 'audit', newLogPlace(now), row, randomToken());
}

export type UnstoredRefusal =
  | 'authorizationRequestRefused'
  | 'callbackRefused'
  | 'signInRefused'
  | 'tokenRefused';

/** A refusal before anything is stored: its reference leads to a JSON line only. */
export function refuseUnstored(
  house: House,
  event: UnstoredRefusal,
  detail: JsonObject,
  now: Date,
): Reference {
  const reference = writeReference(newLogPlace(now));
  house.journal.line('info', event, { reference, ...detail });
  return reference;
}
