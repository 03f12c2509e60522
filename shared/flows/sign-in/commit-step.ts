import type { Change } from '../../ports.ts';
import { authorizationCap, authorizationKey } from '../../rows/authorization.ts';
import { insert, replace } from '../../rows/row.ts';
import { authorizationOf, ended } from './guest-rows.ts';
import type { Advanced } from './judged.ts';
import type { Stage } from './stage.ts';

/** One commit takes no more; what cannot leave now leaves with the next. */
const changesMax = 100;

/**
 * The one transaction of a step: the guest row with its ETag, the authorization, what the step
 * adds, and what can leave. INVARIANT: nothing of a sign-in is written without the guest row, so a
 * reset or a disabling that came first makes this commit fail.
 */
export function stepChanges(
  stage: Stage,
  advanced: Advanced,
  own: readonly Change[] = [],
): readonly Change[] {
  const { rows, h, now } = stage;
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
  const leaving = ended(rows, now).filter((change) => !written.has(change.key));
  return [...needed, ...leaving.slice(0, changesMax - needed.length)];
}

/** A guest with this many sign-ins under way gets no further one; none of the others is evicted. */
export function isFull(stage: Stage): boolean {
  const leaving = new Set(ended(stage.rows, stage.now).map((change) => change.key));
  const staying = stage.rows.authorizations.filter((row) => !leaving.has(row.key));
  return staying.length >= authorizationCap;
}
