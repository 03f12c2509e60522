import { startHttpWorld } from '../support/http-world.ts';
import {
  answerOf,
  codeIn,
  type MailOutcome,
  mailFaults,
  mailMoments,
  meetMailFaults,
  withFaultGuests,
  withoutFault,
} from '../support/mail-faults.ts';
import type { Section, Table } from './support/section.ts';

/** What a guest sees and gets while the mail service fails, and how long the answer takes. */
const fixedMomentMs = 1_500;

export async function measureMailFaults(): Promise<Section> {
  const world = await startHttpWorld({ seed: withFaultGuests });
  try {
    return section(await meetMailFaults(world));
  } finally {
    await world.close();
  }
}

function section(outcomes: readonly MailOutcome[]): Section {
  const moments = Object.keys(mailMoments) as (keyof typeof mailMoments)[];
  return {
    title: 'Mail faults',
    text: [
      `Over HTTP with the service’s own SDK against its stand-in, a guest each. Such a request is answered ${fixedMomentMs.toLocaleString('en-GB')} ms after it came, whatever the mail service does; the mail is given up at four fifths of that. “Page as ever”: status, headers and every byte of the page are those without a fault, but for handle, nonce and address.`,
      '“Mails” are those that reached the mailbox for this one request: by itself (a late one included), and once the timer `mail-outbox` has come to what was left, the service being well again. After a refusal and after a mail that the service loses, the guest asks for another code. `test/http/mail-faults.test.ts` holds the gateway to all of this but the time.',
    ],
    tables: moments.map((moment) =>
      tableOf(
        mailMoments[moment],
        outcomes.filter((outcome) => outcome.moment === moment),
      ),
    ),
    budgets: [],
  };
}

function tableOf(title: string, outcomes: readonly MailOutcome[]): Table {
  const without = outcomes.find(({ fault }) => fault === withoutFault);
  const page = without ? JSON.stringify(answerOf(without)) : '';
  return {
    head: [
      `Fault at ${title}`,
      'Status',
      'Page as ever',
      'Answer, ms',
      'Left in the outbox',
      'Mails',
      'Mails after the timer',
      'Distinct codes',
    ],
    rows: mailFaults.flatMap(({ name }) => {
      const outcome = outcomes.find(({ fault }) => fault === name);
      if (!outcome) return [];
      const { got, tookMs, isLeft, before, after } = outcome;
      return [
        [
          name,
          String(got.status),
          JSON.stringify(answerOf(outcome)) === page ? 'yes' : '**no**',
          Math.round(tookMs).toLocaleString('en-GB'),
          isLeft ? 'yes' : 'no',
          String(before.length),
          String(after.length),
          String(new Set(after.map(codeIn)).size),
        ],
      ];
    }),
  };
}
