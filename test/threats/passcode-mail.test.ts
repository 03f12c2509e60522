import { describe, expect, it } from 'vitest';
import { emptyOutbox } from '../../shared/flows/mail/empty-outbox.ts';
import { outboxRow } from '../../shared/rows/outbox.ts';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  halMail,
  lastCode,
  mailedCodes,
  withHal,
} from '../support/house-passcode.ts';
import { placeOf, rowsNamed, signInOf } from '../support/house-passcode-rows.ts';
import { openForm, postForm } from '../support/house-steps.ts';
import { failingOn } from '../support/house-stores.ts';

/** The mail service fails, at every moment: the page is the same, and a code is never sent as two. */

const second = 1_000;
const minute = 60 * second;

type Reply = TestHouse['mail']['answers'][number];

const faults: Readonly<Record<string, Reply>> = {
  'answers 500': { kind: 'unavailable', why: '500' },
  'takes the mail, and its answer is lost': 'acceptedAnswerLost',
  throttles: { kind: 'throttled', retryAfterMs: 5_000 },
};

const runTimer = (world: TestHouse) => emptyOutbox(world.house, world.now());

/** Operations and codes that the service was asked for. */
const asked = ({ mail }: TestHouse) => ({
  operations: new Set(mail.asked.map(({ operation }) => operation)).size,
  codes: new Set(
    mail.asked.map(({ message }) => (message.kind === 'passcode' ? message.code : message.kind)),
  ).size,
});

const moments = ['at once', 'twice', 'for the timer, too'] as const;

describe.each(storeKinds)('the mail service fails, store: %s', (store) => {
  describe.each(Object.entries(faults))('%s', (name, fault) => {
    it.each(moments)(
      'A078 A079 A080: %s → same page, one code under one operation, the sign-in goes on',
      async (moment) => {
        await using calm = await openTestHouse({ store });
        await using world = await openTestHouse({ store });
        const times = moment === 'at once' ? 1 : moment === 'twice' ? 2 : 4;
        world.mail.answers.push(...Array<Reply>(times).fill(fault));
        const [{ page: good }, { browser, page }] = [
          await askForCode(calm),
          await askForCode(world),
        ];
        expect({ ...page, step: null, frame: null }).toEqual({ ...good, step: null, frame: null });
        for (let n = 0; n < 8; n++) {
          world.clock.advance(minute);
          await runTimer(world);
        }
        expect(asked(world)).toEqual({ operations: 1, codes: 1 });
        expect(mailedCodes(world)).toHaveLength(1);
        expect(await rowsNamed(world, 'mail.')).toEqual([]);
        expect(world.alarms()).toEqual(
          name === 'throttles'
            ? Array(Math.min(times, moment === 'for the timer, too' ? 4 : times)).fill(
                'mailThrottled',
              )
            : [],
        );
        expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('enrol');
      },
    );
  });

  it('A078: one request tries twice under one operation and leaves the row; asked again, it is another code', async () => {
    await using world = await openTestHouse({ store });
    const down: Reply = { kind: 'unavailable', why: 'timeout' };
    world.mail.answers.push(down, down);
    const { browser, page } = await askForCode(world);
    expect(world.mail.asked).toHaveLength(2);
    expect(asked(world)).toEqual({ operations: 1, codes: 1 });
    expect(await rowsNamed(world, 'mail.')).toHaveLength(1);
    world.clock.advance(minute);
    const again = pageOf(await askAgain(world, browser, page), 'passcode');
    expect(again.sent).toBe(true);
    expect(asked(world)).toEqual({ operations: 2, codes: 2 });
    // the first one is void, and is not mailed any more
    await runTimer(world);
    expect(mailedCodes(world)).toHaveLength(1);
    expect(world.lines.filter(({ event }) => event === 'mailDropped')).toHaveLength(1);
    expect(brief(await enterPasscode(world, browser, again, lastCode(world)))).toBe('enrol');
  });

  it('A079: taken, and the row could not be removed → mailed once, whatever the timer does', async () => {
    await using world = await openTestHouse({ store });
    let commits = 0;
    const failing = failingOn(
      world.house.store,
      ({ table, key }, verb) =>
        table === 'expiring' && !key.endsWith('.allowance') && verb === 'commit' && ++commits > 2,
    );
    await askForCode(world.instance(failing));
    expect(world.lines.map(({ event }) => event)).toContain('outboxRowStays');
    world.clock.advance(minute);
    await runTimer(world);
    expect(asked(world)).toEqual({ operations: 1, codes: 1 });
    expect(mailedCodes(world)).toHaveLength(1);
    expect(await rowsNamed(world, 'mail.')).toEqual([]);
  });

  it('A078: too late, or the sign-in gone on → dropped, not mailed', async () => {
    await using world = await openTestHouse({ store, files: withHal });
    const down: Reply = { kind: 'throttled', retryAfterMs: undefined };
    world.mail.answers.push(down, down);
    const gus = await askForCode(world);
    await askForCode(world, halMail);
    const code = world.mail.asked[0]?.message;
    await enterPasscode(world, gus.browser, gus.page, code?.kind === 'passcode' ? code.code : '');
    world.clock.advance(minute);
    world.mail.answers.push(down);
    await runTimer(world);
    world.clock.advance(10 * minute);
    await runTimer(world);
    expect(world.mail.delivered).toEqual([]);
    expect(await rowsNamed(world, 'mail.')).toEqual([]);
  });

  it('A080: throttled → the run ends there, the pauses grow, the queue is what was asked for', async () => {
    await using world = await openTestHouse({ store, files: withHal });
    const down: Reply = { kind: 'throttled', retryAfterMs: undefined };
    world.mail.answers.push(...Array<Reply>(40).fill(down));
    await askForCode(world);
    await askForCode(world, halMail);
    for (let n = 0; n < 20; n++) await askForCode(world, `n${n}@smallshop.example`);
    expect(await rowsNamed(world, 'mail.')).toHaveLength(2);
    const perRun: number[] = [];
    for (let n = 0; n < 16; n++) {
      world.clock.advance(30 * second);
      const before = world.mail.asked.length;
      expect(await runTimer(world)).toEqual({ mailed: 0 });
      perRun.push(world.mail.asked.length - before);
    }
    expect(Math.max(...perRun)).toBe(1);
    expect(perRun.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(10);
    expect(new Set(world.alarms())).toEqual(new Set(['mailThrottled']));
    expect(asked(world)).toEqual({ operations: 2, codes: 2 });
  });

  it('A058: the form sent twice, at once and by Back → one page, no second mail', async () => {
    await using world = await openTestHouse({ store });
    const browser = newBrowser();
    const { fields } = await openForm(world, browser);
    const form = { ...fields, mail: gusMail };
    const first = await Promise.all([
      postForm(world, browser, form),
      postForm(world, browser, form),
    ]);
    world.clock.advance(2 * minute);
    const later = await postForm(world, browser, form);
    const steps = [...first, later].map((answer) => pageOf(answer, 'passcode').step);
    for (const step of steps) expect(step).toEqual(steps[0]);
    expect(world.mail.asked).toHaveLength(1);
    // and a resend that is sent twice
    const again = await Promise.all(
      [0, 1].map(() => askAgain(world, { ...browser }, pageOf(later, 'passcode'))),
    );
    expect(again[1]).toMatchObject({ page: 'passcode' });
    expect(world.mail.asked).toHaveLength(2);
    await askAgain(world, browser, pageOf(later, 'passcode'));
    expect(world.mail.asked).toHaveLength(2);
  });
});

describe('an outbox row that somebody broke', () => {
  it('A078: unreadable, or with a seal that does not open → an alarm; the others are mailed', async () => {
    await using world = await openTestHouse({ files: withHal });
    const down: Reply = { kind: 'throttled', retryAfterMs: undefined };
    world.mail.answers.push(down, down);
    const tabs = [await askForCode(world), await askForCode(world, halMail)] as const;
    const rows = (await dump(world, ['expiring'])).filter(({ key }) => key.startsWith('mail.'));
    for (const { partition, key } of rows) {
      const change = {
        kind: 'insert',
        key: `${key.slice(0, 15)}.broken`,
        value: { kind: 7 },
      } as const;
      await world.direct.commit({ table: 'expiring', key: partition }, [change], `break-${key}`);
    }
    // Gus's address is another text sealed elsewhere
    const { partition, key } = placeOf(tabs[0]);
    const value = await signInOf(world, tabs[0]);
    const other = (await signInOf(world, tabs[1])).mailbox.address;
    const moved = { ...value, mailbox: { ...value.mailbox, address: other } };
    await world.direct.commit(
      partition,
      [{ kind: 'replace', key, value: moved as never, etag: '*' }],
      'moved',
    );
    world.clock.advance(minute);
    await runTimer(world);
    expect(mailedCodes(world, halMail)).toHaveLength(1);
    expect(world.alarms()).toContain('outboxRowUnreadable');
    expect(outboxRow.schema.safeParse({ kind: 7 }).success).toBe(false);
  });
});
