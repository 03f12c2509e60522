import { randomToken } from '../../core/ids.ts';
import type { StoredRow } from '../../ports.ts';
import { mailboxKey, mailboxRow } from '../../rows/mailbox.ts';
import { findRow, replace } from '../../rows/row.ts';
import type { MailSignIn } from '../../rows/sign-in.ts';
import type { Answer } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { browserFacts } from '../sign-in/facts.ts';
import { frameOf } from '../sign-in/frame.ts';
import { message } from '../sign-in/messages.ts';
import { isOfToday, mailSignIn, openAddress, sendsBefore } from './mailbox.ts';
import { countryAsked } from './passcode-mail.ts';
import { passcodePage } from './passcode-page.ts';
import {
  currentPage,
  goesOn,
  overPage,
  type PasscodeForm,
  type Running,
  runningOf,
} from './running.ts';
import { carryOut, passcodeKeyId, planSend, type SendPlan } from './send-passcode.ts';
import { maySend } from './sources.ts';

/**
 * POST /otp/send: another code for the same sign-in; the one before is void. Answered at the fixed
 * moment, like the first.
 */
export async function sendAgain(house: House, form: PasscodeForm, now: Date): Promise<Answer> {
  const configuration = await house.configuration();
  const { signal, due } = house.pace(configuration.settings.passcode.answerMilliseconds);
  try {
    return await send(house, configuration, form, signal, now);
  } finally {
    await due();
  }
}

async function send(
  house: House,
  configuration: Configuration,
  form: PasscodeForm,
  signal: AbortSignal,
  now: Date,
): Promise<Answer> {
  const frame = frameOf(configuration);
  const running = runningOf(form);
  if (!running) return message('startAtApp', { frame });
  const from = browserFacts(form.browser);
  const row = mailSignIn(await loadRows(house, running), running);
  if (!row) return message('otherBrowser', { frame });
  const asItStands = (signIn: MailSignIn) =>
    currentPage(house, configuration, { ...running, browser: form.browser }, signIn, now);
  const { value: signIn } = row;
  if (!goesOn(signIn, now) || form.nonce === signIn.previousNonce) return asItStands(signIn);
  // begun before midnight: another code would count under a day that is over
  if (form.nonce !== signIn.stepNonce || !isOfToday(running.id, now))
    return overPage(configuration, signIn);

  const { knownBrowser, key: name } = signIn.mailbox;
  if (!(await maySend(house, from, knownBrowser, now)))
    return message('tooManyRequests', { frame });
  // before anything is written: a row that somebody changed gets no further
  const address = await openAddress(house, running.key, signIn);
  const before = await sendsBefore(house, name, now);
  const macKey = await passcodeKeyId(house.keys);
  const { browser } = form;
  const country = countryAsked(house, browser);
  const done = await commitPlan<readonly StoredRow[], Sent>(
    house.store,
    running.partition,
    () => loadRows(house, running, mailboxKey(name)),
    (rows): Plan<Sent> => {
      const current = mailSignIn(rows, running);
      // gone on meanwhile, or sent by the same form: where it stands
      if (!current || !goesOn(current.value, now) || current.value.stepNonce !== form.nonce)
        return { changes: [], answer: { kind: 'asItStands', signIn: current?.value ?? signIn } };
      const count = findRow(mailboxRow, rows, mailboxKey(name));
      const stepped = { ...current.value, previousNonce: form.nonce, stepNonce: randomToken() };
      const input = {
        at: running,
        signIn: stepped,
        count,
        before,
        browser,
        configuration,
        macKey,
        country,
      };
      const plan = planSend(input, now);
      return {
        changes: [replace(current, plan.signIn), ...plan.changes],
        answer: { kind: 'sent', plan },
      };
    },
  );
  if (!done) return asItStands(signIn);
  if (done.kind === 'asItStands') return asItStands(done.signIn);
  const { plan } = done;
  await carryOut(house, configuration, { at: running, plan, address }, signal, now);
  const shown = { address, sent: plan.mail !== undefined };
  return passcodePage(house, configuration, running, plan.signIn, shown, now);
}

type Sent =
  | { readonly kind: 'asItStands'; readonly signIn: MailSignIn }
  | { readonly kind: 'sent'; readonly plan: SendPlan };

const loadRows = (house: House, { partition, key }: Running, ...more: readonly string[]) =>
  house.store.load(partition, { keys: [key, ...more] });
