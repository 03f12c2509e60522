import { readSignInHandle } from '../../core/handles.ts';
import { type BrowserSecret, readBrowserSecret, signInHash } from '../../core/ids.ts';
import { isBefore } from '../../core/time.ts';
import { expiring } from '../../rows/expiring.ts';
import { type MailSignIn, signInKey } from '../../rows/sign-in.ts';
import type { Answer, Browser, Frame, PasscodeProblem } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { frameOf } from '../sign-in/frame.ts';
import { message } from '../sign-in/messages.ts';
import { showStep } from '../sign-in/show-step.ts';
import { openAddress } from './mailbox.ts';
import { type AtMailbox, passcodePage } from './passcode-page.ts';

/** What a form of the passcode page shows: whose sign-in it is, and in which browser. */
export type PasscodeForm = {
  readonly handle: string;
  readonly nonce: string;
  readonly browser: Browser;
};

/** A passcode sign-in in the browser that began it; whether it can go on is not judged yet. */
export type Running = AtMailbox & { readonly secret: BrowserSecret };

/** Undefined: no handle of this kind, or no cookie of a browser. */
export function runningOf({ handle, browser }: PasscodeForm): Running | undefined {
  const read = readSignInHandle(handle);
  const secret = readBrowserSecret(browser.secret);
  if (!read || !secret) return undefined;
  const key = signInKey(read.id, signInHash(read.id, secret));
  return { partition: expiring(read.partition), key, id: read.id, secret };
}

export const goesOn = (signIn: MailSignIn, now: Date): boolean =>
  signIn.state === 'atMailbox' && isBefore(now, signIn.expiresAt);

/** Where it stands: nothing is judged, counted or sent. A reload and a form sent twice end here. */
export async function currentPage(
  house: House,
  configuration: Configuration,
  running: Running & { readonly browser: Browser },
  signIn: MailSignIn,
  now: Date,
  problem?: PasscodeProblem,
): Promise<Answer> {
  const { id, secret, browser } = running;
  if (signIn.state === 'known') {
    const step = { guest: signIn.guest ?? '', id, secret, browser };
    return showStep(house, configuration, step, now);
  }
  if (!goesOn(signIn, now)) return overPage(configuration, signIn);
  const address = await openAddress(house, running.key, signIn);
  const sent = signIn.code !== undefined;
  return passcodePage(house, configuration, running, signIn, { address, sent, problem }, now);
}

export const signInFrame = (configuration: Configuration, { request }: MailSignIn): Frame =>
  frameOf(configuration, configuration.apps.get(request.clientId), request);

export const overPage = (configuration: Configuration, signIn: MailSignIn): Answer =>
  message('signInOver', { frame: signInFrame(configuration, signIn) });
