import { openGeo } from './adapters/geo.ts';
import { consoleJournal } from './adapters/journal.ts';
import { managedIdentity, type TokenSource } from './adapters/managed-identity.ts';
import { wallPace } from './adapters/pace.ts';
import { openTables } from './adapters/store/tables.ts';
import { clientAddress } from './checks/client-address.ts';
import { hashSecret } from './checks/client-authentication.ts';
import { type Config, readConfig } from './config.ts';
import type { ClientAddress } from './core/client-address.ts';
import { later } from './core/later.ts';
import type { HouseWithScan } from './flows/house.ts';
import { openAllowances } from './flows/passcode/allowances.ts';
import type { HomeIdp, Journal, Keys, Mail, Store } from './ports.ts';
import { renderMail } from './web/mails/render-mail.ts';

/** The house as functions see it: the flows' ports, and the clock that `now` is read from. */
export type Composed = HouseWithScan & {
  readonly now: () => Date;
  readonly isLocalWorld: boolean;
  readonly clientAddress: ClientAddress;
};

/** What dev and test may put in the place of the process's own (`compose-override.ts`). */
export type Parts = {
  readonly clock?: () => Date;
  readonly journal?: Journal;
  /** Once per request to the table service; the configuration's are counted apart. */
  readonly onTableCall?: () => void;
  /** In the place of Azure's managed identity. */
  readonly credential?: TokenSource;
};

let composed: Composed | undefined;

/** Once per process. Throws `ConfigError` where the environment is not fit to start with. */
export function compose(): Composed {
  composed ??= openHouse(readConfig(), {});
  return composed;
}

/** For `compose-override.ts` alone. */
export function install(house: Composed | undefined): void {
  composed = house;
}

export function openHouse(config: Config, parts: Parts): Composed {
  const { clock = () => new Date() } = parts;
  const journal = parts.journal ?? consoleJournal(clock, (line) => console.log(line));
  const credential = parts.credential ?? managedIdentity(config.managedIdentity);
  const tables = 'url' in config.tables ? { ...config.tables, credential } : config.tables;
  const onCall = parts.onTableCall;
  const store = openTables({ ...tables, ...(onCall ? { onCall } : {}) });
  // the pointer and the keys are read by the clock, not by the request: their calls belong to none
  const uncounted = openTables(tables);
  const reader = later(async () => {
    const { configurationReader } = await import('./flows/configuration/configuration.ts');
    return configurationReader(uncounted, journal, clock, config.validFrom);
  });
  return {
    issuer: config.issuer,
    isLocalWorld: config.isLocalWorld,
    now: clock,
    clientAddress: clientAddress(config.clientAddress),
    store,
    scan: store,
    journal,
    keys: lazyKeys(config.keys, { credential, store: uncounted, journal, clock }),
    homeIdp: lazyHomeIdp(config.isLocalWorld, journal),
    mail: config.mail && lazyMail(config.mail, credential),
    geo: openGeo(config.countryData, journal),
    pace: wallPace,
    allowances: openAllowances(store),
    configuration: async () => (await reader())(),
    admission: {
      trusted: config.adminIssuer,
      seedClient: config.seedClient && {
        appId: config.seedClient.appId,
        secretHash: hashSecret(config.seedClient.secret),
      },
    },
  };
}

// what is imported later costs the start nothing

type KeysParts = {
  readonly credential: TokenSource;
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: () => Date;
};

/** Pages that need no key are served without them, and without Key Vault's SDK. */
function lazyKeys(config: Config['keys'], parts: KeysParts): Keys {
  const keys = later(async () => {
    if (config.kind === 'local') {
      const { openLocalKeys } = await import('./adapters/keys/keys-local.ts');
      return openLocalKeys(config.masterKey, parts.store, parts.journal, parts.clock);
    }
    const { openVaultKeys } = await import('./adapters/keys/keys-vault.ts');
    return openVaultKeys({ ...config, ...parts });
  });
  const administration = async () => (await keys()).administration;
  return {
    sign: async (header, claims) => (await keys()).sign(header, claims),
    publicKeys: async () => (await keys()).publicKeys(),
    secret: async (purpose, id) => (await keys()).secret(purpose, id),
    ready: async () => (await keys()).ready(),
    administration: {
      list: async () => (await administration()).list(),
      rotateSigning: async () => (await administration()).rotateSigning(),
      rotateSecrets: async () => (await administration()).rotateSecrets(),
      revoke: async (kid) => (await administration()).revoke(kid),
      renew: async () => (await administration()).renew(),
    },
  };
}

/** Nor do pages that send nobody home need what checks its tokens. */
function lazyHomeIdp(allowLoopback: boolean, journal: Journal): HomeIdp {
  const homeIdp = later(async () => {
    const { openHomeIdp } = await import('./adapters/home-idp/home-idp.ts');
    return openHomeIdp({
      allowLoopback,
      onAlarm: (event, detail) => journal.line('alarm', event, detail),
    });
  });
  return {
    authorizationUrl: async (...asked) => (await homeIdp()).authorizationUrl(...asked),
    redeem: async (...asked) => (await homeIdp()).redeem(...asked),
    verifyAccessToken: async (...asked) => (await homeIdp()).verifyAccessToken(...asked),
  };
}

/** The mail service's SDK costs start-up that only who sends a mail should pay. */
function lazyMail(options: NonNullable<Config['mail']>, identity: TokenSource): Mail {
  const mail = later(async () => {
    const { openAcsMail } = await import('./adapters/acs-mail.ts');
    const access = 'endpoint' in options ? { ...options, credential: identity } : options;
    return openAcsMail({ ...access, render: renderMail });
  });
  return {
    sender: options.sender,
    async send(message, operationId, signal) {
      try {
        return await (await mail()).send(message, operationId, signal);
      } catch (thrown) {
        return { kind: 'unavailable', why: thrown instanceof Error ? thrown.name : 'unknown' };
      }
    },
  };
}
