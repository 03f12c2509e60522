import { startKeyVault } from '../../dev/key-vault.ts';
import { openVaultKeys } from '../../shared/adapters/keys/keys-vault.ts';
import { type HouseOptions, openTestHouse } from './house.ts';
import { testClock } from './house-clock.ts';

type VaultHouseOptions = HouseOptions & {
  readonly signing?: 'keyvault' | 'wrapped';
  /** Of one request to the vault: short only where something hangs on purpose. */
  readonly timeoutMs?: number;
};

/** A house on a stand-in of the vault, through the real SDK; clock of house and vault are the test's. */
export async function openVaultHouse(options: VaultHouseOptions = {}) {
  const { signing = 'keyvault', timeoutMs = 20_000, clock = testClock(), ...more } = options;
  await using opening = new AsyncDisposableStack();
  const vault = opening.use(await startKeyVault({ clock: clock.now }));
  const { url, credential } = vault;
  const world = opening.use(
    await openTestHouse({
      ...more,
      clock,
      keys: (store, journal) =>
        openVaultKeys({ url, credential, signing, store, journal, clock: clock.now, timeoutMs }),
    }),
  );
  const open = opening.move();
  return {
    ...world,
    vault,
    /** Requests to the vault that some work makes. */
    async asked(work: () => Promise<unknown>): Promise<number> {
      const before = vault.requests.length;
      await work();
      return vault.requests.length - before;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
