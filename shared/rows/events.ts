import * as z from 'zod';

/**
 * What happened to a row, written with the change itself, so that act and record cannot part. The
 * log takes them over when the sign-in ends. No code, secret, token or mail address.
 */
export const events = z.array(
  z.object({
    at: z.iso.datetime(),
    what: z.enum([
      'started',
      'session',
      'sentHome',
      'cameBack',
      'passcodeSent',
      'passcodeHeldBack',
      'wrongPasscode',
      'firstFactor',
      'enrolmentOffered',
      'enrolled',
      'secondFactor',
      'wrongCode',
      'usedCode',
      'granted',
      'blocked',
      'redeemed',
      'replayed',
      'reset',
      'signedOut',
    ]),
    detail: z.string().max(200).optional(),
  }),
);

export type Event = z.infer<typeof events>[number];

/** The newest are kept: a row stays small whatever somebody does to it. */
export function withEvent(list: readonly Event[], now: Date, what: Event['what'], detail?: string) {
  return [...list, { at: now.toISOString(), what, ...(detail ? { detail } : {}) }].slice(-40);
}
