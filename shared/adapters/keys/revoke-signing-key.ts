import type { Revocation, SigningAlgorithm } from '../../ports.ts';
import { insert, replace } from '../../rows/row.ts';
import type { SigningKey } from '../../rows/signing-key.ts';
import type { KeyPlan, KeyRows } from './key-table.ts';
import type { Made, Proven } from './signing-keys.ts';

type Revoking = {
  readonly rows: KeyRows;
  readonly kid: string;
  readonly prove: (rows: KeyRows['signing'], now: Date) => Promise<Proven>;
  readonly madeFor: (
    alg: SigningAlgorithm,
    rows: KeyRows,
  ) => Promise<{ readonly alg: SigningAlgorithm; readonly made: Made } | undefined>;
  readonly clock: () => Date;
};

/**
 * A key is gone from now on and what takes its place begins now: one transaction. A vault that does not
 * answer keeps nobody from revoking; there is no key then until it does.
 */
export async function revocationPlan(revoking: Revoking): Promise<KeyPlan<Revocation | undefined>> {
  const { rows, kid, clock } = revoking;
  const row = rows.signing.find(({ key }) => key === kid);
  if (!row) return { changes: [], answer: undefined };
  const now = clock();
  const { alg } = row.value;
  const ofOne = rows.signing.filter(({ value }) => value.alg === alg);
  const { keys, states } = await provenOrNone(revoking, ofOne, now);
  const current = keys.find((key) => states.get(key) === 'current');
  if (row.value.revokedAt !== undefined)
    return { changes: [], answer: { kid, alg, current: current?.kid } };

  const revoked: SigningKey = { ...row.value, revokedAt: now.toISOString() };
  const gone = replace(row, revoked);
  if (current && current.kid !== kid)
    return { changes: [gone], answer: { kid, alg, current: current.kid } };
  const useFrom = now.toISOString();
  const next = keys.find((key) => states.get(key) === 'next');
  if (next) {
    const taking: SigningKey = { ...next.row.value, useFrom };
    return { changes: [gone, replace(next.row, taking)], answer: { kid, alg, current: next.kid } };
  }
  const found = await revoking.madeFor(alg, rows).catch(() => undefined);
  if (!found) return { changes: [gone], answer: { kid, alg } };
  const made: SigningKey = { alg, ...found.made.material, createdAt: useFrom, useFrom };
  return {
    changes: [gone, insert(found.made.kid, made)],
    answer: { kid, alg, current: found.made.kid },
  };
}

async function provenOrNone({ prove }: Revoking, rows: KeyRows['signing'], now: Date) {
  try {
    return await prove(rows, now);
  } catch {
    return { keys: [], foreign: new Set<string>(), states: new Map() } satisfies Proven;
  }
}
