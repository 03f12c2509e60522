/**
 * The mail service fails: whoever asks for a code is answered as if it had not, no request ever mails
 * two codes, and what was not taken goes out later, under the same operation.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../dev/browser.ts';
import { postOwn, textOf } from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';
import {
  answerOf,
  codeIn,
  type MailOutcome,
  mailFaults,
  mailMoments,
  meetMailFaults,
  outboxOperations,
  withFaultGuests,
  withoutFault,
} from '../support/mail-faults.ts';

let world: HttpWorld;
let outcomes: readonly MailOutcome[];
beforeAll(async () => {
  world = await startHttpWorld({ seed: withFaultGuests });
  outcomes = await meetMailFaults(world);
}, 120_000);
afterAll(() => world.close());

/** Nothing was taken, or the answer was lost: then the outbox keeps it for the timer. */
const left = new Set([
  '429 with Retry-After',
  '500',
  '503',
  'no answer at all',
  'slow, 3 s',
  'reset before it is taken',
  'taken, answer lost',
]);
/** In the mailbox before the timer comes: a lost or late answer says nothing about the mail. */
const taken = new Set([
  withoutFault,
  '503 once',
  'slow, 3 s',
  'reset before, once',
  'taken, answer lost',
  'taken, answer lost once',
]);
/** The service has said its word; the guest asks for another code. */
const lost = ['400', 'accepted, then dropped'];

const moments = Object.keys(mailMoments) as (keyof typeof mailMoments)[];
const names = mailFaults.map(({ name }) => name);

function outcomeOf(fault: string, moment: string): MailOutcome {
  const found = outcomes.find((outcome) => outcome.fault === fault && outcome.moment === moment);
  if (!found) throw new Error(`nothing is known of ${fault}, ${moment}`);
  return found;
}

/** The page after the first factor, which only the right code leads to. */
async function opens({ browser, got }: Pick<MailOutcome, 'browser' | 'got'>, code: string) {
  const { action, fields } = formOf(got.text);
  expect(action).toBe('/otp/verify');
  fields.set('code', code);
  const page = await postOwn(world, browser, action, fields);
  return { page, isOpen: formOf(page.text).action === '/mfa/enrol' };
}

describe.each(moments)('a fault at the %s code', (moment) => {
  test.each(names)('%s: status, page and headers are those without a fault', (fault) => {
    const answer = answerOf(outcomeOf(fault, moment));
    expect(answer.status, answer.text).toBe(200);
    expect(answer).toEqual(answerOf(outcomeOf(withoutFault, moment)));
  });

  test.each(names)('%s: one operation, and one code at the most reaches the mailbox', (fault) => {
    const { operations, before, after, isLeft } = outcomeOf(fault, moment);
    expect(operations.size).toBe(1);
    expect(isLeft).toBe(left.has(fault));
    expect(before).toHaveLength(taken.has(fault) ? 1 : 0);
    expect(after).toHaveLength(lost.includes(fault) ? 0 : 1);
    for (const { operationId } of after) expect([...operations]).toEqual([operationId]);
    expect(new Set([...before, ...after].map(codeIn)).size).toBeLessThanOrEqual(1);
  });

  test.each(names.filter((name) => !lost.includes(name)))('%s: the code opens', async (fault) => {
    const outcome = outcomeOf(fault, moment);
    const [mail] = outcome.after;
    const { page, isOpen } = await opens(outcome, mail ? codeIn(mail) : '');
    expect(isOpen, textOf(page)).toBe(true);
  });

  test.each(lost)('%s: nothing is mailed later, and another code opens', async (fault) => {
    const outcome = outcomeOf(fault, moment);
    let { got } = outcome;
    for (const mail of outcome.earlier) {
      const { page, isOpen } = await opens(outcome, codeIn(mail));
      expect(isOpen, 'the code before is void').toBe(false);
      got = page;
    }
    world.advance(61_000);
    const { fields } = formOf(got.text);
    got = await postOwn(world, outcome.browser, '/otp/send', fields);
    const mails = world.mailbox.mailsTo(outcome.address).slice(outcome.earlier.length);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    const { page, isOpen } = await opens({ ...outcome, got }, mail ? codeIn(mail) : '');
    expect(isOpen, textOf(page)).toBe(true);
  });
});

test('afterwards the outbox is empty, and no line that was logged holds an address or a code', async () => {
  expect(await outboxOperations(world)).toEqual(new Set());
  const lines = world.lines.join('\n');
  expect(lines).toContain('mailUnavailable');
  expect(lines).not.toContain('@faults.example');
  for (const mail of world.mailbox.mails) {
    expect(lines).not.toContain(codeIn(mail));
    expect(lines).not.toContain(codeIn(mail).replace(/^\d{4}/, '$& '));
  }
});
