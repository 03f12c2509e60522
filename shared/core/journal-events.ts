import type { JsonObject } from './json.ts';

/**
 * Every event of the journal, with its levels and what it says. Operators' alarms and queries are made of
 * these names: one that is not here does not compile. `docs/events.md` is this table.
 */
export const journalEvents = {
  // sign-ins
  firstFactor: [['info'], 'Somebody proved to be a guest, by the partner or by a mailed code.'],
  signIn: [['info'], 'A sign-in ended: granted, blocked or left. The same as its log row.'],
  signInRefused: [['info'], 'A sign-in was refused before anything of it was stored.'],
  authorizationRequestRefused: [['info'], 'An app’s request to /authorize was refused.'],
  callbackRefused: [['info'], 'An answer of a partner’s provider was refused.'],
  tokenRefused: [['info'], 'A request to /token was refused.'],
  signedOut: [['info'], 'A guest ended the session of a browser.'],
  // mailed codes
  passcodeSent: [['info'], 'A code was made for an address that asked.'],
  passcodeSendRefused: [['warning'], 'A source or the deployment has asked for too many codes.'],
  passcodeRefused: [['warning'], 'A wrong mailed code.'],
  passcodeGuessing: [['alarm'], 'The day’s wrong mailed codes are spent.'],
  // second factors
  enrolled: [['info'], 'A guest registered a second factor.'],
  secondFactorRefused: [['warning'], 'A wrong code of an authenticator app.'],
  secondFactorLocked: [['alarm'], 'A guest has no more tries with a second factor today.'],
  // mail
  mailAccepted: [['info'], 'The mail service took a mail.'],
  mailRefused: [['warning'], 'The mail service will never take this mail.'],
  mailUnavailable: [['warning'], 'The mail service did not answer; the timer tries again.'],
  mailThrottled: [['alarm'], 'The mail service takes no more for now.'],
  mailDropped: [['warning'], 'A mail came to its end unsent.'],
  mailAllowanceSpent: [['alarm'], 'The day’s mails are spent.'],
  noticeLost: [['alarm'], 'A notice could not be written down.'],
  outboxRowStays: [['warning'], 'A mail went out and its row could not be taken away.'],
  outboxRowUnreadable: [['alarm'], 'A row of the outbox is not ours.'],
  // partners
  homeClientRefused: [['alarm'], 'A partner’s provider does not know this gateway as its client.'],
  homeIssuerMismatch: [['alarm'], 'A partner’s discovery names another issuer.'],
  homeEndpointRefused: [['alarm'], 'A partner’s discovery names an endpoint elsewhere.'],
  homeKeySetRefused: [['alarm'], 'A partner’s keys cannot be read.'],
  homeKeyRefused: [['alarm'], 'A key of a partner is not fit to sign.'],
  // administrators
  audit: [
    ['info'],
    'An act of an administrator: intent, result or refusal. The same as its row, without the reason.',
  ],
  adminUnauthenticated: [['warning'], 'A request to the admin API without a valid token.'],
  whatIf: [['info'], 'An administrator asked What-If.'],
  listEntryBehind: [['alarm'], 'An entry of the list of registered methods was not written.'],
  // what is stored, and faults
  cleanUp: [['info'], 'The timer took expired rows away.'],
  pruneGuests: [['info'], 'The timer took ended rows of guests away.'],
  configurationUnreadable: [['alarm'], 'The stored configuration cannot be read.'],
  countryDataUnreadable: [['alarm'], 'The file of countries cannot be read.'],
  expiredRowUnreadable: [['alarm'], 'A row that has expired is not ours.'],
  guestRowUnreadable: [['alarm'], 'A row of a guest is not ours.'],
  logRowUnreadable: [['alarm'], 'A row of the log is not ours.'],
  sealBroken: [['alarm'], 'A stored secret does not open.'],
  secretKeyForeign: [['alarm'], 'A secret key’s row is not wrapped and signed by the vault’s key.'],
  signingKeyPublished: [
    ['info'],
    'A new signing key is published; it signs from the time named on.',
  ],
  vaultKeyNotRenewed: [
    ['alarm'],
    'A key of the vault ends within 30 days, or its newest version is disabled.',
  ],
  signingKeyForeign: [['alarm'], 'A signing key’s row is not ours.'],
  fault: [['info', 'alarm'], 'A request ended in a fault; alarm where it was ours (5xx).'],
} as const satisfies Readonly<Record<string, readonly [readonly Level[], string]>>;

type Level = 'info' | 'warning' | 'alarm';

export type JournalEvent = keyof typeof journalEvents;

export type JournalLevel<Event extends JournalEvent> = (typeof journalEvents)[Event][0][number];

/** JSON lines for operators and alarms: one object a line, never a secret, code or mail address. */
export interface Journal {
  line<Event extends JournalEvent>(
    level: JournalLevel<Event>,
    event: Event,
    detail?: JsonObject,
  ): void;
}
