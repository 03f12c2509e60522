import type { BlockCause, CodeProblem, MessageKey, PasscodeProblem } from '../../flows/answers.ts';
import type { MailCopy } from './mail-copy.ts';

/** A problem with what was typed: `summary` says what, `help` what to do about it. */
export type ProblemText = { readonly summary: string; readonly help: string };

/** The end of a sign-in: plain cause, then the next step. */
export type EndText = { readonly heading: string; readonly cause: string; readonly next: string };

export type MailProblem = 'mailMalformed' | 'noWayIn';

/**
 * All text of pages and mails, once per language: a missing one fails the type check. Functions take
 * names as they are and answer plain text; escaping comes later.
 */
export type Copy = {
  readonly frame: {
    readonly signInFor: (app: string) => string;
    readonly signIn: string;
    readonly errorPrefix: string;
    readonly anotherAccount: string;
    readonly problemHeading: string;
  };
  readonly signIn: {
    readonly heading: string;
    readonly lead: (organisation: string, app: string | undefined) => string;
    readonly mailLabel: string;
    readonly mailHint: (organisation: string) => string;
    readonly submit: string;
    readonly or: string;
    readonly partner: (name: string) => string;
    /** `byMail`: whoever has no such account proves a mailbox instead. */
    readonly passwordNote: (organisation: string, byMail: boolean) => string;
    readonly problems: Record<MailProblem, (organisation: string) => ProblemText>;
  };
  readonly secondStep: {
    readonly whyHeading: string;
    /** Answers "why again, my company already asked me?" in one sentence. */
    readonly why: (organisation: string, home: string | undefined) => string;
    readonly codeLabel: string;
    readonly codeHint: string;
    readonly problems: Record<CodeProblem, ProblemText>;
  };
  readonly enrol: {
    readonly heading: string;
    readonly lead: (organisation: string) => string;
    readonly appHeading: string;
    readonly appText: string;
    readonly addHeading: string;
    readonly scan: string;
    readonly qrTitle: (organisation: string) => string;
    readonly openLink: string;
    readonly openLinkHint: string;
    readonly typeKey: string;
    readonly typeKeyHint: string;
    readonly account: string;
    readonly key: string;
    readonly kind: string;
    readonly kindValue: string;
    readonly codeHeading: string;
    readonly submit: string;
  };
  readonly challenge: {
    readonly heading: string;
    readonly lead: (organisation: string) => string;
    readonly submit: string;
    readonly helpSummary: string;
    readonly help: (organisation: string) => readonly string[];
  };
  readonly passcode: {
    readonly heading: string;
    /** The same whether the address is known or not. */
    readonly onItsWay: (organisation: string, address: string) => string;
    readonly notSent: string;
    readonly useLast: (organisation: string, address: string) => string;
    /** Where no code is good any more, or none was sent for this sign-in. */
    readonly anotherHeading: string;
    readonly goodElsewhere: string;
    readonly dead: string;
    readonly lookFor: string;
    readonly sender: string;
    readonly subject: string;
    readonly codeLabel: string;
    readonly codeHint: (minutes: number) => string;
    readonly submit: string;
    readonly noMailHeading: string;
    readonly noMail: string;
    readonly sendAgainIn: (seconds: number) => string;
    readonly sendAgainNow: string;
    readonly sendAgain: string;
    readonly problems: Record<PasscodeProblem, ProblemText>;
  };
  readonly signOut: {
    readonly heading: string;
    readonly lead: (organisation: string) => string;
    readonly stay: string;
    readonly submit: string;
  };
  readonly end: {
    readonly nextHeading: string;
    readonly askHeading: string;
    readonly askSponsor: (sponsor: string, organisation: string) => string;
    readonly askOrganisation: (organisation: string) => string;
    readonly askHome: string;
    readonly askApp: string;
    readonly reference: string;
    readonly referenceHint: string;
    readonly parameter: string;
    readonly tryAgainIn: (seconds: number) => string;
  };
  readonly blocked: Record<BlockCause, (organisation: string) => EndText>;
  readonly messages: Record<MessageKey, EndText>;
  readonly mails: MailCopy;
  readonly goOn: {
    /** Without a name: back to an app that has none. */
    readonly heading: (name: string | undefined) => string;
    readonly lead: string;
    readonly submit: (name: string | undefined) => string;
  };
};
