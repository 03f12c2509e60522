import { formOf } from '../../dev/browser.ts';
import type { DeliveredMail } from '../../dev/mail/delivered-mail.ts';
import type { MailFault } from '../../dev/mail/faults.ts';
import { inParallel } from '../../shared/core/parallel.ts';
import { outboxPrefix, outboxRow } from '../../shared/rows/outbox.ts';
import { readRow } from '../../shared/rows/row.ts';
import type { HttpBrowser } from './http-browser.ts';
import type { Got } from './http-send.ts';
import { ask, postOwn, signInForm, textOf } from './http-steps.ts';
import type { HttpWorld } from './http-world.ts';

/**
 * The mail service fails in every way it can, over HTTP and with the real SDK: one guest for each
 * fault and each request that mails a code. The tests judge what is gathered here, a bench prints it.
 */
export type MailFaultCase = {
  readonly name: string;
  readonly fault: MailFault;
  /** Of the sends for one request; every one if not said. */
  readonly times?: number;
};

const slowMs = 3_000;

export const withoutFault = 'none';
export const mailFaults: readonly MailFaultCase[] = [
  { name: withoutFault, fault: 'pass' },
  { name: '429 with Retry-After', fault: { retryAfter: '30' } },
  { name: '500', fault: '500' },
  { name: '503', fault: '503' },
  { name: '503 once', fault: '503', times: 1 },
  { name: '400', fault: '400' },
  { name: 'no answer at all', fault: 'hang' },
  { name: `slow, ${slowMs / 1000} s`, fault: { delayMs: slowMs } },
  { name: 'reset before it is taken', fault: 'rst-before' },
  { name: 'reset before, once', fault: 'rst-before', times: 1 },
  { name: 'taken, answer lost', fault: 'rst-after' },
  { name: 'taken, answer lost once', fault: 'rst-after', times: 1 },
  { name: 'accepted, then dropped', fault: 'drop' },
];

export const mailMoments = {
  first: 'the first code, `POST /signin`',
  again: 'another code, `POST /otp/send`',
} as const;
type Moment = keyof typeof mailMoments;

/** What one request for a code came to. */
export type MailOutcome = {
  readonly fault: string;
  readonly moment: Moment;
  readonly address: string;
  readonly got: Got;
  readonly tookMs: number;
  /** Operation ids that the service was asked with for this request. */
  readonly operations: ReadonlySet<string>;
  /** The outbox still holds the mail after the answer. */
  readonly isLeft: boolean;
  /** For this request, until the timer came, and after it. */
  readonly before: readonly DeliveredMail[];
  readonly after: readonly DeliveredMail[];
  /** Of an earlier request in the same sign-in. */
  readonly earlier: readonly DeliveredMail[];
  readonly browser: HttpBrowser;
};

type Guest = {
  readonly address: string;
  readonly moment: Moment;
  readonly faultCase: MailFaultCase;
};

const moments = Object.keys(mailMoments) as Moment[];

const guests: readonly Guest[] = mailFaults.flatMap((faultCase, index) =>
  moments.map((moment) => ({
    // of one length, so that nothing else tells two pages apart
    address: `${moment}-${String(index).padStart(2, '0')}@faults.example`,
    moment,
    faultCase,
  })),
);

/** The seeded folder with the guests of every fault. */
export const withFaultGuests = (files: Record<string, string>): Record<string, string> => ({
  ...files,
  ...Object.fromEntries(
    guests.map(({ address }, index) => [
      `guests/fault-${index}.json`,
      JSON.stringify({
        id: `a0000000-fa17-4000-8000-${String(index).padStart(12, '0')}`,
        userPrincipalName: `${address.replace('@', '_')}#EXT#@fabrikam.onmicrosoft.example`,
        displayName: `Guest ${index}`,
        mail: address,
        identities: [{ partner: 'mail', subject: address }],
      }),
    ]),
  ),
});

/** All come from one address, whose count is written anew up to three times and no more. */
const atOnce = 3;
const anotherAfterMs = 61_000;
const timerAfterMs = 10_000;

/** In a world whose mail service nobody else uses meanwhile. */
export async function meetMailFaults(world: HttpWorld): Promise<readonly MailOutcome[]> {
  const { mailbox } = world;
  // one for everybody: its state and nonce are on the page
  const asked = ask(world);
  const armed = new Map<string, { readonly faultCase: MailFaultCase; readonly sends: string[] }>();
  mailbox.rule((_n, { operationId = '', to = '' }) => {
    const { faultCase, sends } = armed.get(to) ?? {};
    sends?.push(operationId);
    if (!faultCase || !sends) return undefined;
    return sends.length <= (faultCase.times ?? Infinity) ? faultCase.fault : undefined;
  });

  async function timed(guest: Guest, request: () => Promise<Got>) {
    const sends: string[] = [];
    armed.set(guest.address, { faultCase: guest.faultCase, sends });
    const earlier = mailbox.mailsTo(guest.address);
    const started = performance.now();
    const got = await request();
    return { got, tookMs: performance.now() - started, sends, earlier };
  }

  const firsts = await inParallel(guests, atOnce, async (guest) => {
    const browser = world.browser();
    const fields = await signInForm(browser, asked);
    fields.set('mail', guest.address);
    const request = () => postOwn(world, browser, '/signin', fields);
    if (guest.moment === 'first') return { guest, browser, ...(await timed(guest, request)) };
    const got = await request();
    if (got.status !== 200) throw new Error(`no first code, ${got.status}: ${textOf(got)}`);
    return { guest, browser, got, tookMs: 0, sends: [], earlier: [] };
  });
  world.advance(anotherAfterMs);
  const seen = await inParallel(firsts, atOnce, async (first) => {
    const { guest, browser, got } = first;
    if (guest.moment === 'first') return first;
    const { fields } = formOf(got.text);
    const request = () => postOwn(world, browser, '/otp/send', fields);
    return { guest, browser, ...(await timed(guest, request)) };
  });
  for (const { guest, earlier } of seen)
    if (typeof guest.faultCase.fault === 'object' && 'delayMs' in guest.faultCase.fault)
      await mailbox.waitForMail(guest.address, earlier[0] ? { after: earlier[0] } : {});

  const mails = () =>
    new Map(
      seen.map(({ guest, earlier }) => [
        guest.address,
        mailbox.mailsTo(guest.address).slice(earlier.length),
      ]),
    );
  const left = await outboxOperations(world);
  const before = mails();
  mailbox.rule(undefined);
  world.advance(timerAfterMs);
  await world.fireTimer('mail-outbox');
  const after = mails();
  return seen.map(({ guest, browser, got, tookMs, sends, earlier }) => ({
    fault: guest.faultCase.name,
    moment: guest.moment,
    address: guest.address,
    got,
    tookMs,
    operations: new Set(sends),
    isLeft: sends.some((operation) => left.has(operation)),
    before: before.get(guest.address) ?? [],
    after: after.get(guest.address) ?? [],
    earlier,
    browser,
  }));
}

/** Operations of every mail that the outbox holds. */
export async function outboxOperations(world: HttpWorld): Promise<ReadonlySet<string>> {
  const page = await world.store.scan('expiring', { from: '!', to: '~' }, { limit: 1000 });
  if (page.cursor !== undefined) throw new Error('more rows than this reads');
  const rows = page.rows.filter(({ key }) => key.startsWith(outboxPrefix));
  return new Set(rows.map((row) => readRow(outboxRow, row).value.operation));
}

/** The answer without what must differ: handle, nonce and address; its headers without the date. */
export function answerOf({ got, address }: Pick<MailOutcome, 'got' | 'address'>) {
  const { date: _, 'set-cookie': __, ...headers } = got.headers;
  const text = got.text
    .replaceAll(/(name="(?:handle|nonce)" value=")[^"]*/g, '$1')
    .replaceAll(address, 'somebody');
  const cookies = got.setCookies.map((line) => line.replace(/=[^;]*/, '='));
  return { status: got.status, text, headers, cookies };
}

export const codeIn = ({ plainText }: DeliveredMail): string => {
  const [, ...halves] = /\b(\d{4}) (\d{4})\b/.exec(plainText) ?? [];
  if (halves.length !== 2) throw new Error('the mail holds no code');
  return halves.join('');
};
