import { randomBytes, randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { openClient } from '../cli/client.ts';
import { applyFolder } from '../cli/config.ts';
import { readFolder } from '../cli/folder.ts';
import { openTables } from '../shared/adapters/store/tables.ts';
import { hashSecret } from '../shared/checks/client-authentication.ts';
import type { Parts } from '../shared/compose.ts';
import { overrideCompose } from '../shared/compose-override.ts';
import { startAzurite, tableConnectionString } from './azurite.ts';
import { countCall } from './host/call-counter.ts';
import type { RequestRecord } from './host/serve-request.ts';
import { startHost } from './host/start-host.ts';
import { startKeyVault } from './key-vault.ts';
import { startMailService } from './mail/start-mail-service.ts';
import { contosoPeople } from './partner/people.ts';
import { startPartner } from './partner/start-partner.ts';
import { startWoodgrove } from './woodgrove/start-woodgrove.ts';

/**
 * The local world: gateway, table and mail service, partner and app in one process, on three sites
 * (`localhost`, `127.0.0.1`, `[::1]`), seeded through the door that a real organisation uses.
 */
export type WorldOptions = {
  /** 0 takes a free port. */
  readonly ports?: Readonly<Record<keyof typeof localPorts, number>>;
  /** Folder that the tables are kept in; without it they live in memory. */
  readonly keep?: string;
  /** A stand-in of the vault in the place of the local key, and where its signing keys lie. */
  readonly vault?: 'keyvault' | 'wrapped';
  readonly clock?: () => Date;
  readonly journal?: Parts['journal'];
  readonly log?: (line: string) => void;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Another address of the table service, a fault proxy's for one; given the real one. */
  readonly tablesThrough?: (url: string) => Promise<string>;
  /**
   * Main file of a built app, in the source's place. It has a house of its own: neither `clock` nor
   * `journal` reach it, and its table calls are not counted.
   */
  readonly app?: string;
  /** Files of the seeded folder, changed before they are applied. */
  readonly seed?: (files: Record<string, string>) => Record<string, string>;
};

export const localPorts = { gateway: 7071, partner: 7080, app: 7090, mail: 8025 } as const;

const folder = resolve(import.meta.dirname, '../examples/fabrikam');
const functions = resolve(import.meta.dirname, '../functions');

const appIds = {
  confidential: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b001',
  public: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b002',
  timesheets: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b003',
  admin: '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b0ad',
} as const;

export async function startWorld(options: WorldOptions = {}) {
  const ports = options.ports ?? { gateway: 0, partner: 0, app: 0, mail: 0 };
  const secrets = {
    partner: newSecret(),
    confidential: newSecret(),
    timesheets: newSecret(),
    admin: newSecret(),
    seed: newSecret(),
  };
  const seedClientId = randomUUID();
  let environment: Readonly<Record<string, string | undefined>> = {};
  await using starting = new AsyncDisposableStack();

  const azurite = starting.use(await startAzurite(options.keep ? { keep: options.keep } : {}));
  const through = await options.tablesThrough?.(azurite.url);
  const connectionString = through ? tableConnectionString(through) : azurite.connectionString;
  await openTables({ connectionString: azurite.connectionString }).ensureTables();

  const mailbox = starting.use(await startMailService({ port: ports.mail }));
  const vault = options.vault && starting.use(await startVault(options.clock));
  const host = starting.use(
    await startHost({
      port: ports.gateway,
      log: options.log ?? (() => undefined),
      schedule: options.clock === undefined,
      ...(options.onRequest ? { onRequest: options.onRequest } : {}),
      env: (url) => {
        const env = {
          VESTIBULE_ISSUER: url,
          VESTIBULE_TABLES: connectionString,
          ...(vault
            ? { VESTIBULE_VAULT: vault.url, VESTIBULE_SIGNING: options.vault }
            : { VESTIBULE_LOCAL_KEY: localKey(options.keep) }),
          VESTIBULE_MAIL: mailbox.connectionString,
          VESTIBULE_MAIL_SENDER: 'no-reply@fabrikam.example',
          VESTIBULE_SEED_CLIENT_ID: seedClientId,
          VESTIBULE_SEED_CLIENT_SECRET: secrets.seed,
        };
        overrideCompose(env, {
          onTableCall: countCall,
          ...(vault ? { credential: vault.credential } : {}),
          ...(options.clock ? { clock: options.clock } : {}),
          ...(options.journal ? { journal: options.journal } : {}),
        });
        environment = env;
        return env;
      },
      load: options.app === undefined ? globSync(`${functions}/*.ts`).sort() : [options.app],
    }),
  );
  starting.defer(() => overrideCompose({}, undefined));
  const issuer = host.url;
  const partner = starting.use(
    await startPartner({
      port: ports.partner,
      clientId: 'vestibule-fabrikam',
      clientSecret: secrets.partner,
      redirectUri: `${issuer}/callback/contoso`,
    }),
  );
  const app = starting.use(
    await startWoodgrove({
      port: ports.app,
      issuer,
      clients: {
        confidential: { id: appIds.confidential, secret: secrets.confidential, label: 'Woodgrove' },
        public: { id: appIds.public, label: 'Woodgrove Desktop (public client)' },
        timesheets: {
          id: appIds.timesheets,
          secret: secrets.timesheets,
          label: 'Timesheets (only from the office)',
        },
      },
    }),
  );

  const seedFiles = seededFolder(
    await readFolder(folder, { CONTOSO_CLIENT_SECRET: secrets.partner }),
    { partner: partner.issuer, app: app.url, secrets },
  );
  const files = options.seed?.(seedFiles) ?? seedFiles;
  const seedClient = openClient({ issuer, clientId: seedClientId, clientSecret: secrets.seed });
  await applyFolder(seedClient, files, { wait: false });

  const running = starting.move();
  return {
    issuer,
    app: app.url,
    partner,
    people: contosoPeople,
    mailbox,
    vault,
    tables: { connectionString: azurite.connectionString, url: azurite.url },
    files,
    admin: { clientId: appIds.admin, clientSecret: secrets.admin },
    seed: { clientId: seedClientId, clientSecret: secrets.seed },
    clients: {
      confidential: { id: appIds.confidential, secret: secrets.confidential },
      public: { id: appIds.public },
      timesheets: { id: appIds.timesheets, secret: secrets.timesheets },
    },
    /** As the app was started with. */
    environment,
    fireTimer: host.fireTimer,
    functions: host.functions,
    close: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

const startVault = (clock: (() => Date) | undefined) => startKeyVault(clock ? { clock } : {});

const newSecret = (): string => randomBytes(32).toString('base64url');

/** Kept tables are sealed under a key that must be the same next time; it opens demo data only. */
const localKey = (keep: string | undefined): string =>
  keep === undefined ? newSecret() : Buffer.alloc(32, 'vestibule').toString('base64url');

type Seeded = {
  readonly partner: string;
  readonly app: string;
  readonly secrets: Readonly<Record<'confidential' | 'timesheets' | 'admin', string>>;
};

/** The example folder with this world's ports, and with hashes of secrets that this world knows. */
function seededFolder(files: Record<string, string>, { partner, app, secrets }: Seeded) {
  const hashes: Readonly<Record<string, string>> = {
    'apps/woodgrove.json': hashSecret(secrets.confidential),
    'apps/timesheets.json': hashSecret(secrets.timesheets),
    'apps/admin-automation.json': hashSecret(secrets.admin),
  };
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file,
      text
        .replaceAll('http://127.0.0.1:7080', partner)
        .replaceAll('http://[::1]:7090', app)
        .replaceAll(/sha256:[A-Za-z0-9_-]{43}/g, (hash) => hashes[file] ?? hash),
    ]),
  );
}
