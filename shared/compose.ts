import { openGeo } from './adapters/geo.ts';
import { openHomeIdp } from './adapters/home-idp.ts';
import { consoleJournal } from './adapters/journal.ts';
import { openLocalKeys } from './adapters/keys-local.ts';
import { wallPace } from './adapters/pace.ts';
import { openTables } from './adapters/tables.ts';
import { hashSecret } from './checks/client-authentication.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { configurationReader } from './flows/configuration/configuration.ts';
import type { HouseWithScan } from './flows/house.ts';
import { openAllowances } from './flows/passcode/allowances.ts';
import type { Journal, Mail } from './ports.ts';
import { renderMail } from './web/mails/render-mail.ts';

/** The house as functions see it: the flows' ports, and the clock that `now` is read from. */
export type Composed = HouseWithScan & { readonly now: () => Date; readonly isLocalWorld: boolean };

/** What dev and test may put in the place of the process's own (`compose-override.ts`). */
export type Parts = {
  readonly clock?: () => Date;
  readonly journal?: Journal;
  /** Once per request to the table service; the configuration's are counted apart. */
  readonly onTableCall?: () => void;
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
  const connectionString = config.tablesConnectionString;
  const onCall = parts.onTableCall;
  const store = openTables({ connectionString, ...(onCall ? { onCall } : {}) });
  // the pointer is read by the clock, not by the request: its calls belong to none
  const uncounted = openTables({ connectionString });
  if (!config.localKey)
    throw new ConfigError(['VESTIBULE_LOCAL_KEY: no other keys can be used in this version']);
  return {
    issuer: config.issuer,
    isLocalWorld: config.isLocalWorld,
    now: clock,
    store,
    scan: store,
    journal,
    keys: openLocalKeys(config.localKey, uncounted, journal, clock),
    homeIdp: openHomeIdp({
      allowLoopback: config.isLocalWorld,
      onAlarm: (event, detail) => journal.line('alarm', event, detail),
    }),
    mail: config.mail && lazyMail(config.mail),
    geo: openGeo(config.countryData, journal),
    pace: wallPace,
    allowances: openAllowances(store),
    configuration: configurationReader(uncounted, journal, clock, config.validFrom),
    admission: {
      trusted: config.adminIssuer,
      seedClient: config.seedClient && {
        appId: config.seedClient.appId,
        secretHash: hashSecret(config.seedClient.secret),
      },
    },
  };
}

/** The mail service's SDK costs start-up that only who sends a mail should pay. */
function lazyMail(options: NonNullable<Config['mail']>): Mail {
  let opened: Promise<Mail> | undefined;
  const open = async () => {
    const { openAcsMail } = await import('./adapters/acs-mail.ts');
    return openAcsMail({ ...options, render: renderMail });
  };
  return {
    sender: options.sender,
    async send(message, operationId, signal) {
      opened ??= open();
      try {
        return await (await opened).send(message, operationId, signal);
      } catch (thrown) {
        return { kind: 'unavailable', why: thrown instanceof Error ? thrown.name : 'unknown' };
      }
    },
  };
}
