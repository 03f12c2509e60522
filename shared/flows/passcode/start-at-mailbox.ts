import { inThisHour, newSignInId } from '../../core/handles.ts';
import { type BrowserSecret, randomToken, type SignInId, signInHash } from '../../core/ids.ts';
import { hoursMs, later } from '../../core/time.ts';
import type { StoredRow } from '../../ports.ts';
import { mailboxKey, mailboxRow } from '../../rows/mailbox.ts';
import { findRow, insert } from '../../rows/row.ts';
import { type MailSignIn, type SignIn, signInKey, signInRow } from '../../rows/sign-in.ts';
import type { Answer, Browser } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import type { Asked } from '../sign-in/asked-request.ts';
import { browserFacts } from '../sign-in/facts.ts';
import { frameOf } from '../sign-in/frame.ts';
import { findGuestOfMailbox } from '../sign-in/guest-of-identity.ts';
import { message } from '../sign-in/messages.ts';
import { readDevice } from '../sign-in/stage.ts';
import {
  isOfToday,
  mailboxName,
  mailboxPartition,
  openAddress,
  sealAddress,
  sendsBefore,
} from './mailbox.ts';
import { countryAsked } from './passcode-mail.ts';
import { passcodePage } from './passcode-page.ts';
import { currentPage } from './running.ts';
import { carryOut, passcodeKeyId, planSend, type SendPlan } from './send-passcode.ts';
import { maySend } from './sources.ts';

type Start = {
  readonly asked: Asked;
  readonly id: SignInId;
  readonly secret: BrowserSecret;
  readonly address: string;
  readonly browser: Browser;
};

const signInMs = hoursMs;

/**
 * POST /signin for an address without a partner: the sign-in comes to be and its first code is mailed.
 * Answered at the fixed moment, alike whether or not anybody has the address.
 */
export async function startAtMailbox(
  house: House,
  configuration: Configuration,
  start: Start,
  now: Date,
): Promise<Answer> {
  const { signal, due } = house.pace(configuration.settings.passcode.answerMilliseconds);
  try {
    return await begin(house, configuration, start, signal, now);
  } finally {
    await due();
  }
}

async function begin(
  house: House,
  configuration: Configuration,
  start: Start,
  signal: AbortSignal,
  now: Date,
): Promise<Answer> {
  const { asked, secret, address, browser } = start;
  // a form of the day before counts under the day in which it is sent
  const id = isOfToday(start.id, now) ? start.id : inThisHour(start.id, now);
  const from = browserFacts(browser);
  const guest = await findGuestOfMailbox(house, address);
  const device = await readDevice(house, guest ?? '', browser.device);
  const knownBrowser = guest !== undefined && device.known;
  if (!(await maySend(house, from, knownBrowser, now)))
    return message('tooManyRequests', { frame: frameOf(configuration, asked.app, asked.request) });
  const h = signInHash(id, secret);
  const key = signInKey(id, h);
  const name = await mailboxName(house, address);
  const at = { partition: mailboxPartition(id, name), key, id };
  const before = await sendsBefore(house, name, now);
  const macKey = await passcodeKeyId(house.keys);
  const fresh: MailSignIn = {
    door: 'mail',
    state: 'atMailbox',
    request: asked.request,
    ...(from.ipAddress === undefined ? {} : { ipAddress: from.ipAddress }),
    stepNonce: randomToken(),
    nextSendAt: now.toISOString(),
    startedAt: now.toISOString(),
    expiresAt: later(now, signInMs).toISOString(),
    mailbox: {
      address: await sealAddress(house, key, address),
      key: name,
      ...(guest === undefined ? {} : { guest }),
      knownBrowser,
    },
    events: [{ at: now.toISOString(), what: 'started' }],
  };
  const country = countryAsked(house, browser);
  const done = await commitPlan<readonly StoredRow[], Begun>(
    house.store,
    at.partition,
    () => house.store.load(at.partition, { keys: [key, mailboxKey(name)] }),
    (rows): Plan<Begun> => {
      const existing = findRow(signInRow, rows, key);
      if (existing) return { changes: [], answer: { kind: 'existing', signIn: existing.value } };
      const count = findRow(mailboxRow, rows, mailboxKey(name));
      const input = { at, signIn: fresh, count, before, browser, configuration, macKey, country };
      const plan = planSend(input, now);
      const changes = [insert(key, plan.signIn), ...plan.changes];
      return { changes, answer: { kind: 'begun', plan } };
    },
  );
  if (!done) return message('temporarilyUnavailable', { frame: frameOf(configuration) });
  if (done.kind === 'existing') {
    const { signIn } = done;
    // the same form sent twice
    if (signIn.door === 'mail' && (await openAddress(house, key, signIn)) === address)
      return currentPage(house, configuration, { ...at, secret, browser }, signIn, now);
    // another choice in the same form: another sign-in, like another tab
    return begin(house, configuration, { ...start, id: newSignInId(now) }, signal, now);
  }
  const { plan } = done;
  await carryOut(house, configuration, { at, plan, address }, signal, now);
  const shown = { address, sent: plan.mail !== undefined };
  return passcodePage(house, configuration, at, plan.signIn, shown, now);
}

type Begun =
  | { readonly kind: 'existing'; readonly signIn: SignIn }
  | { readonly kind: 'begun'; readonly plan: SendPlan };
