import type { Change } from '../../ports.ts';
import { authorizationCap, authorizationKey } from '../../rows/authorization.ts';
import { insert, replace } from '../../rows/row.ts';
import type { SignInLogLine } from '../log.ts';
import { abandoned, abandonedLine } from './abandoned.ts';
import { authorizationOf, ended } from './guest-rows.ts';
import type { Advanced } from './judged.ts';
import type { Stage } from './stage.ts';

/** One commit takes no more; what cannot leave now leaves with the next. */
const changesMax = 100;

/** What a step writes, and what the log is told of once it is written. */
export type Stepped = {
  readonly changes: readonly Change[];
  readonly logs: readonly SignInLogLine[];
};

/**
 * The one transaction of a step: the guest row with its ETag, the authorization, what the step
 * adds, and what can leave. INVARIANT: nothing of a sign-in is written without the guest row, so a
 * reset or a disabling that came first makes this commit fail.
 */
export function stepped(stage: Stage, advanced: Advanced, own: readonly Change[] = []): Stepped {
  const { rows, h, now, guestId } = stage;
  const existing = authorizationOf(rows, h);
  const needed: Change[] = [
    replace(rows.guest, rows.guest.value),
    existing
      ? replace(existing, advanced.authorization)
      : insert(authorizationKey(h), advanced.authorization),
    ...own,
    ...advanced.changes,
  ];
  const written = new Set(needed.map((change) => change.key));
  const leaving = ended(rows, now)
    .filter(({ key }) => !written.has(key))
    .slice(0, changesMax - needed.length);
  const gone = new Set(leaving.map(({ key }) => key));
  const untold = abandoned(rows, now).filter(({ key }) => gone.has(key));
  return {
    changes: [...needed, ...leaving],
    logs: [
      ...(advanced.log ? [advanced.log] : []),
      ...untold.map(({ key, value }) => abandonedLine(guestId, key, value)),
    ],
  };
}

/** A guest with this many sign-ins under way gets no further one; none of the others is evicted. */
export function isFull(stage: Stage): boolean {
  const leaving = new Set(ended(stage.rows, stage.now).map(({ key }) => key));
  const staying = stage.rows.authorizations.filter((row) => !leaving.has(row.key));
  return staying.length >= authorizationCap;
}
