import { Fault } from '../../core/errors.ts';
import { dayOf } from '../../core/time.ts';
import type { Store } from '../../ports.ts';
import {
  type Allowance,
  type AllowanceKind,
  allowanceKey,
  allowanceKinds,
  allowancePartition,
  allowanceRow,
} from '../../rows/allowance.ts';
import type { Settings } from '../../rows/configuration/settings.ts';
import { findRow, insert, replace, type Versioned } from '../../rows/row.ts';
import { commitPlan } from '../commit-plan.ts';

/**
 * What the whole deployment may do in a day. Each instance leases it in portions, every kind that it
 * has run out of at once, so that the one row is written once for ten; what an instance has left when
 * it ends is lost to the day.
 */
export type Allowances = {
  /** One of a kind: false where the day's are spent. Throws what the store throws: then nothing is. */
  take(kind: AllowanceKind, limits: Limits, now: Date): Promise<boolean>;
  /** As far as this instance has been told. */
  isSpent(kind: AllowanceKind, now: Date): boolean;
};

type Limits = Settings['passcode'];
type Left = Record<AllowanceKind, number>;

const portion = 10;

const none: Readonly<Left> = {
  mailKnownBrowser: 0,
  mailOther: 0,
  wrongCode: 0,
  mailNobody: 0,
  wrongCodeNobody: 0,
};

export function openAllowances(store: Store): Allowances {
  let held: { readonly day: string; readonly left: Left } | undefined;
  let underway: Promise<ReadonlySet<AllowanceKind>> | undefined;

  /** Undefined: nothing leased today. A clock that was set back does not open a day once more. */
  const leftToday = (now: Date): Left | undefined =>
    held && held.day >= dayOf(now) ? held.left : undefined;

  /** The kinds that were asked for and of which the day has nothing left. */
  async function renew(limits: Limits, now: Date): Promise<ReadonlySet<AllowanceKind>> {
    const before = leftToday(now) ?? none;
    const got = await lease(store, before, limits, now);
    // what was taken meanwhile was of kinds that needed none
    const left = { ...none, ...leftToday(now) };
    for (const kind of allowanceKinds) left[kind] += got[kind];
    held = { day: dayOf(now), left };
    return new Set(allowanceKinds.filter((kind) => before[kind] === 0 && got[kind] === 0));
  }

  return {
    async take(kind, limits, now) {
      for (;;) {
        const left = leftToday(now);
        if (held && left && left[kind] > 0) {
          held = { ...held, left: { ...left, [kind]: left[kind] - 1 } };
          return true;
        }
        underway ??= renew(limits, now).finally(() => {
          underway = undefined;
        });
        if ((await underway).has(kind)) return false;
      }
    },
    isSpent: (kind, now) => leftToday(now)?.[kind] === 0 && !isEndless(kind),
  };
}

/** A portion of each kind that there is none left of here, and as much as the day has. */
async function lease(store: Store, left: Left, limits: Limits, now: Date): Promise<Left> {
  const partition = allowancePartition(dayOf(now));
  const got = await commitPlan<Versioned<Allowance> | undefined, Left>(
    store,
    partition,
    async () => findRow(allowanceRow, await store.load(partition), allowanceKey),
    (row) => {
      const handedOut = { ...none, ...row?.value.handedOut };
      const given = { ...none };
      for (const kind of allowanceKinds) {
        if (left[kind] > 0) continue;
        given[kind] = Math.max(0, Math.min(portion, restOf(kind, handedOut, limits)));
        handedOut[kind] += given[kind];
      }
      if (allowanceKinds.every((kind) => given[kind] === 0)) return { changes: [], answer: given };
      const change = row ? replace(row, { handedOut }) : insert(allowanceKey, { handedOut });
      return { changes: [change], answer: given };
    },
  );
  if (got === undefined) throw new Fault('busy', { detail: 'allowance' });
  return got;
}

/** Of addresses that nobody has: counted for the sake of the calls alone. */
const isEndless = (kind: AllowanceKind): boolean =>
  kind === 'mailNobody' || kind === 'wrongCodeNobody';

/** What the day still has of a kind. */
function restOf(
  kind: AllowanceKind,
  { mailKnownBrowser, mailOther, wrongCode }: Left,
  { mailsPerDay, wrongCodesPerDay }: Limits,
): number {
  const mails = mailsPerDay - mailKnownBrowser - mailOther;
  switch (kind) {
    case 'mailKnownBrowser':
      return mails;
    case 'mailOther':
      // half is kept for guests' own browsers
      return Math.min(mails, Math.floor(mailsPerDay / 2) - mailOther);
    case 'wrongCode':
      return wrongCodesPerDay - wrongCode;
    case 'mailNobody':
    case 'wrongCodeNobody':
      return portion;
  }
}
