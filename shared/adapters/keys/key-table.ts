import { Fault } from '../../core/errors.ts';
import { randomToken } from '../../core/ids.ts';
import { secondsMs } from '../../core/time.ts';
import type { Change, Store, StoredRow } from '../../ports.ts';
import { findRow, insert, readRow, replace, rowsWith, type Versioned } from '../../rows/row.ts';
import {
  isSigningKeyRow,
  keyRingKey,
  keyRingRow,
  keysPartition,
  type SecretKey,
  type SigningKey,
  secretKeyPrefix,
  secretKeyRow,
  signingKeyRow,
} from '../../rows/signing-key.ts';

export type KeyRows = {
  readonly signing: readonly Versioned<SigningKey>[];
  /** In the order of their numbers. */
  readonly secrets: readonly Versioned<SecretKey>[];
};

export type KeyTable = {
  /** At most `ageMs` old; older only where the tables do not answer. */
  read(): Promise<KeyRows>;
  /**
   * Plans on what is there now and writes it; a plan without changes writes nothing. Only one of two changes at the
   * same time is written, the other plans again on what that one left.
   */
  change<T>(plan: (rows: KeyRows) => Promise<KeyPlan<T>>): Promise<T>;
};

export type KeyPlan<T> = { readonly changes: readonly Change[]; readonly answer: T };

const rounds = 5;
/** Tables that do not answer are not asked again before this; what is known serves on. */
const againMs = 5 * secondsMs;

type Known = { readonly rows: KeyRows; freshUntil: number; readonly since: number };

export function openKeyTable(store: Store, clock: () => Date, ageMs: number): KeyTable {
  let known: Known | undefined;
  let loading: Promise<Loaded> | undefined;

  const load = async (): Promise<Loaded> => {
    // counted from when it was asked: what was written since may not be in the answer
    const since = clock().getTime();
    const loaded = sort(await store.load(keysPartition));
    known = { rows: loaded, since, freshUntil: since + ageMs };
    return loaded;
  };

  return {
    async read() {
      const at = clock().getTime();
      // a clock that went back proves nothing fresh
      if (known && at >= known.since && at < known.freshUntil) return known.rows;
      loading ??= load().finally(() => {
        loading = undefined;
      });
      try {
        return await loading;
      } catch (thrown) {
        if (!known) throw thrown;
        known = { ...known, since: at, freshUntil: at + againMs };
        return known.rows;
      }
    },

    async change(plan) {
      for (let round = 0; round < rounds; round++) {
        const loaded = await load();
        const { changes, answer } = await plan(loaded);
        if (changes.length === 0) return answer;
        const ring = { changedAt: clock().toISOString() };
        const turn = loaded.ring ? replace(loaded.ring, ring) : insert(keyRingKey, ring);
        const outcome = await store.commit(keysPartition, [turn, ...changes], randomToken());
        if (outcome === 'done') {
          await load();
          return answer;
        }
      }
      throw new Fault('busy', { detail: 'keys' });
    },
  };
}

type Loaded = KeyRows & { readonly ring: Versioned<{ readonly changedAt: string }> | undefined };

function sort(rows: readonly StoredRow[]): Loaded {
  return {
    ring: findRow(keyRingRow, rows, keyRingKey),
    signing: rows.filter(isSigningKeyRow).map((row) => readRow(signingKeyRow, row)),
    secrets: rowsWith(secretKeyRow, rows, secretKeyPrefix).toSorted(
      (a, b) => a.value.number - b.value.number,
    ),
  };
}
