import { keysAgeMs } from '../../checks/key-life.ts';
import type { Journal, Keys, NamedKey, Store } from '../../ports.ts';
import type { TokenSource } from '../managed-identity.ts';
import { openKeyTable } from './key-table.ts';
import { derive, openKeys } from './keys.ts';
import { sealedSigningKeys } from './sealed-signing-keys.ts';
import { keyEncryption, wrappedSecrets } from './secret-keys.ts';
import type { SigningSource } from './signing-keys.ts';
import { openVault } from './vault.ts';
import { warnOfEnds } from './vault-key-ends.ts';
import { vaultPace } from './vault-pace.ts';
import { signingNames, vaultSigningKeys } from './vault-signing-keys.ts';

export type VaultKeysOptions = {
  readonly url: string;
  readonly credential: TokenSource;
  /** Which keys are made from now on; those of the other sort serve to their end. */
  readonly signing: 'keyvault' | 'wrapped';
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: () => Date;
  /** Of one request to the vault. */
  readonly timeoutMs?: number | undefined;
};

/** Keys of a deployment: signing keys in the vault or sealed, everything else derived from wrapped keys. */
export function openVaultKeys(options: VaultKeysOptions): Keys {
  const { store, journal, clock } = options;
  const pace = vaultPace(clock, options.timeoutMs);
  const vault = openVault({ url: options.url, credential: options.credential, pace });
  const table = openKeyTable(store, clock, keysAgeMs);
  const secrets = wrappedSecrets(vault, table, journal, clock);
  const sealing = async (id?: string): Promise<NamedKey | undefined> => {
    const from = await secrets.find(id === undefined ? { at: clock() } : { id });
    return from && { id: from.id, key: derive(from.key, 'signing-keys') };
  };
  const inVault = vaultSigningKeys(vault);
  const sealed = sealedSigningKeys(sealing);
  const makes = options.signing === 'keyvault' ? inVault : sealed;
  const signing: SigningSource = {
    makesKeys: makes.makesKeys,
    make: (alg, known) => makes.make(alg, known),
    open: (kid, row) => (row.vaultVersion === undefined ? sealed : inVault).open(kid, row),
  };
  const keys = openKeys({ table, signing, secrets, journal, clock });
  const used =
    options.signing === 'keyvault'
      ? [keyEncryption, ...Object.values(signingNames)]
      : [keyEncryption];
  return {
    ...keys,
    administration: {
      ...keys.administration,
      async renew() {
        try {
          return await keys.administration.renew();
        } finally {
          await warnOfEnds(vault, used, journal, clock());
        }
      },
    },
  };
}
