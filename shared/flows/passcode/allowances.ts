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
 * What the whole deployment may do in a day. Each instance leases it in portions, every kind of a
 * group that it has run out of at once, so that the one row is written once for ten; what an instance
 * has left when it ends is lost to the day.
 */
export type Allowances = {
  /** One of a kind: false where the day's are spent. Throws what the store throws: then nothing is. */
  take(kind: AllowanceKind, limits: Limits, now: Date): Promise<boolean>;
  /** As far as this instance has been told. */
  isSpent(kind: AllowanceKind, now: Date): boolean;
};

type Limits = Settings['passcode'];
type Left = Record<AllowanceKind, number>;

type Held = {
  readonly day: string;
  readonly left: Left;
  /** What the day had nothing of any more, when it was last asked. */
  readonly spent: ReadonlySet<AllowanceKind>;
};

type Leased = {
  readonly given: Left;
  /** Of any kind: what the day has nothing of any more, this lease included. */
  readonly empty: ReadonlySet<AllowanceKind>;
};

const portion = 10;

/**
 * Leased together, so that guests and nobody cost the same. Mails and wrong codes apart: an instance
 * that sees no wrong code takes none of the day's.
 */
const mails = ['mailKnownBrowser', 'mailOther', 'mailNobody'] as const;
const guesses = ['wrongCode', 'wrongCodeNobody'] as const;
type Group = typeof mails | typeof guesses;

const groupOf = (kind: AllowanceKind): Group =>
  kind === 'wrongCode' || kind === 'wrongCodeNobody' ? guesses : mails;

const none: Readonly<Left> = {
  mailKnownBrowser: 0,
  mailOther: 0,
  wrongCode: 0,
  mailNobody: 0,
  wrongCodeNobody: 0,
};

export function openAllowances(store: Store): Allowances {
  let held: Held | undefined;
  const underway = new Map<Group, Promise<ReadonlySet<AllowanceKind>>>();

  /** Undefined: nothing leased today. A clock that was set back does not open a day once more. */
  const heldToday = (now: Date): Held | undefined =>
    held && held.day >= dayOf(now) ? held : undefined;

  /** The kinds that were asked for and of which the day has nothing left. */
  async function renew(
    group: Group,
    limits: Limits,
    now: Date,
  ): Promise<ReadonlySet<AllowanceKind>> {
    const before = heldToday(now)?.left ?? none;
    const wanted = group.filter((kind) => before[kind] === 0);
    const { given, empty } = await lease(store, wanted, limits, now);
    // what was taken meanwhile was of kinds that needed none
    const left = { ...none, ...heldToday(now)?.left };
    for (const kind of wanted) left[kind] += given[kind];
    // a portion that is used up is not yet a day that is spent
    const spent = allowanceKinds.filter((kind) => left[kind] === 0 && empty.has(kind));
    held = { day: dayOf(now), left, spent: new Set(spent) };
    return held.spent;
  }

  return {
    async take(kind, limits, now) {
      for (;;) {
        const today = heldToday(now);
        if (today && today.left[kind] > 0) {
          held = { ...today, left: { ...today.left, [kind]: today.left[kind] - 1 } };
          return true;
        }
        // asked again only when another kind is: what costs nothing here must cost nothing there
        if (today?.spent.has(kind)) return false;
        const group = groupOf(kind);
        const running =
          underway.get(group) ?? renew(group, limits, now).finally(() => underway.delete(group));
        underway.set(group, running);
        if ((await running).has(kind)) return false;
      }
    },
    isSpent: (kind, now) => heldToday(now)?.spent.has(kind) === true,
  };
}

/** A portion of each kind that is wanted, and as much as the day has. */
async function lease(
  store: Store,
  wanted: readonly AllowanceKind[],
  limits: Limits,
  now: Date,
): Promise<Leased> {
  const partition = allowancePartition(dayOf(now));
  const got = await commitPlan<Versioned<Allowance> | undefined, Leased>(
    store,
    partition,
    async () => findRow(allowanceRow, await store.load(partition), allowanceKey),
    (row) => {
      const handedOut = { ...none, ...row?.value.handedOut };
      const given = { ...none };
      for (const kind of wanted) {
        given[kind] = Math.max(0, Math.min(portion, restOf(kind, handedOut, limits)));
        handedOut[kind] += given[kind];
      }
      const empty = allowanceKinds.filter((kind) => restOf(kind, handedOut, limits) <= 0);
      const answer = { given, empty: new Set(empty) };
      if (wanted.every((kind) => given[kind] === 0)) return { changes: [], answer };
      const change = row ? replace(row, { handedOut }) : insert(allowanceKey, { handedOut });
      return { changes: [change], answer };
    },
  );
  if (got === undefined) throw new Fault('busy', { detail: 'allowance' });
  return got;
}

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
    // of addresses that nobody has: counted for the sake of the calls alone
    case 'mailNobody':
    case 'wrongCodeNobody':
      return portion;
  }
}
