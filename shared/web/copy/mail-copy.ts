import type { MailMessage } from '../../ports.ts';

type Notice = Extract<MailMessage, { readonly reader: string }>;

/** A notice: what happened, then what to do if it was expected and if it was not. */
export type NoticeText = {
  readonly subject: string;
  readonly heading: string;
  readonly what: string;
  readonly expected: string;
  readonly unexpected: string;
};

/** All text of the mails. Names come as one line of plain text, times in words. */
export type MailCopy = {
  readonly passcode: {
    /** INVARIANT: without the code, since subjects are shown on locked screens and kept in logs. */
    readonly subject: (organisation: string) => string;
    readonly heading: string;
    readonly what: (organisation: string, app: string) => string;
    readonly validUntil: (time: string, minutes: number) => string;
    readonly requestedAt: (time: string) => string;
    /** Names the source, as the data's licence asks; no link, for no mail has one. */
    readonly country: (name: string) => string;
    readonly secrecy: (organisation: string) => string;
    readonly unexpected: string;
  };
  readonly happenedAt: (time: string) => string;
  readonly notices: Record<
    Notice['kind'],
    Record<Notice['reader'], (organisation: string, guest: string) => NoticeText>
  >;
};
