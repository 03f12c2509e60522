import { createHmac, createSecretKey } from 'node:crypto';
import type { Journal, Keys, Store } from '../../ports.ts';
import { openKeyTable } from './key-table.ts';
import { derive, openKeys } from './keys.ts';
import { sealedSigningKeys } from './sealed-signing-keys.ts';
import { oneSecret } from './secret-keys.ts';

/**
 * Keys of the local world: everything hangs on one master key from the environment. Signing keys
 * are made once and lie in the table sealed under it; what does not open under it is not ours.
 * The rows are read once, and again after a change of this process.
 */
export function openLocalKeys(
  masterKey: Uint8Array,
  store: Store,
  journal: Journal,
  clock: () => Date,
): Keys {
  const master = createSecretKey(masterKey);
  const id = createHmac('sha256', master).update('key id').digest('base64url').slice(0, 8);
  const sealing = { id, key: derive(master, 'signing-keys') };
  return openKeys({
    table: openKeyTable(store, clock, Number.POSITIVE_INFINITY),
    signing: sealedSigningKeys(async (named) =>
      named === undefined || named === id ? sealing : undefined,
    ),
    secrets: oneSecret({ id, key: master }),
    journal,
    clock,
  });
}
