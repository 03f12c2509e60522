import { isPasscode, passcodeTries, readPasscode } from '../../checks/passcode.ts';
import { randomToken, readGuestId } from '../../core/ids.ts';
import { isBefore, later, secondsMs } from '../../core/time.ts';
import { withEvent } from '../../rows/events.ts';
import { replace, type Versioned } from '../../rows/row.ts';
import type { MailSignIn } from '../../rows/sign-in.ts';
import type { Answer, PasscodeProblem } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { type BrowserFacts, browserFacts } from '../sign-in/facts.ts';
import { begin } from '../sign-in/first-factor.ts';
import { frameOf } from '../sign-in/frame.ts';
import { message } from '../sign-in/messages.ts';
import { mailSignIn, openAddress } from './mailbox.ts';
import { passcodeOfRow } from './passcode-mail.ts';
import { deadCode } from './passcode-page.ts';
import {
  currentPage,
  goesOn,
  overPage,
  type PasscodeForm,
  type Running,
  runningOf,
  signInFrame,
} from './running.ts';
import { countWrong } from './sources.ts';

/**
 * POST /otp/verify: the mailed code. Right or wrong, the verdict and its count are one write of the
 * same shape, and only its winner answers.
 */
export async function verifyPasscode(
  house: House,
  form: PasscodeForm & { readonly code: string },
  now: Date,
): Promise<Answer> {
  const configuration = await house.configuration();
  const running = runningOf(form);
  if (!running) return message('startAtApp', { frame: frameOf(configuration) });
  const from = browserFacts(form.browser);
  let last: Loaded | undefined;
  const verdict = await commitPlan<Loaded | undefined, Verdict>(
    house.store,
    running.partition,
    async () => {
      last = await loadSignIn(house, running);
      return last;
    },
    (loaded) => judge(loaded, form, { isShut: house.allowances.isSpent('wrongCode', now), now }),
  );
  const step = { house, configuration, running: { ...running, browser: form.browser }, now };
  // others came first three times: this guess is told nothing
  if (!verdict)
    return last
      ? show(step, last.row.value, 'notJudged')
      : message('otherBrowser', { frame: frameOf(configuration) });
  switch (verdict.kind) {
    case 'notHere':
      return message('otherBrowser', { frame: frameOf(configuration) });
    case 'over':
      return overPage(configuration, verdict.signIn);
    case 'shut':
      house.journal.line('alarm', 'passcodeGuessing', {});
      return message('tooManyRequests', { frame: signInFrame(configuration, verdict.signIn) });
    case 'asItStands':
      // right a moment ago: what follows from it is done by whoever comes to it
      if (isJustKnown(verdict.signIn, now)) return goOn(step, verdict.signIn, from);
      return show(step, verdict.signIn, verdict.problem);
    case 'wrong':
      await countGuess(house, configuration, verdict.signIn, from, now);
      return show(step, verdict.signIn, problemOf(verdict.signIn, 'wrong'));
    case 'right':
      return goOn(step, verdict.signIn, from);
  }
}

/** GET /otp/verify: the page the sign-in waits at, for its own browser. */
export async function showPasscode(house: House, form: PasscodeForm, now: Date): Promise<Answer> {
  const configuration = await house.configuration();
  const frame = frameOf(configuration);
  const running = runningOf(form);
  if (!running) return message('startAtApp', { frame });
  const loaded = await loadSignIn(house, running);
  if (!loaded) return message('otherBrowser', { frame });
  const step = { house, configuration, running: { ...running, browser: form.browser }, now };
  return show(step, loaded.row.value);
}

type Loaded = {
  readonly row: Versioned<MailSignIn>;
  /** The code that is right now; undefined where none is out. */
  readonly expected: string | undefined;
};

async function loadSignIn(house: House, running: Running): Promise<Loaded | undefined> {
  const rows = await house.store.load(running.partition, { keys: [running.key] });
  const row = mailSignIn(rows, running);
  if (!row) return undefined;
  const { code } = row.value;
  const address = await openAddress(house, running.key, row.value);
  const expected = code && (await passcodeOfRow(house, running.key, address, code));
  return { row, expected };
}

type Verdict =
  | { readonly kind: 'notHere' }
  | { readonly kind: 'over'; readonly signIn: MailSignIn }
  | {
      readonly kind: 'asItStands';
      readonly signIn: MailSignIn;
      readonly problem?: PasscodeProblem;
    }
  | { readonly kind: 'shut'; readonly signIn: MailSignIn }
  | { readonly kind: 'wrong'; readonly signIn: MailSignIn }
  | { readonly kind: 'right'; readonly signIn: MailSignIn };

function judge(
  loaded: Loaded | undefined,
  form: { readonly nonce: string; readonly code: string },
  { isShut, now }: { readonly isShut: boolean; readonly now: Date },
): Plan<Verdict> {
  const only = (answer: Verdict): Plan<Verdict> => ({ changes: [], answer });
  if (!loaded) return only({ kind: 'notHere' });
  const { row, expected = '' } = loaded;
  const { value: signIn } = row;
  // sent twice, or gone on in another window: where it stands now
  if (!goesOn(signIn, now) || form.nonce === signIn.previousNonce)
    return only({ kind: 'asItStands', signIn });
  if (form.nonce !== signIn.stepNonce) return only({ kind: 'over', signIn });
  // so many wrong codes today that no browser is listened to but those that guests have used before
  if (isShut && !signIn.mailbox.knownBrowser) return only({ kind: 'shut', signIn });
  const dead = deadCode(signIn, now);
  if (dead === 'expired' && signIn.code) return expire(row, signIn.code);
  if (dead) return only({ kind: 'asItStands', signIn, problem: dead });
  const given = readPasscode(form.code);
  if (given === undefined) return only({ kind: 'asItStands', signIn, problem: 'malformed' });

  const isRight = isPasscode(expected, given) && signIn.mailbox.guest !== undefined;
  const counted: MailSignIn = {
    ...signIn,
    previousNonce: signIn.stepNonce,
    stepNonce: randomToken(),
    ...(signIn.code ? { code: { ...signIn.code, tries: signIn.code.tries + 1 } } : {}),
    events: withEvent(signIn.events, now, isRight ? 'firstFactor' : 'wrongPasscode'),
  };
  if (!isRight)
    return { changes: [replace(row, counted)], answer: { kind: 'wrong', signIn: counted } };
  const { guest } = signIn.mailbox;
  const known: MailSignIn = { ...counted, state: 'known', ...(guest ? { guest } : {}) };
  return { changes: [replace(row, known)], answer: { kind: 'right', signIn: known } };
}

const longAgo = new Date(0).toISOString();

/** Once it was called expired, no clock that goes back revives it. */
function expire(row: Versioned<MailSignIn>, code: NonNullable<MailSignIn['code']>): Plan<Verdict> {
  const signIn: MailSignIn = { ...row.value, code: { ...code, expiresAt: longAgo } };
  const changes = code.expiresAt === longAgo ? [] : [replace(row, signIn)];
  return { changes, answer: { kind: 'asItStands', signIn, problem: 'expired' } };
}

const problemOf = ({ code }: MailSignIn, otherwise: PasscodeProblem): PasscodeProblem =>
  code && code.tries >= passcodeTries ? 'tooManyTries' : otherwise;

type Step = {
  readonly house: House;
  readonly configuration: Configuration;
  readonly running: Running & { readonly browser: PasscodeForm['browser'] };
  readonly now: Date;
};

const show = (
  { house, configuration, running, now }: Step,
  signIn: MailSignIn,
  problem?: PasscodeProblem,
): Promise<Answer> => currentPage(house, configuration, running, signIn, now, problem);

/** Counted beside the code itself, before it is told: on the source, and for the whole deployment. */
async function countGuess(
  house: House,
  configuration: Configuration,
  { mailbox, code }: MailSignIn,
  from: BrowserFacts,
  now: Date,
): Promise<void> {
  await countWrong(house, from, now);
  const kind = mailbox.guest ? 'wrongCode' : 'wrongCodeNobody';
  const isWithin = await house.allowances.take(kind, configuration.settings.passcode, now);
  const { guest, knownBrowser } = mailbox;
  house.journal.line('warning', 'passcodeRefused', { guest, knownBrowser, tries: code?.tries });
  if (!isWithin) house.journal.line('alarm', 'passcodeGuessing', {});
}

/** A form sent twice, and a request that was cut off, go on where the first one got to. */
const justMs = 10 * secondsMs;

function isJustKnown({ state, events }: MailSignIn, now: Date): boolean {
  const at = events.findLast(({ what }) => what === 'firstFactor')?.at;
  return (
    state === 'known' &&
    at !== undefined &&
    isBefore(now, later(new Date(at), justMs).toISOString())
  );
}

/** The sign-in is terminal and names its guest; now the authorization comes to be, if it is not there. */
async function goOn(
  { house, configuration, running, now }: Step,
  signIn: MailSignIn,
  facts: BrowserFacts,
): Promise<Answer> {
  const guestId = readGuestId(signIn.guest ?? '');
  if (!guestId) return overPage(configuration, signIn);
  const address = await openAddress(house, running.key, signIn);
  const { id, secret, browser } = running;
  const firstFactor = { kind: 'mail', address, cameAt: now.toISOString() } as const;
  const begun = { configuration, signIn, firstFactor, guestId, id, secret, browser, facts };
  return begin(house, begun, now);
}
