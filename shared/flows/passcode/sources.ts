import { sourceOf } from '../../checks/client-address.ts';
import {
  type SourceCount,
  sourceCountNow,
  sourceMaySend,
  withSourceSend,
  withSourceWrong,
} from '../../checks/send-limits.ts';
import { Fault } from '../../core/errors.ts';
import { openTurns } from '../../core/in-turn.ts';
import { macOf } from '../../core/seal.ts';
import { dayOf } from '../../core/time.ts';
import { countPartition } from '../../rows/mailbox.ts';
import { findRow, insert, replace, type Versioned } from '../../rows/row.ts';
import { type Source, sourceKey, sourceRow } from '../../rows/source.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import type { BrowserFacts } from '../sign-in/facts.ts';

/**
 * One code more is asked for from this address: counted before anything is mailed. False: too many
 * from there, or too many wrong codes everywhere; neither binds a browser that the guest has used
 * before.
 */
export async function maySend(
  house: House,
  from: BrowserFacts,
  knownBrowser: boolean,
  now: Date,
): Promise<boolean> {
  const isShut = !knownBrowser && house.allowances.isSpent('wrongCode', now);
  const isCounted =
    !isShut &&
    (await count(house, from, now, (before) =>
      knownBrowser || sourceMaySend(before) ? withSourceSend(before) : undefined,
    ));
  if (!isCounted)
    house.journal.line('warning', 'passcodeSendRefused', { why: isShut ? 'deployment' : 'source' });
  return isCounted;
}

/** A wrong code came from this address: counted before it is told. */
export async function countWrong(house: House, from: BrowserFacts, now: Date): Promise<void> {
  await count(house, from, now, withSourceWrong);
}

/** An office comes at nine: who is counted together in one process need not race for the row. */
const inTurn = openTurns();

async function count(
  house: House,
  { ipAddress = '' }: BrowserFacts,
  now: Date,
  next: (before: SourceCount) => SourceCount | undefined,
): Promise<boolean> {
  const { key } = await keyFor(house.keys, 'limits');
  const name = macOf(key, 'source', sourceOf(ipAddress));
  const partition = countPartition(dayOf(now), name);
  const rowKey = sourceKey(name);
  const load = async () =>
    findRow(sourceRow, await house.store.load(partition, { keys: [rowKey] }), rowKey);
  const plan = (row: Versioned<Source> | undefined): Plan<boolean> => {
    const after = next(sourceCountNow(row?.value, now));
    if (!after) return { changes: [], answer: false };
    return { changes: [row ? replace(row, after) : insert(rowKey, after)], answer: true };
  };
  const counted = await inTurn(name, () => commitPlan(house.store, partition, load, plan));
  // who cannot be counted is not served
  if (counted === undefined) throw new Fault('busy', { detail: 'source' });
  return counted;
}
