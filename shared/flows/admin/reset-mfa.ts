import { hashOf, randomToken } from '../../core/ids.ts';
import { daysMs, later, laterOf } from '../../core/time.ts';
import type { Change } from '../../ports.ts';
import { attemptsKey } from '../../rows/attempts.ts';
import { type Guest, guestPartition } from '../../rows/guest.ts';
import { onceKey, oncePartition, onceRow } from '../../rows/once.ts';
import { findRow, insert, remove, replace } from '../../rows/row.ts';
import { commitPlan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { logAudit } from '../log.ts';
import { postNotice } from '../mail/notices.ts';
import { endEverything } from '../sign-in/end-everything.ts';
import { type GuestRows, loadGuest } from '../sign-in/guest-rows.ts';
import type { Administrator } from './admit.ts';
import { findGuest, type GuestName } from './find-guest.ts';
import { projectGuest } from './project-guest.ts';

/**
 * POST /manage/mfa-reset: in one transaction the guest's methods go, every session and authorization
 * ends, a running sign-in with them. The next sign-in proofs up again. The intent is written before.
 */
export type ResetInput = {
  readonly guest: GuestName;
  readonly reason: string;
  /** Which methods; all of them where none is named. Sessions end either way. */
  readonly methods?: readonly string[] | undefined;
  readonly proofUp?: 'firstFactor' | 'accessPass' | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly administrator: Administrator;
};

export type ResetAnswer = {
  readonly operationId: string;
  readonly user: {
    readonly id: string;
    readonly userPrincipalName: string;
    readonly displayName: string;
  };
  readonly methodsRemoved: readonly string[];
  readonly sessionsRevoked: number;
};

export type ResetResult =
  | { readonly kind: 'done'; readonly answer: ResetAnswer }
  | { readonly kind: 'unknownGuest' }
  | { readonly kind: 'contended' }
  /** The key was used before, with another request. */
  | { readonly kind: 'keyReused' };

export async function resetMfa(house: House, input: ResetInput, now: Date): Promise<ResetResult> {
  const configuration = await house.configuration();
  const once = onceOf(input);
  const earlier = once && (await findEarlier(house, once, now));
  if (earlier) return earlier;

  // the same key names the same operation, so that two requests at once are one act in the audit
  const operationId = once ? once.key.slice(0, 22) : randomToken();
  const audit = {
    operationId,
    activity: 'resetMfa',
    actor: input.administrator.name,
    reason: input.reason,
  } as const;
  const id = await findGuest(house, input.guest);
  const rows = id && (await loadGuest(house.store, id, { prefixes: ['account.'] }));
  if (!id || !rows) {
    await logAudit(house, { ...audit, phase: 'refused', result: 'unknownGuest' }, now);
    return { kind: 'unknownGuest' };
  }
  await logAudit(house, { ...audit, phase: 'intent', target: id }, now);
  const proofUp = input.proofUp ?? configuration.settings.proofUp;
  const effect = await commitPlan<GuestRows | undefined, ResetAnswer | undefined>(
    house.store,
    guestPartition(id),
    () => loadGuest(house.store, id),
    (loaded) => plan(loaded, { ...input, proofUp, operationId }, now),
  );
  const result = effect ? 'done' : 'contended';
  await logAudit(house, { ...audit, phase: 'result', target: id, result }, now);
  if (!effect) return { kind: 'contended' };
  await projectGuest(house, id, now);
  await postNotice(house, rows.guest.value, { kind: 'mfaReset' }, now);
  if (once) await keep(house, once, effect, now);
  return { kind: 'done', answer: effect };
}

function plan(
  rows: GuestRows | undefined,
  input: ResetInput & {
    readonly proofUp: 'firstFactor' | 'accessPass';
    readonly operationId: string;
  },
  now: Date,
): { readonly changes: readonly Change[]; readonly answer: ResetAnswer | undefined } {
  if (!rows) return { changes: [], answer: undefined };
  const { value: guest } = rows.guest;
  const { id, userPrincipalName, displayName } = guest;
  const user = { id, userPrincipalName, displayName };
  if (guest.lastReset?.operationId === input.operationId)
    return { changes: [], answer: answerOf(user, guest.lastReset) };
  const removed = rows.methods.filter(({ value }) => input.methods?.includes(value.kind) ?? true);
  const lastReset = {
    operationId: input.operationId,
    methodsRemoved: removed.map(({ value }) => value.kind),
    sessionsRevoked: rows.sessions.filter(({ value }) => value.state === 'live').length,
  };
  const reset: Guest = {
    ...guest,
    proofUp: input.proofUp,
    // whoever is away at home just now comes back to an ended sign-in too
    validFrom: laterOf(guest.validFrom, now),
    lastReset,
  };
  return {
    changes: [
      replace(rows.guest, reset),
      ...removed.map(remove),
      ...(rows.attempts ? [remove({ key: attemptsKey, etag: rows.attempts.etag })] : []),
      ...endEverything(rows, now, 'reset'),
    ],
    answer: answerOf(user, lastReset),
  };
}

const answerOf = (user: ResetAnswer['user'], done: Omit<ResetAnswer, 'user'>): ResetAnswer => ({
  operationId: done.operationId,
  user,
  methodsRemoved: done.methodsRemoved,
  sessionsRevoked: done.sessionsRevoked,
});

// ── Idempotency-Key ──────────────────────────────────────────────────────────────────────────

type Once = { readonly key: string; readonly request: string };

/** By caller and route, so that nobody is answered with somebody else's request. */
function onceOf(input: ResetInput): Once | undefined {
  if (input.idempotencyKey === undefined) return undefined;
  const { guest, reason, methods, proofUp } = input;
  return {
    key: hashOf('once', input.administrator.name, 'mfa-reset', input.idempotencyKey),
    request: hashOf(
      JSON.stringify([guest.id, guest.userPrincipalName, guest.mail, reason, methods, proofUp]),
    ),
  };
}

/** Today's and yesterday's: a repeat after midnight is a repeat. */
async function findEarlier(house: House, once: Once, now: Date): Promise<ResetResult | undefined> {
  for (const day of [now, later(now, -daysMs)]) {
    const rows = await house.store.load(oncePartition(day), { keys: [onceKey(once.key)] });
    const row = findRow(onceRow, rows, onceKey(once.key));
    if (row && row.value.request !== once.request) return { kind: 'keyReused' };
    if (row) return { kind: 'done', answer: row.value.answer };
  }
  return undefined;
}

async function keep(house: House, once: Once, answer: ResetAnswer, now: Date): Promise<void> {
  const row = { request: once.request, answer };
  await house.store.commit(oncePartition(now), [insert(onceKey(once.key), row)], randomToken());
}
