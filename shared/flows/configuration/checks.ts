import { mailboxOf, readMailAddress } from '../../checks/mail-address.ts';
import { isLoopbackHost } from '../../core/loopback.ts';
import { PolicyInputError, unavailableConditions } from '../../policy/index.ts';
import { app } from '../../rows/configuration/app.ts';
import type { GuestEntry } from '../../rows/configuration/entries.ts';
import { partner } from '../../rows/configuration/partner.ts';
import type { Pointer } from '../../rows/configuration/parts.ts';
import { settings } from '../../rows/configuration/settings.ts';
import { mailIssuer } from '../../rows/first-factor.ts';
import { compileConfiguration, type Parts } from './configuration.ts';
import { type FileFault, pointerOf, type ReadFolder } from './folder.ts';

/**
 * What files say of each other and of where this gateway runs. Called when every file by itself is
 * fine. Each rule is a function; together they are what `config apply` promises.
 */
export function crossCheck(
  read: ReadFolder,
  where: { readonly isLocalWorld: boolean; readonly issuer: string },
): readonly FileFault[] {
  return [
    ...uniqueKeys(read),
    ...domainsOfOnePartner(read.parts),
    ...noPartnerIsTheMailDoor(read.parts),
    ...resourcesAreRegistered(read.parts),
    ...apisAreOthers(read.parts, where.issuer),
    ...guestsFit(read),
    ...guestsNameWhatIsThere(read),
    ...riskIsOff(read),
    ...conditionsAreAvailable(read),
    ...(where.isLocalWorld ? [] : nothingLocal(read.parts)),
    ...compiles(read.parts),
  ];
}

const keyed = { apps: 'appId', apis: 'identifier', partners: 'id', groups: 'id' } as const;

function uniqueKeys({ parts, guests }: ReadFolder): FileFault[] {
  const faults: FileFault[] = [];
  const seen = (
    what: string,
    entries: readonly { file: string; pointer: string; key: string }[],
  ) => {
    const first = new Map<string, string>();
    for (const { file, pointer, key } of entries) {
      const other = first.get(key);
      if (other !== undefined)
        faults.push({ file, pointer, message: `the same ${what} as in ${other}` });
      else first.set(key, file);
    }
  };
  for (const [part, name] of Object.entries(keyed) as [keyof typeof keyed, string][])
    seen(
      name,
      parts[part].map(({ file, value }) => ({
        file,
        pointer: `/${name}`,
        key: String((value as Record<string, unknown>)[name]).toLowerCase(),
      })),
    );
  seen(
    'id',
    guests.map(({ file, guest }) => ({ file, pointer: '/id', key: guest.id })),
  );
  seen(
    'identity',
    guests.flatMap(({ file, guest }) =>
      guest.identities.map((identity, index) => ({
        file,
        pointer: `/identities/${index}`,
        key: JSON.stringify([identity.partner, subjectOf(identity)]),
      })),
    ),
  );
  return faults;
}

/** As it is stored: a mailbox in all its spellings is one. */
export function subjectOf({ partner: id, subject }: GuestEntry['identities'][number]): string {
  const address = id === mailIssuer ? readMailAddress(subject) : undefined;
  return address ? mailboxOf(address) : subject;
}

function domainsOfOnePartner(parts: Parts): FileFault[] {
  const owners = new Map<string, string>();
  return parts.partners.flatMap(({ file, value }) =>
    partner.parse(value).domains.flatMap((domain, index) => {
      const other = owners.get(domain);
      owners.set(domain, other ?? file);
      return other === undefined
        ? []
        : [{ file, pointer: `/domains/${index}`, message: `${domain} belongs to ${other}` }];
    }),
  );
}

/** A guest's identity at the mailbox stands where a partner's would. */
const noPartnerIsTheMailDoor = (parts: Parts): FileFault[] =>
  parts.partners
    .filter(({ value }) => partner.parse(value).id === mailIssuer)
    .map(({ file }) => ({
      file,
      pointer: '/id',
      message: `${mailIssuer} is the name of the mailed passcode`,
    }));

function resourcesAreRegistered(parts: Parts): FileFault[] {
  const known = new Set(
    parts.apis.map(({ value }) => (value as { identifier: string }).identifier),
  );
  return parts.apps.flatMap(({ file, value }) =>
    app.parse(value).resources.flatMap((resource, index) =>
      known.has(resource)
        ? []
        : [
            {
              file,
              pointer: `/resources/${index}`,
              message: `no file in apis/ has the identifier ${resource}`,
            },
          ],
    ),
  );
}

/** Audiences below the issuer are this gateway's own: the admin API's and userinfo's. */
function apisAreOthers(parts: Parts, issuer: string): FileFault[] {
  return parts.apis.flatMap(({ file, value }) =>
    new URL(String((value as { identifier?: unknown }).identifier)).origin === issuer
      ? [{ file, pointer: '/identifier', message: 'this is an address of the gateway itself' }]
      : [],
  );
}

/** As many as are written within one request. */
const mostGuests = 1000;

function guestsFit({ guests }: ReadFolder): FileFault[] {
  const first = guests[mostGuests];
  return first
    ? [
        {
          file: first.file,
          pointer: '',
          message: `more than ${mostGuests} guests in one folder: apply them in several`,
        },
      ]
    : [];
}

function guestsNameWhatIsThere({ parts, guests }: ReadFolder): FileFault[] {
  const partners = new Set(parts.partners.map(({ value }) => (value as { id: string }).id));
  const groups = new Set(
    parts.groups.map(({ value }) => (value as { id: string }).id.toLowerCase()),
  );
  return guests.flatMap(({ file, guest }) => [
    ...guest.identities.flatMap(({ partner: id }, index) =>
      partners.has(id) || id === mailIssuer
        ? []
        : [{ file, pointer: `/identities/${index}/partner`, message: `no partner ${id}` }],
    ),
    ...mailboxesAreAddresses(file, guest),
    ...guest.groupIds.flatMap((id, index) =>
      groups.has(id) ? [] : [{ file, pointer: `/groupIds/${index}`, message: `no group ${id}` }],
    ),
  ]);
}

/** What a code is mailed to must be one plain address. */
const mailboxesAreAddresses = (file: string, { identities }: GuestEntry): FileFault[] =>
  identities.flatMap(({ partner: id, subject }, index) =>
    id !== mailIssuer || readMailAddress(subject)
      ? []
      : [{ file, pointer: `/identities/${index}/subject`, message: 'must be a mail address' }],
  );

/** While risk is not computed nobody may say that it is. */
function riskIsOff({ parts }: ReadFolder): FileFault[] {
  return settings.parse(parts.settings[0]?.value).riskDetection === 'on'
    ? [
        {
          file: 'settings.json',
          pointer: '/riskDetection',
          message: 'risk is not computed in this version: must be off',
        },
      ]
    : [];
}

/** What no sign-in can be asked about yet: activating a policy that does is refused. */
function conditionsAreAvailable({ policyReports }: ReadFolder): FileFault[] {
  return policyReports.flatMap(({ file, report }) =>
    report.items
      .flatMap((item) => unavailableConditions(item))
      .map(({ pointer, message }) => ({ file, pointer, message })),
  );
}

/** http and this machine's own names are for a loopback issuer alone. */
function nothingLocal(parts: Parts): FileFault[] {
  const isLocal = (text: string) => {
    const url = new URL(text);
    return url.protocol !== 'https:' || isLoopbackHost(url.hostname);
  };
  const message = 'http and loopback addresses are refused: the issuer is none';
  return parts.partners.flatMap(({ file, value }) =>
    isLocal(partner.parse(value).issuer) ? [{ file, pointer: pointerOf(['issuer']), message }] : [],
  );
}

/** The whole as it would be loaded: what the engine cannot take is found before anything is stored. */
function compiles(parts: Parts): FileFault[] {
  const pointer = {
    version: 1,
    parts: {} as Pointer['parts'],
    appliedAt: '',
    appliedBy: '',
    reservedDomains: [],
    partnersValidFrom: {},
  };
  try {
    compileConfiguration(pointer, parts);
    return [];
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    if (!(cause instanceof PolicyInputError)) throw thrown;
    return cause.issues.map((issue) => ({
      file: 'policies',
      pointer: issue.pointer,
      message: issue.message,
    }));
  }
}
