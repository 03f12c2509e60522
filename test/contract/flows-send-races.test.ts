import { describe, expect, it } from 'vitest';
import { asFault } from '../../shared/core/errors.ts';
import type { Answer } from '../../shared/flows/answers.ts';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { emptyOutbox } from '../../shared/flows/mail/empty-outbox.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf, type TestBrowser } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  mailedCodes,
} from '../support/house-passcode.ts';
import { rowsNamed } from '../support/house-passcode-rows.ts';
import { openForm, type Parameters, postForm } from '../support/house-steps.ts';
import { patience, repeated, times } from '../support/races.ts';

/** Requests for codes, the timer that mails and the one that cleans up, at the same time. */

const day = 86_400_000;
const minute = 60_000;

describe.each(storeKinds)('many requests for codes at the same time, store: %s', (store) => {
  const open = () => openTestHouse({ store });

  it('A119 A118: clean-up beside the last possible code, and beside another send → nobody is disturbed', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      world.clock.set(new Date(`${world.now().toISOString().slice(0, 10)}T23:45:00.000Z`));
      const [a, b] = [await askForCode(world), await askForCode(world, 'b@smallshop.example')];
      const code = lastCode(world);
      world.clock.advance(10 * minute - 1);
      const [right, again] = await Promise.all([
        enterPasscode(world, a.browser, a.page, code),
        askAgain(world, { ...b.browser }, b.page),
        ...[0, 1, 2].map(() => cleanUp(world.house, world.now())),
      ]);
      expect(brief(right)).toBe('enrol');
      expect(pageOf(again, 'passcode').sent).toBe(true);
    });
  });

  it('A119: renewed between reading and deleting, by a clean-up whose clock is days ahead → it stays', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      const tab = await askForCode(world);
      world.clock.advance(minute);
      let answer: Answer | undefined;
      const { scan } = world.house;
      const meanwhile: typeof scan = {
        scan: (...asked) => scan.scan(...asked),
        async remove(table, rows) {
          answer ??= await askAgain(world, tab.browser, tab.page);
          return scan.remove(table, rows);
        },
      };
      const ahead = new Date(world.now().getTime() + 3 * day);
      await cleanUp({ ...world.house, scan: meanwhile }, ahead);
      const page = pageOf(answer ?? fail(), 'passcode');
      expect(page.sent).toBe(true);
      expect(brief(await enterPasscode(world, tab.browser, page, lastCode(world)))).toBe('enrol');
    });
  });

  it('A079 R32: the request and two timers at once → one operation, one code, one mail', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async (n) => {
      const later = new Date(world.now().getTime() + minute);
      const timers = () => times(2, () => emptyOutbox(world.house, later));
      // while the service is busy with the request, the timers find its row due
      const mail: typeof world.mail = {
        ...world.mail,
        async send(...asked) {
          const [result] = await Promise.all([world.mail.send(...asked), timers()]);
          return result;
        },
      };
      const from = world.mail.asked.length;
      await askForCode({ ...world, house: { ...world.house, mail } });
      await timers();
      const asked = world.mail.asked.slice(from);
      expect(asked.length).toBeLessThanOrEqual(2);
      expect(new Set(asked.map(({ operation }) => operation)).size).toBe(1);
      expect(mailedCodes(world)).toHaveLength(n + 1);
    });
  });

  it('A078 A080: five timers at once over what was left behind → asked once, mailed once', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async (n) => {
      world.mail.answers.push({ kind: 'throttled', retryAfterMs: undefined });
      await askForCode(world);
      const from = world.mail.asked.length;
      world.clock.advance(minute);
      const runs = await times(5, () => emptyOutbox(world.house, world.now()));
      expect(runs.reduce((sum, { mailed }) => sum + mailed, 0)).toBe(1);
      expect(world.mail.asked.length - from).toBe(1);
      expect(mailedCodes(world)).toHaveLength(n + 1);
      expect(await rowsNamed(world, 'mail.')).toEqual([]);
    });
  });

  it('A069 R33: 20 sends at once to one mailbox, of 20 sign-ins from 20 places → one mail a minute', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async (n) => {
      for (const round of [1, 2]) {
        const said = await postAtOnce(world, 20, (index) => ({
          from: `203.0.113.${index + 100}`,
          mail: index % 2 ? gusMail : 'Gus+tag@SMALLSHOP.example',
        }));
        expect(said).toContain('sent');
        const counts = await rowsNamed(world, 'mailbox.');
        expect(counts.at(-1)?.['others']).toHaveLength(round);
        expect(said.filter((what) => what === 'sent')).toHaveLength(1);
        world.clock.advance(minute);
      }
      expect(mailedCodes(world).length).toBeLessThanOrEqual(2 * (n + 1));
    });
  });

  it('A069 R33: 30 sends at once from one address → all are counted, and all are served', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      const said = await postAtOnce(world, 30, (index) => ({
        from: '203.0.113.9',
        mail: `n${index}@smallshop.example`,
      }));
      expect(said).toEqual(Array(30).fill('sent'));
      expect((await rowsNamed(world, 'source.')).at(-1)).toMatchObject({ sendsOfHour: 30 });
      expect(await rowsNamed(world, 'mailbox.')).toHaveLength(30);
      await cleanUp(world.house, new Date(world.now().getTime() + 3 * day));
    });
  });
});

const fail = (): never => {
  throw new Error('nothing there');
};

/** As many sign-ins, all at POST /signin at the same moment: sent, held back, or the fault's name. */
async function postAtOnce(
  world: TestHouse,
  count: number,
  who: (index: number) => { readonly from: string; readonly mail: string },
): Promise<readonly string[]> {
  const forms: { browser: TestBrowser; fields: Parameters }[] = [];
  for (let index = 0; index < count; index++) {
    const { from, mail } = who(index);
    const browser = newBrowser({ ipAddress: from });
    forms.push({ browser, fields: { ...(await openForm(world, browser)).fields, mail } });
  }
  return times(count, async (index) => {
    const form = forms[index] ?? fail();
    const answer = await postForm(world, form.browser, form.fields).catch(asFault);
    if (!('kind' in answer)) return answer.code;
    if (brief(answer) !== 'passcode') return brief(answer);
    return pageOf(answer, 'passcode').sent ? 'sent' : 'heldBack';
  });
}
