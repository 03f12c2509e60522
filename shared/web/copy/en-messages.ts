import type { Copy } from './copy.ts';

export const enMessages: Copy['messages'] = {
  unknownClient: {
    heading: 'This app is not known here',
    cause: 'The app that sent you here is not registered, so no sign-in can be started for it.',
    next: 'Go back to the app. If you followed a link, it may be old or incomplete.',
  },
  redirectUriMismatch: {
    heading: 'The way back to the app is not known',
    cause: 'The app asked to be answered at an address that is not registered for it.',
    next: 'Go back to the app. You can do nothing about this yourself.',
  },
  requestInvalid: {
    heading: 'The sign-in could not be started',
    cause: 'The request that the app sent is incomplete or contradicts itself.',
    next: 'Go back to the app and try once more.',
  },
  startAtApp: {
    heading: 'Start at the app',
    cause: 'A sign-in always begins in the app you want to use, not at this address.',
    next: 'Open the app. It brings you here when it needs to.',
  },
  signInOver: {
    heading: 'This sign-in is over',
    cause: 'It took too long, or it was ended for your safety.',
    next: 'Go back to the app and start again.',
  },
  otherBrowser: {
    heading: 'Continue in the other browser',
    cause:
      'This sign-in was started in another browser or on another device, you have signed out since, or cookies are off.',
    next: 'Go back to where you started, or start again at the app in this browser.',
  },
  alreadySignedIn: {
    heading: 'You have signed in already',
    cause: 'This sign-in is finished, and its answer has gone to the app.',
    next: 'You can close this tab. If the app does not show you as signed in, start again there.',
  },
  signedOut: {
    heading: 'You are signed out here',
    cause: 'Apps that you open in this browser will ask you to sign in again.',
    next: 'An app that is still open and your own organisation may keep you signed in: sign out there too if others use this device.',
  },
  crossSite: {
    heading: 'This did not come from our page',
    cause:
      'Another site tried to send something in your name. It was stopped; nothing has changed.',
    next: 'If you meant to sign in, start at the app.',
  },
  tooLarge: {
    heading: 'That was too much',
    cause: 'What was sent is larger than this page accepts.',
    next: 'Go back to the app and start again.',
  },
  tooManyRequests: {
    heading: 'Too many codes were asked for',
    cause: 'From the network you are in, more codes were asked for today than can be sent.',
    next: 'Try again later, or from another network.',
  },
  notFound: {
    heading: 'There is nothing here',
    cause: 'This address leads to no page.',
    next: 'To sign in, open the app you want to use.',
  },
  temporarilyUnavailable: {
    heading: 'Sign-in is not available just now',
    cause: 'Something that the sign-in needs does not answer. It is not your fault.',
    next: 'Wait a moment, then try again.',
  },
  unexpected: {
    heading: 'Something went wrong',
    cause: 'The sign-in stopped because of a fault on our side.',
    next: 'Go back to the app and start again.',
  },
};
