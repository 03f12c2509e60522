import { compareKeys, publishedUntil } from '../../checks/key-life.ts';
import type { ListedSigningKey } from '../../ports.ts';
import type { KeyRows } from './key-table.ts';
import { type Proven, timed } from './signing-keys.ts';

/** What administrators see: every row that is ours, oldest first. */
export function listSigningKeys(
  rows: KeyRows,
  proven: Proven,
  now: Date,
): readonly ListedSigningKey[] {
  const { keys, foreign, states } = proven;
  const ours = rows.signing
    .map(timed)
    .filter(({ kid }) => !foreign.has(kid))
    .toSorted(compareKeys);
  return ours.map(({ kid, alg, useFrom, revokedAt, row }) => {
    const key = keys.find((each) => each.kid === kid);
    const old = revokedAt === undefined ? 'retired' : 'revoked';
    const state = (key && states.get(key)) ?? old;
    const until = key ? publishedUntil(key, ours, now) : undefined;
    return {
      kid,
      alg,
      state,
      kept: row.value.vaultVersion === undefined ? 'sealed' : 'vault',
      createdAt: new Date(row.value.createdAt),
      useFrom: new Date(useFrom),
      ...(until ? { publishedUntil: until } : {}),
      ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt) }),
    };
  });
}
