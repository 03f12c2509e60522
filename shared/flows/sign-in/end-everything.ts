import type { Change } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { replace } from '../../rows/row.ts';
import { endedBy } from './block.ts';
import type { GuestRows } from './guest-rows.ts';

/** Every session and authorization of a guest becomes terminal: part of one transaction. */
export function endEverything(rows: GuestRows, now: Date, cause: string): readonly Change[] {
  const authorizations = rows.authorizations
    .filter(({ value }) => value.state !== 'over' && value.state !== 'revoked')
    .map((row) => replace(row, ended(row.value, now, cause)));
  const sessions = rows.sessions
    .filter(({ value }) => value.state === 'live')
    .map((row) => replace(row, { ...row.value, state: 'ended' as const }));
  return [...authorizations, ...sessions];
}

const ended = (authorization: Authorization, now: Date, cause: string): Authorization =>
  authorization.state === 'redeemed'
    ? { ...authorization, state: 'revoked', over: { cause } }
    : endedBy(authorization, now, cause);
