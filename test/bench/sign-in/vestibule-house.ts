import { randomBytes } from 'node:crypto';
import { consoleJournal } from '../../../shared/adapters/journal.ts';
import { openLocalKeys } from '../../../shared/adapters/keys/keys-local.ts';
import { openMemory } from '../../../shared/adapters/store/memory.ts';
import { clientAddress } from '../../../shared/checks/client-address.ts';
import type { Composed } from '../../../shared/compose.ts';
import { randomToken, readGuestId } from '../../../shared/core/ids.ts';
import { seal } from '../../../shared/core/seal.ts';
import { applyConfiguration } from '../../../shared/flows/configuration/apply.ts';
import { configurationReader } from '../../../shared/flows/configuration/configuration.ts';
import { keyFor } from '../../../shared/flows/key-for.ts';
import { openAllowances } from '../../../shared/flows/passcode/allowances.ts';
import type { Journal, Pace } from '../../../shared/ports.ts';
import { guestPartition } from '../../../shared/rows/guest.ts';
import { type Method, methodKey, totpSealAad } from '../../../shared/rows/method.ts';
import { insert } from '../../../shared/rows/row.ts';
import { homeStandIn } from './home-stand-in.ts';
import { mailStandIn } from './mail-stand-in.ts';
import type { MailedCode } from './mailboxes.ts';
import { type Door, guestCount, guestId, totpSecret } from './people.ts';
import { benchFolder } from './vestibule-folder.ts';

export type Clock = { aheadMs: number };

export type BenchHouse = {
  readonly door: Door;
  readonly mfa: boolean;
  readonly clock: Clock;
  readonly deliver: (mail: MailedCode) => void;
  readonly journal?: Journal;
};

/** The fixed moment to answer at is waiting, not work: here it is at once. */
const noPace: Pace = () => ({ signal: new AbortController().signal, due: async () => undefined });

/** From the command line of a server of this bench. */
export const benchHouseOf = (args: readonly string[]) => ({
  door: args.includes('--passcode') ? ('mailbox' as const) : ('home' as const),
  mfa: args.includes('--mfa'),
  clock: { aheadMs: 0 },
});

/** The house on implementations of its ports in memory: no table service, no partner, no mail service. */
export async function openBenchHouse(issuer: string, options: BenchHouse): Promise<Composed> {
  const { clock, deliver } = options;
  const now = () => new Date(Date.now() + clock.aheadMs);
  const store = openMemory();
  // lines are made and go to the null device, as a host takes them away
  const journal =
    options.journal ?? consoleJournal(now, (line) => void process.stdout.write(`${line}\n`));
  const house: Composed = {
    issuer,
    isLocalWorld: true,
    clientAddress: clientAddress({ kind: 'direct' }),
    now,
    store,
    scan: store,
    journal,
    keys: openLocalKeys(randomBytes(32), store, journal, now),
    homeIdp: homeStandIn,
    configuration: configurationReader(store, journal, now),
    admission: {},
    geo: { countryOf: () => undefined },
    mail: mailStandIn(deliver),
    pace: noPace,
    allowances: openAllowances(store),
  };
  await seed(house, options);
  return house;
}

async function seed(house: Composed, { door, mfa }: BenchHouse): Promise<void> {
  const applied = await applyConfiguration(
    house,
    {
      folder: await benchFolder(door, mfa),
      dryRun: false,
      administrator: 'bench',
      isLocalWorld: true,
    },
    house.now(),
  );
  if (applied.kind !== 'applied') throw new Error(`not applied: ${JSON.stringify(applied)}`);
  if (mfa) for (let index = 0; index < guestCount; index++) await enrol(house, guestId(index));
}

/** An authenticator app set up some time ago. */
async function enrol(house: Composed, id: string): Promise<void> {
  const guest = readGuestId(id);
  if (!guest) throw new Error(`no guest id: ${id}`);
  const methodId = randomToken();
  const at = house.now().toISOString();
  const method: Method = {
    kind: 'softwareOath',
    id: methodId,
    secretSealed: seal(
      await keyFor(house.keys, 'totp-secret'),
      totpSealAad(guest, methodId),
      totpSecret,
    ),
    lastStep: 0,
    createdDateTime: at,
    lastUsedDateTime: at,
  };
  const change = insert(methodKey(methodId), method);
  await house.store.commit(guestPartition(guest), [change], randomToken());
}
