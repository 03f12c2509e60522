import type { GuestId } from '../../shared/core/ids.ts';
import { type GuestRows, loadGuest } from '../../shared/flows/sign-in/guest-rows.ts';
import { logRow, type SignInLog } from '../../shared/rows/log.ts';
import { readRow } from '../../shared/rows/row.ts';
import { dump, type TestHouse } from './house.ts';
import { guestIds } from './house-home.ts';

/** What is stored of a guest, and what it comes to. */
export async function guestRowsOf(
  { direct }: Pick<TestHouse, 'direct'>,
  who: keyof typeof guestIds,
): Promise<GuestRows> {
  const rows = await loadGuest(direct, guestIds[who] as GuestId);
  if (!rows) throw new Error(`no guest ${who}`);
  return rows;
}

export async function standingOf(world: Pick<TestHouse, 'direct'>, who: keyof typeof guestIds) {
  const rows = await guestRowsOf(world, who);
  const states = (list: readonly { readonly value: { readonly state: string } }[]) =>
    list.map(({ value }) => value.state).sort();
  return {
    methods: rows.methods.length,
    sessions: states(rows.sessions),
    authorizations: states(rows.authorizations),
  };
}

/** Sign-ins in the log, oldest first; of one instant in any order. */
export async function signInLogs(world: TestHouse): Promise<readonly SignInLog[]> {
  const entries = await logEntries(world);
  return entries
    .filter((entry) => entry.kind === 'signIn')
    .sort((a, b) => a.at.localeCompare(b.at));
}

export async function logEntries(world: TestHouse) {
  const rows = await dump(world, ['log']);
  return rows.map((row) => readRow(logRow, { ...row, etag: '' }).value);
}
