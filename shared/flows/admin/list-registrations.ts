import { listEntryRow, listRange } from '../../rows/directory.ts';
import { readRow } from '../../rows/row.ts';
import type { HouseWithScan } from '../house.ts';

/** One guest as Graph's `userRegistrationDetails` shows them. */
export type Registration = {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly userDisplayName: string;
  readonly userType: 'guest';
  readonly isAdmin: false;
  readonly isMfaRegistered: boolean;
  readonly isMfaCapable: boolean;
  readonly isPasswordlessCapable: boolean;
  /** Guests have no password here to reset. */
  readonly isSsprCapable: false;
  readonly isSsprEnabled: false;
  readonly isSsprRegistered: false;
  readonly methodsRegistered: readonly string[];
  readonly lastUpdatedDateTime: string;
};

/** Graph's names of methods in this report. */
const reportNames: Readonly<Record<string, string>> = {
  softwareOath: 'softwareOneTimePasscode',
};

/**
 * Who has proofed up. `registered` filters; a page can be shorter than `limit` and still have a
 * cursor, for the filter runs after the read.
 */
export async function listRegistrations(
  house: HouseWithScan,
  query: {
    readonly registered?: boolean | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<{
  readonly registrations: readonly Registration[];
  readonly cursor?: string | undefined;
}> {
  const { limit, cursor } = query;
  const page = await house.scan.scan('directory', listRange, { limit, cursor });
  const registrations = page.rows
    .map((row) => readRow(listEntryRow, row).value)
    .map(({ id, userPrincipalName, userDisplayName, methodsRegistered, lastUpdatedDateTime }) => ({
      id,
      userPrincipalName,
      userDisplayName,
      userType: 'guest' as const,
      isAdmin: false as const,
      isMfaRegistered: methodsRegistered.length > 0,
      isMfaCapable: methodsRegistered.length > 0,
      isPasswordlessCapable: false,
      isSsprCapable: false as const,
      isSsprEnabled: false as const,
      isSsprRegistered: false as const,
      methodsRegistered: methodsRegistered.map((method) => reportNames[method] ?? method),
      lastUpdatedDateTime,
    }))
    .filter(
      (entry) => query.registered === undefined || entry.isMfaRegistered === query.registered,
    );
  return { registrations, cursor: page.cursor };
}
