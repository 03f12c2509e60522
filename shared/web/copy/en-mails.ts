import type { MailCopy } from './mail-copy.ts';

export const enMails: MailCopy = {
  passcode: {
    subject: (organisation) => `Your sign-in code for ${organisation}`,
    heading: 'Your sign-in code',
    what: (organisation, app) =>
      `${organisation} asks for this code before it opens ${app} for you:`,
    validUntil: (time, minutes) => `Valid for ${minutes} minutes, until ${time}.`,
    requestedAt: (time) => `Asked for on ${time}.`,
    country: (name) => `Asked for from: ${name} (according to IP Geolocation by DB-IP).`,
    secrecy: (organisation) =>
      `Nobody will ask you for this code, not even ${organisation}: enter it only on the page where you asked for it.`,
    unexpected: 'If you did not ask for it, do nothing; nobody gets in with your address alone.',
  },
  happenedAt: (time) => `It happened on ${time}.`,
  notices: {
    methodRegistered: {
      guest: (organisation) => ({
        subject: `A second step was set up for you at ${organisation}`,
        heading: 'Your second step is set up',
        what: `A second step was set up for your guest account at ${organisation}. When you sign in there, you may now be asked for a code from it.`,
        expected: 'If this was you, there is nothing to do.',
        unexpected: `If it was not you, someone else signed in as you. Tell your contact at ${organisation} at once, in the way you usually do, and change the password of the account or mailbox you sign in with.`,
      }),
      sponsor: (organisation, guest) => ({
        subject: `A guest of yours set up a second step at ${organisation}`,
        heading: 'A guest set up a second step',
        what: `The guest “${guest}”, for whom you are the contact at ${organisation}, set up a second step for signing in.`,
        expected: 'If they are just starting or have a new phone, there is nothing to do.',
        unexpected: `If you did not expect it, ask them in a way other than by mail. If it was not them, have their second step reset by an administrator of ${organisation} at once.`,
      }),
    },
    mfaReset: {
      guest: (organisation) => ({
        subject: `Your second step at ${organisation} was reset`,
        heading: 'Your second step was reset',
        what: `An administrator of ${organisation} removed the second step of your guest account. What gave you codes until now no longer works; you set up a new one when you next sign in.`,
        expected: 'If you asked for this, there is nothing else to do.',
        unexpected: `If you did not, tell your contact at ${organisation}, in the way you usually do, before you sign in again.`,
      }),
      sponsor: (organisation, guest) => ({
        subject: `The second step of a guest of yours at ${organisation} was reset`,
        heading: 'The second step of a guest was reset',
        what: `An administrator of ${organisation} removed the second step of the guest “${guest}”, for whom you are the contact there. They set up a new one when they next sign in.`,
        expected: 'If they asked for this, there is nothing to do.',
        unexpected: `If you did not expect it, ask them in a way other than by mail. If they know nothing of it either, tell an administrator of ${organisation} at once.`,
      }),
    },
  },
};
