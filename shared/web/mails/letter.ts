import type { MailMessage } from '../../ports.ts';
import { type Copy, copyOf, type Language } from '../copy/index.ts';
import { inFours } from '../in-fours.ts';
import { mailTime } from './mail-time.ts';
import { oneLine, unlinked } from './one-line.ts';

/** What a mail says, each text one line. Plain text and markup are both made of it and of it alone. */
export type Letter = {
  readonly subject: string;
  readonly organisation: string;
  readonly heading: string;
  readonly paragraphs: readonly {
    readonly kind: 'plain' | 'code' | 'detail' | 'advice';
    readonly text: string;
  }[];
};

type Passcode = Extract<MailMessage, { kind: 'passcode' }>;
type Notice = Exclude<MailMessage, Passcode>;

export function letterOf(message: MailMessage, language: Language): Letter {
  return message.kind === 'passcode'
    ? passcodeLetter(message, language)
    : noticeLetter(message, language);
}

/** Pages tell the guest to look for it. */
export const passcodeSubject = (copy: Copy, organisation: string): string =>
  copy.mails.passcode.subject(oneLine(organisation));

function passcodeLetter(message: Passcode, language: Language): Letter {
  const copy = copyOf(language);
  const text = copy.mails.passcode;
  const { requestedAt, expiresAt, country } = message;
  const organisation = oneLine(message.organisation.name);
  const minutes = Math.round((expiresAt.getTime() - requestedAt.getTime()) / 60_000);
  return {
    subject: passcodeSubject(copy, organisation),
    organisation,
    heading: text.heading,
    paragraphs: [
      { kind: 'plain', text: text.what(organisation, oneLine(message.app)) },
      { kind: 'code', text: inFours(message.code) },
      { kind: 'detail', text: text.validUntil(mailTime(expiresAt, language), minutes) },
      { kind: 'detail', text: text.requestedAt(mailTime(requestedAt, language)) },
      ...(country === undefined
        ? []
        : [{ kind: 'detail' as const, text: text.country(countryName(country, language)) }]),
      { kind: 'advice', text: text.secrecy(organisation) },
      { kind: 'plain', text: text.unexpected },
    ],
  };
}

/** In the reader's language; a code nobody has a name for stays a code. */
const countryName = (country: string, language: Language): string =>
  new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country;

function noticeLetter(message: Notice, language: Language): Letter {
  const { happenedAt, notices } = copyOf(language).mails;
  const organisation = oneLine(message.organisation.name);
  const text = notices[message.kind][message.reader](organisation, unlinked(message.displayName));
  return {
    subject: text.subject,
    organisation,
    heading: text.heading,
    paragraphs: [
      { kind: 'plain', text: text.what },
      { kind: 'detail', text: happenedAt(mailTime(message.at, language)) },
      { kind: 'plain', text: text.expected },
      { kind: 'advice', text: text.unexpected },
    ],
  };
}
