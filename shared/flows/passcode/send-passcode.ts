import { nextSendAt, noSends, type Sends, withSend } from '../../checks/send-limits.ts';
import { randomGuid, randomToken } from '../../core/ids.ts';
import { later, minutesMs } from '../../core/time.ts';
import type { Change, Keys } from '../../ports.ts';
import { withEvent } from '../../rows/events.ts';
import { type Mailbox, mailboxKey } from '../../rows/mailbox.ts';
import { outboxKey, type PasscodeMail } from '../../rows/outbox.ts';
import { insert, replace, type Versioned } from '../../rows/row.ts';
import type { MailSignIn } from '../../rows/sign-in.ts';
import type { Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { mailNow, takeOut } from '../mail/outbox.ts';
import { passcodeMessage, takeMail } from './passcode-mail.ts';
import type { AtMailbox } from './passcode-page.ts';

/**
 * One code more: the step that POST /signin and POST /otp/send share. Nothing here depends on whether
 * anybody has the address, but that a mail goes out.
 */
export type SendInput = {
  readonly at: AtMailbox;
  readonly signIn: MailSignIn;
  readonly count: Versioned<Mailbox> | undefined;
  /** What the mailbox was sent late on the day before. */
  readonly before: Sends;
  readonly browser: Browser;
  readonly configuration: Configuration;
  readonly macKey: string;
  /** Where it is asked for from, where that is known. */
  readonly country: string | undefined;
};

export type SendPlan = {
  readonly signIn: MailSignIn;
  /** Beside the sign-in's own. */
  readonly changes: readonly Change[];
  /** Undefined: held back by the mailbox's limits. */
  readonly mail: { readonly key: string; readonly value: PasscodeMail } | undefined;
};

/** The key that new codes are made with. */
export const passcodeKeyId = async (keys: Keys): Promise<string> =>
  (await keyFor(keys, 'passcode')).id;

export function planSend(input: SendInput, now: Date): SendPlan {
  const { at, signIn, count, before, browser, configuration, country } = input;
  const { knownBrowser, key: name } = signIn.mailbox;
  const today = count?.value ?? noSends;
  const allowedAt = nextSendAt(today, before, knownBrowser, now);
  if (allowedAt > now) {
    const events = withEvent(signIn.events, now, 'passcodeHeldBack');
    const held = { ...signIn, nextSendAt: allowedAt.toISOString(), events };
    return { signIn: held, changes: [], mail: undefined };
  }
  const { lifeMinutes, answerMilliseconds } = configuration.settings.passcode;
  const sends = withSend(today, knownBrowser, now);
  const code = {
    key: input.macKey,
    nonce: randomToken(),
    expiresAt: later(now, lifeMinutes * minutesMs).toISOString(),
    tries: 0,
  };
  const operation = randomGuid();
  const mail: PasscodeMail = {
    kind: 'passcode',
    operation,
    languages: {
      uiLocales: signIn.request.uiLocales,
      acceptLanguage: browser.acceptLanguage?.slice(0, 200),
    },
    tries: 0,
    notBefore: later(now, 2 * answerMilliseconds).toISOString(),
    expiresAt: code.expiresAt,
    signIn: at.key,
    nonce: code.nonce,
    requestedAt: now.toISOString(),
    ...(country === undefined ? {} : { country }),
  };
  const key = outboxKey(operation, now);
  const countKey = mailboxKey(name);
  const counted: Mailbox = { known: [...sends.known], others: [...sends.others] };
  return {
    signIn: {
      ...signIn,
      code,
      nextSendAt: nextSendAt(sends, before, knownBrowser, now).toISOString(),
      events: withEvent(signIn.events, now, 'passcodeSent'),
    },
    changes: [count ? replace(count, counted) : insert(countKey, counted), insert(key, mail)],
    mail: { key, value: mail },
  };
}

/** After the commit: mails it, or what costs the same for an address that nobody has. */
export async function carryOut(
  house: House,
  configuration: Configuration,
  { at, plan, address }: { at: AtMailbox; plan: SendPlan; address: string },
  signal: AbortSignal,
  now: Date,
): Promise<void> {
  const { signIn, mail } = plan;
  const { guest, knownBrowser } = signIn.mailbox;
  if (!mail || !signIn.code) return;
  const { partition } = at;
  const posted = { partition, key: mail.key, operation: mail.value.operation };
  const mayMail = await takeMail(house, configuration, signIn, now);
  house.journal.line('info', 'passcodeSent', { guest, knownBrowser, operation: posted.operation });
  if (!guest || !mayMail) return takeOut(house, posted);
  const message = await passcodeMessage(
    house,
    configuration,
    signIn,
    signIn.code,
    mail.value,
    address,
  );
  await mailNow(house, posted, message, signal);
}
