import { Fault } from '../../core/errors.ts';
import { dayOf } from '../../core/time.ts';
import type { Store } from '../../ports.ts';
import {
  type Allowance,
  type AllowanceKind,
  allowanceKey,
  allowancePartition,
  allowanceRow,
} from '../../rows/allowance.ts';
import type { Settings } from '../../rows/configuration/settings.ts';
import { findRow, insert, replace } from '../../rows/row.ts';
import { commitPlan } from '../commit-plan.ts';

/**
 * What the whole deployment may do in a day. Each instance leases it in portions, so that the one row
 * is written once for ten; what an instance has left when it ends is lost to the day.
 */
export type Allowances = {
  /** One of a kind: false where the day's are spent. Throws what the store throws: then nothing is. */
  take(kind: AllowanceKind, limits: Settings['passcode'], now: Date): Promise<boolean>;
  /** As far as this instance has been told. */
  isSpent(kind: AllowanceKind, now: Date): boolean;
};

const portion = 10;

type Lease = { readonly day: string; left: number };

export function openAllowances(store: Store): Allowances {
  const leases = new Map<AllowanceKind, Lease>();
  const underway = new Map<AllowanceKind, Promise<Lease>>();

  const leaseOf = (kind: AllowanceKind, now: Date): Lease | undefined => {
    const lease = leases.get(kind);
    // a clock that was set back does not open a day once more
    return lease && lease.day >= dayOf(now) ? lease : undefined;
  };

  /** One request to the store for whoever waits for it at the same time. */
  function renew(kind: AllowanceKind, limits: Settings['passcode'], now: Date): Promise<Lease> {
    const running = underway.get(kind);
    if (running) return running;
    const fresh = lease(store, kind, limits, now)
      .then((left) => {
        const held = { day: dayOf(now), left };
        leases.set(kind, held);
        return held;
      })
      .finally(() => underway.delete(kind));
    underway.set(kind, fresh);
    return fresh;
  }

  return {
    async take(kind, limits, now) {
      for (;;) {
        const held = leaseOf(kind, now);
        if (held && held.left > 0) {
          held.left--;
          return true;
        }
        if ((await renew(kind, limits, now)).left === 0) return false;
      }
    },
    isSpent: (kind, now) => leaseOf(kind, now)?.left === 0 && isLimit(kind),
  };
}

/** How many this instance may take from here on. */
async function lease(
  store: Store,
  kind: AllowanceKind,
  limits: Settings['passcode'],
  now: Date,
): Promise<number> {
  const partition = allowancePartition(dayOf(now));
  const got = await commitPlan(
    store,
    partition,
    async () => findRow(allowanceRow, await store.load(partition), allowanceKey),
    (row) => {
      const handedOut: Allowance['handedOut'] = { ...nothing, ...row?.value.handedOut };
      const count = Math.min(portion, leftOf(kind, handedOut, limits));
      if (count <= 0) return { changes: [], answer: 0 };
      const next = { handedOut: { ...handedOut, [kind]: handedOut[kind] + count } };
      return {
        changes: [row ? replace(row, next) : insert(allowanceKey, next)],
        answer: count,
      };
    },
  );
  if (got === undefined) throw new Fault('busy', { detail: 'allowance' });
  return got;
}

const nothing = {
  mailKnownBrowser: 0,
  mailOther: 0,
  wrongCode: 0,
  mailNobody: 0,
  wrongCodeNobody: 0,
} as const satisfies Allowance['handedOut'];

const isLimit = (kind: AllowanceKind): boolean =>
  kind !== 'mailNobody' && kind !== 'wrongCodeNobody';

function leftOf(
  kind: AllowanceKind,
  handedOut: Allowance['handedOut'],
  { mailsPerDay, wrongCodesPerDay }: Settings['passcode'],
): number {
  const { mailKnownBrowser, mailOther, wrongCode } = handedOut;
  const mailsLeft = mailsPerDay - mailKnownBrowser - mailOther;
  switch (kind) {
    case 'mailKnownBrowser':
      return mailsLeft;
    case 'mailOther':
      // half is kept for guests' own browsers
      return Math.min(mailsLeft, Math.floor(mailsPerDay / 2) - mailOther);
    case 'wrongCode':
      return wrongCodesPerDay - wrongCode;
    case 'mailNobody':
    case 'wrongCodeNobody':
      return portion;
  }
}
