import { passcodeOf } from '../../checks/passcode.ts';
import type { MailMessage, Partition } from '../../ports.ts';
import type { PasscodeMail } from '../../rows/outbox.ts';
import type { MailSignIn } from '../../rows/sign-in.ts';
import type { Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { mailSignIn, openAddress } from './mailbox.ts';

type Code = NonNullable<MailSignIn['code']>;

/** The code itself: made again whenever it is needed, kept nowhere. */
export async function passcodeOfRow(
  house: House,
  key: string,
  address: string,
  code: Code,
): Promise<string> {
  const { key: macKey } = await keyFor(house.keys, 'passcode', code.key);
  const { nonce, expiresAt } = code;
  return passcodeOf(macKey, { signIn: key, address, nonce, expiresAt });
}

/** The country of the browser's address, for the mail alone: without it the mail says less. */
export function countryAsked({ geo }: House, browser: Browser): string | undefined {
  const address = browser.ipAddress;
  try {
    return address === undefined ? undefined : geo.countryOf(address);
  } catch {
    return undefined;
  }
}

/** What the mail says, now or whenever the timer comes to it. */
export async function passcodeMessage(
  house: House,
  configuration: Configuration,
  signIn: MailSignIn,
  code: Code,
  mail: PasscodeMail,
  to: string,
): Promise<MailMessage> {
  const { displayName: name, accentColour } = configuration.settings.organisation;
  return {
    kind: 'passcode',
    to,
    languages: mail.languages,
    organisation: { name, accentColour },
    app: configuration.apps.get(signIn.request.clientId)?.displayName ?? name,
    code: await passcodeOfRow(house, mail.signIn, to, code),
    requestedAt: new Date(mail.requestedAt),
    country: mail.country,
    expiresAt: new Date(code.expiresAt),
  };
}

/** One of the day's mails; of an address that nobody has, only what costs the same. */
export async function takeMail(
  house: House,
  configuration: Configuration,
  { mailbox: { guest, knownBrowser } }: MailSignIn,
  now: Date,
): Promise<boolean> {
  const ofGuest = knownBrowser ? 'mailKnownBrowser' : 'mailOther';
  const { passcode } = configuration.settings;
  const mayMail = await house.allowances.take(guest ? ofGuest : 'mailNobody', passcode, now);
  if (!mayMail) house.journal.line('alarm', 'mailAllowanceSpent', { knownBrowser });
  return mayMail;
}

/** For the timer: undefined where the code is void by now, nobody has the address, or the day is spent. */
export async function passcodeMailOf(
  house: House,
  configuration: Configuration,
  { partition, mail }: { readonly partition: Partition; readonly mail: PasscodeMail },
  now: Date,
): Promise<MailMessage | undefined> {
  const row = mailSignIn(await house.store.load(partition, { keys: [mail.signIn] }), {
    key: mail.signIn,
  });
  const { state, code, mailbox } = row?.value ?? {};
  if (!row || state !== 'atMailbox' || !mailbox?.guest || code?.nonce !== mail.nonce)
    return undefined;
  // whether the request came as far as the day's allowance is not known: better counted twice than never
  if (mail.tries === 0 && !(await takeMail(house, configuration, row.value, now))) return undefined;
  const to = await openAddress(house, mail.signIn, row.value);
  return passcodeMessage(house, configuration, row.value, code, mail, to);
}
