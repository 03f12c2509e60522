import { mailboxLimits } from '../../shared/checks/send-limits.ts';
import type { Answer } from '../../shared/flows/answers.ts';
import { sendAgain } from '../../shared/flows/passcode/send-again.ts';
import { verifyPasscode } from '../../shared/flows/passcode/verify-passcode.ts';
import type { At, TestHouse } from './house.ts';
import {
  codeOf,
  newBrowser,
  type PageNamed,
  pageOf,
  type TestBrowser,
  take,
} from './house-browser.ts';
import { openForm, postForm, sendCode, type Trip, type TripOptions } from './house-steps.ts';
import { stepMs, totpCode } from './house-totp.ts';

/** Steps of a guest without an account: the address, the mail, the code. */

export const gusMail = 'gus@smallshop.example';
export const nobodysMail = 'nobody@smallshop.example';

export type PasscodePage = PageNamed<'passcode'>;
type AtPasscode = {
  readonly browser: TestBrowser;
  readonly trip: Omit<Trip, 'url' | 'state'>;
  readonly page: PasscodePage;
};

type Options = TripOptions & { readonly browser?: TestBrowser };

/** From the app to the page that asks for the mailed code. */
export async function askForCode(
  at: At,
  mail = gusMail,
  options: Options = {},
): Promise<AtPasscode> {
  const { browser = newBrowser() } = options;
  const form = await openForm(at, browser, options);
  const fields = { ...form.fields, mail };
  const page = pageOf(await postForm(at, browser, fields), 'passcode');
  return { browser, trip: { app: form.app, verifier: form.verifier, fields }, page };
}

type Shown = Pick<PasscodePage, 'step'>;

export const askAgain = async (at: At, browser: TestBrowser, { step }: Shown): Promise<Answer> =>
  take(browser, await sendAgain(at.house, { ...step, browser }, at.now()));

export const enterPasscode = async (
  at: At,
  browser: TestBrowser,
  { step }: Shown,
  code: string,
): Promise<Answer> =>
  take(browser, await verifyPasscode(at.house, { ...step, code, browser }, at.now()));

/** Codes that were mailed to an address, oldest first. */
export const mailedCodes = ({ mail }: Pick<TestHouse, 'mail'>, to = gusMail): readonly string[] =>
  mail.delivered.flatMap((sent) => (sent.kind === 'passcode' && sent.to === to ? [sent.code] : []));

export function lastCode(world: Pick<TestHouse, 'mail'>, to = gusMail): string {
  const code = mailedCodes(world, to).at(-1);
  if (code === undefined) throw new Error(`no code was mailed to ${to}`);
  return code;
}

/** Eight digits that are none of those mailed. */
export function wrongPasscode(world: Pick<TestHouse, 'mail'>, to = gusMail): string {
  const right = mailedCodes(world, to);
  for (let guess = 0; ; guess++) {
    const code = String(guess).padStart(8, '0');
    if (!right.includes(code)) return code;
  }
}

/** Through the mailbox, as far as the page after it. */
export async function proveMailbox(world: TestHouse, options: Options = {}) {
  const { browser, trip, page } = await askForCode(world, gusMail, options);
  return { browser, trip, answer: await enterPasscode(world, browser, page, lastCode(world)) };
}

/** Gus enrolled and signed in just now. */
export async function enrolledGus(world: TestHouse, options: Options = {}) {
  const { browser, trip, answer } = await proveMailbox(world, options);
  const page = pageOf(answer, 'enrol');
  const code = codeOf(await sendCode(world, browser, page, totpCode(page.secret, world.now())));
  return { browser, trip, secret: page.secret, code };
}

/** The same, long enough ago that another code can be mailed and the authenticator's next one counts. */
export async function registeredGus(world: TestHouse, options: Options = {}) {
  const enrolled = await enrolledGus(world, options);
  world.clock.advance(Math.max(2 * stepMs, mailboxLimits.pauseMs));
  return enrolled;
}

/** One more guest of the same kind. */
export const halMail = 'hal@smallshop.example';
export const withHal = (files: Record<string, string>): Record<string, string> => ({
  ...files,
  'guests/hal.json': JSON.stringify({
    ...(JSON.parse(files['guests/gus.json'] ?? '{}') as object),
    id: 'a0000006-2f4e-4b6d-8a9c-1d3e5f7a9b06',
    userPrincipalName: 'hal_smallshop.example#EXT#@fabrikam.onmicrosoft.example',
    displayName: 'Hal Hahn',
    mail: halMail,
    identities: [{ partner: 'mail', subject: halMail }],
  }),
});
