import type { Copy } from './copy.ts';

export const enBlocked: Copy['blocked'] = {
  blockedByPolicy: (organisation) => ({
    heading: 'You cannot sign in from here',
    cause: `The rules of ${organisation} do not allow this sign-in. They can depend on where you are, on your device and on the app.`,
    next: 'If you are on another network or device than usual, try again from your usual one.',
  }),
  riskWithoutMethod: (organisation) => ({
    heading: 'This sign-in looks unusual',
    cause: `${organisation} would ask for a second step, and you have not set one up. It cannot be set up in a sign-in that looks unusual, so that nobody else can do it in your name.`,
    next: 'Try again from the device and network you usually work with.',
  }),
  registrationNotPossible: (organisation) => ({
    heading: 'A second step is needed',
    cause: `${organisation} asks for a second step that you have not set up, and it cannot be set up in this sign-in.`,
    next: `Ask ${organisation} to let you set it up, then sign in again.`,
  }),
  deviceNotCompliant: (organisation) => ({
    heading: 'This device is not allowed',
    cause: `${organisation} opens this app only on devices that an organisation manages and has found to be secure. This one was not reported as such.`,
    next: 'Sign in from the work device that your own organisation looks after.',
  }),
  deviceNotJoined: (organisation) => ({
    heading: 'This device is not allowed',
    cause: `${organisation} opens this app only on devices that belong to an organisation’s own network. This one was not reported as such.`,
    next: 'Sign in from the work device that your own organisation looks after.',
  }),
  appNotApproved: (organisation) => ({
    heading: 'This app is not allowed here',
    cause: `${organisation} allows this only in apps it has approved, and that cannot be shown for guests.`,
    next: 'Open the app in a web browser on a computer.',
  }),
  resolveAtHome: (organisation) => ({
    heading: 'Your account needs attention first',
    cause: `${organisation} asks that your account be made safe again, for example by a new password. Only your own organisation can do that.`,
    next: 'Change your password at your own organisation or follow its advice, then sign in here again.',
  }),
  controlNotAvailable: (organisation) => ({
    heading: 'You cannot sign in at the moment',
    cause: `${organisation} asks for something that this sign-in cannot show.`,
    next: `Nothing you could do here would change that: ask ${organisation}.`,
  }),
  termsNotAvailable: (organisation) => ({
    heading: 'The terms of use are missing',
    cause: `${organisation} asks you to accept its terms of use, and they cannot be shown here.`,
    next: `Nothing you could do here would change that: ask ${organisation}.`,
  }),
  deviceRegistrationNotAvailable: (organisation) => ({
    heading: 'This device is not registered',
    cause: `${organisation} opens this app only on devices that are registered there, and guests cannot register one here.`,
    next: `Ask ${organisation} how guests can use this app.`,
  }),
  homeStepUpNotAvailable: (organisation) => ({
    heading: 'A further check is missing',
    cause: `${organisation} asks for a further check by your own organisation, and that check could not be made.`,
    next: 'Sign in again and complete every step that your own organisation asks for.',
  }),
  reauthenticationNotAvailable: (organisation) => ({
    heading: 'Your sign-in is too old',
    cause: `${organisation} asks you to sign in afresh, and your own organisation did not confirm that you did.`,
    next: 'Sign out at your own organisation, then start again at the app.',
  }),
  noAccess: (organisation) => ({
    heading: 'You do not have access',
    cause: `${organisation} has not opened this app for the account you signed in with.`,
    next: 'If you have another account, for example the one that was invited, use that.',
  }),
  tooManyCodes: (organisation) => ({
    heading: 'Too many wrong codes',
    cause: `To protect your account, ${organisation} accepts no more codes for it today.`,
    next: 'Try again tomorrow, or ask for your second step to be reset.',
  }),
  homeDeclined: () => ({
    heading: 'The sign-in was not completed',
    cause: 'Your own organisation reports that the sign-in was cancelled or refused.',
    next: 'Start again at the app. If your own organisation showed an error, ask its support.',
  }),
  homeAnswerInvalid: () => ({
    heading: 'The sign-in could not be checked',
    cause: 'What your own organisation answered could not be confirmed, so it was not used.',
    next: 'Start again at the app. If it happens again, ask for help.',
  }),
};
