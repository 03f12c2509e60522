import type { Copy } from './copy.ts';
import { duration } from './duration.ts';
import { enBlocked } from './en-blocked.ts';
import { enMails } from './en-mails.ts';
import { enMessages } from './en-messages.ts';

export const en: Copy = {
  frame: {
    signInFor: (app) => `Sign-in for ${app}`,
    signIn: 'Sign-in',
    errorPrefix: 'Error: ',
    anotherAccount: 'Use another account',
    problemHeading: 'There is a problem',
  },
  signIn: {
    heading: 'Sign in',
    lead: (organisation, app) =>
      app
        ? `${organisation} asks you to sign in before it opens ${app} for you.`
        : `${organisation} asks you to sign in.`,
    mailLabel: 'E-mail address',
    mailHint: (organisation) => `The address at which ${organisation} knows you.`,
    submit: 'Continue',
    or: 'or',
    partner: (name) => `Sign in with ${name}`,
    passwordNote: (organisation, byMail) =>
      byMail
        ? `You sign in with your own organisation; where it has no sign-in of its own, we send you a code. ${organisation} never sees a password of yours.`
        : `You sign in with your own organisation. ${organisation} never sees your password.`,
    problems: {
      mailMalformed: () => ({
        summary: 'Enter a complete e-mail address',
        help: 'It looks like name@example.com, with nothing before or after it.',
      }),
      noWayIn: (organisation) => ({
        summary: 'You cannot sign in with this address here',
        help: `Use the address to which ${organisation} sent your invitation, or ask the person there who invited you.`,
      }),
    },
  },
  secondStep: {
    whyHeading: 'Why again?',
    why: (organisation, home) =>
      home
        ? `What you showed ${home} counts at ${home} only; ${organisation} protects its own apps with a code of its own.`
        : `An e-mail address alone could be used by someone else; the code shows ${organisation} that it is really you.`,
    codeLabel: 'Six-digit code',
    codeHint: 'Your authenticator app shows a new one every 30 seconds.',
    problems: {
      malformed: {
        summary: 'Enter the six digits',
        help: 'The code has six digits and nothing else.',
      },
      wrong: {
        summary: 'That code is not right',
        help: 'Enter the code that the app shows now. If it is refused again, let your phone set its clock automatically.',
      },
      used: {
        summary: 'That code has been used already',
        help: 'Each code works once. Wait until the app shows a new one, then enter that.',
      },
      notJudged: {
        summary: 'Your code was not checked',
        help: 'Another sign-in of yours came first. Enter the code that the app shows now.',
      },
    },
  },
  enrol: {
    heading: 'Set up a second step',
    lead: (organisation) =>
      `${organisation} asks for a code from your phone when you sign in. You set this up once; it takes about two minutes.`,
    appHeading: 'Get an authenticator app',
    appText:
      'Any authenticator app will do: Microsoft Authenticator, Google Authenticator, or the one in your password manager. If you have one already, use that.',
    addHeading: 'Add this account to the app',
    scan: 'Choose “add account” in the app and scan this picture.',
    qrTitle: (organisation) => `QR code that adds ${organisation} to your authenticator app`,
    openLink: 'Open in my authenticator app',
    openLinkHint: 'If the app is on this device, you need not scan anything.',
    typeKey: 'Neither works? Type the key',
    typeKeyHint: 'Choose “enter a setup key” in the app and type:',
    account: 'Account',
    key: 'Key',
    kind: 'Kind',
    kindValue: 'time-based, 6 digits',
    codeHeading: 'Enter the code that the app shows',
    submit: 'Finish and continue',
  },
  challenge: {
    heading: 'Enter your code',
    lead: (organisation) =>
      `Open your authenticator app and enter the code it shows for ${organisation}.`,
    submit: 'Continue',
    helpSummary: 'I cannot get a code',
    help: (organisation) => [
      `The code is in the app with which you set up your second step for ${organisation}: look for an entry of that name.`,
      `If you have a new phone or have lost the app, ask your contact at ${organisation} to reset your second step. You then set it up again at your next sign-in.`,
    ],
  },
  passcode: {
    heading: 'Check your e-mail',
    onItsWay: (organisation, address) =>
      `If ${organisation} knows ${address}, a code of eight digits is on its way there.`,
    notSent: 'No new code was sent: one was asked for a short while ago, or too many were.',
    useLast: (organisation, address) =>
      `If ${organisation} knows ${address}, use the code that was sent there last.`,
    anotherHeading: 'You need another code',
    goodElsewhere: 'A code from before is good only on the page where it was asked for.',
    dead: 'The last code is no longer accepted.',
    lookFor: 'Look for this mail, in the spam folder too:',
    sender: 'From',
    subject: 'Subject',
    codeLabel: 'Eight-digit code',
    codeHint: (minutes) => `A code is valid for ${minutes} minutes. Only the newest one counts.`,
    submit: 'Continue',
    noMailHeading: 'No mail?',
    noMail: 'A mail can take a minute or two. See that your address above has no typing error.',
    sendAgainIn: (seconds) => `You can have another code sent in ${duration('en', seconds)}.`,
    sendAgainNow: 'Have another one sent, and enter that.',
    sendAgain: 'Send another code',
    problems: {
      malformed: {
        summary: 'Enter the eight digits',
        help: 'The code has eight digits and nothing else.',
      },
      wrong: {
        summary: 'That code is not right',
        help: 'Enter the code from the newest mail. After five wrong ones you need a new code.',
      },
      expired: {
        summary: 'That code is no longer valid',
        help: 'It is too old.',
      },
      tooManyTries: {
        summary: 'Too many wrong codes',
        help: 'For your safety the last code is no longer accepted.',
      },
      notJudged: {
        summary: 'Your code was not checked',
        help: 'Another request of yours came first. Enter the code once more.',
      },
    },
  },
  signOut: {
    heading: 'Sign out?',
    lead: (organisation) =>
      `You will be asked to sign in again when you next open an app of ${organisation} in this browser.`,
    stay: 'If you want to stay signed in, close this page.',
    submit: 'Sign out',
  },
  end: {
    nextHeading: 'What you can do',
    askHeading: 'Who can help',
    askSponsor: (sponsor, organisation) =>
      `${sponsor} at ${organisation} invited you. Send them the reference below.`,
    askOrganisation: (organisation) =>
      `Your contact at ${organisation}, usually the person who invited you. Send them the reference below.`,
    askHome: 'The IT support of your own organisation.',
    askApp: 'The people who run the app you came from. Send them the reference below.',
    reference: 'Reference',
    referenceHint: 'With it, the cause can be looked up.',
    parameter: 'For the app’s developers: the fault is in',
    tryAgainIn: (seconds) => `Try again in ${duration('en', seconds)}.`,
  },
  blocked: enBlocked,
  messages: enMessages,
  mails: enMails,
  goOn: {
    heading: (name) => (name ? `Taking you to ${name}` : 'Taking you back to the app'),
    lead: 'This takes a moment. If nothing happens, use the button.',
    submit: (name) => (name ? `Continue to ${name}` : 'Continue'),
  },
};
