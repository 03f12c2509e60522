import { describe, expect, it } from 'vitest';
import { secondFactorLimits } from '../../shared/checks/limits.ts';
import { passcodeDigits, passcodeTries } from '../../shared/checks/passcode.ts';
import { mailboxLimits } from '../../shared/checks/send-limits.ts';
import { type At, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf, type TestBrowser } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  halMail,
  lastCode,
  nobodysMail,
  type PasscodePage,
  registeredGus,
  withHal,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { rowsNamed } from '../support/house-passcode-rows.ts';
import { openForm, postForm } from '../support/house-steps.ts';

/** Attack: the code is guessed, on one sign-in, over many sends, or once each on many guests. */

const minute = 60_000;

let place = 0;
/** A browser at an address that no other has. */
const fromElsewhere = (): TestBrowser => {
  place++;
  return newBrowser({ ipAddress: `203.${place >> 8}.${place & 255}.7` });
};

/** Wrong codes as long as one is judged: how many were. */
async function guess(
  world: TestHouse,
  { browser, page }: { readonly browser: TestBrowser; readonly page: PasscodePage },
  most = 1_000,
) {
  const wrong = wrongPasscode(world);
  let at = page;
  for (let judged = 0; ; judged++) {
    if (judged === most) return { judged, page: at };
    const answer = await enterPasscode(world, browser, at, wrong);
    const { problem } = pageOf(answer, 'passcode');
    if (problem === 'tooManyTries' && judged >= passcodeTries) return { judged, page: at };
    at = pageOf(answer, 'passcode');
  }
}

/** POST /signin from a browser of its own: what comes of it, in a word. */
async function ask(at: At, mail: string, browser = fromElsewhere()): Promise<string> {
  const { fields } = await openForm(at, browser);
  const answer = await postForm(at, browser, { ...fields, mail });
  if (brief(answer) !== 'passcode') return brief(answer);
  return pageOf(answer, 'passcode').sent ? 'sent' : 'held back';
}

describe('guessing one code', () => {
  it('A061 R32: dead after five, though the sixth is right; malformed ones do not count', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await askForCode(world);
    for (const text of [
      '',
      '1234567',
      '123456789',
      '1234567x',
      '１２３４５６７８',
      '-'.repeat(99_999),
    ])
      expect(brief(await enterPasscode(world, browser, page, text))).toBe('passcode malformed');
    const { judged, page: dead } = await guess(world, { browser, page });
    expect(judged).toBe(passcodeTries);
    expect(brief(await enterPasscode(world, browser, dead, lastCode(world)))).toBe(
      'passcode tooManyTries',
    );
    expect((await rowsNamed(world, 'source.')).at(-1)).toMatchObject({ wrong: passcodeTries });
  });

  it('A061: counted in storage: another instance, and one that has just started, count on', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await askForCode(world);
    let at = page;
    const said: string[] = [];
    for (let n = 0; n < 7; n++) {
      const instance = world.instance();
      const answer = await enterPasscode(instance, browser, at, wrongPasscode(world));
      at = pageOf(answer, 'passcode');
      said.push(brief(answer));
    }
    expect(said).toEqual([
      ...Array(4).fill('passcode wrong'),
      ...Array(3).fill('passcode tooManyTries'),
    ]);
  });
});

describe('guessing over a day', () => {
  it('A062 R33: from the numbers: at most 10⁻⁶ a day for a mailbox, 10⁻⁴ for a second factor after it', () => {
    const { perDay, keptForKnownBrowsers } = mailboxLimits;
    const chance = (perDay * passcodeTries) / 10 ** passcodeDigits;
    expect(chance).toBeLessThanOrEqual(1e-6);
    expect(keptForKnownBrowsers).toBeLessThan(perDay);
    // a stolen mailbox leaves the authenticator's codes: three of a million are right at a time
    const { knownBrowser, otherBrowsers } = secondFactorLimits;
    expect(((knownBrowser + otherBrowsers) * 3) / 1e6).toBeLessThanOrEqual(1e-4);
  });

  it('A062: five tries, another code, five tries, from many places for a whole day → 75 are judged', async () => {
    await using world = await openTestHouse();
    world.clock.set(new Date('2026-11-18T00:00:00.000Z'));
    let judged = 0;
    for (let n = 0; n < 24 * 4; n++) {
      const tab = await askForCode(world, gusMail, { browser: fromElsewhere() });
      // where none was sent there is none to guess
      if (tab.page.sent) judged += (await guess(world, tab)).judged;
      else
        expect(brief(await enterPasscode(world, tab.browser, tab.page, '12345678'))).toBe(
          'passcode expired',
        );
      world.clock.advance(15 * minute - 1);
    }
    const sends = mailboxLimits.perDay - mailboxLimits.keptForKnownBrowsers;
    expect(judged).toBe(sends * passcodeTries);
    expect(world.mail.asked).toHaveLength(sends);
  });
});

describe('one guess each over many guests', () => {
  const open = () =>
    openTestHouse({
      files: (files) =>
        edited(withHal(files), 'settings.json', {
          passcode: { enabled: true, wrongCodesPerDay: 20 },
        }),
    });

  /** Wrong codes of two guests, from a new place each time. */
  async function spread(world: TestHouse, count: number, tries = 1): Promise<void> {
    for (let n = 0; n < count; n++) {
      const mail = n % 2 ? gusMail : halMail;
      await guess(world, await askForCode(world, mail, { browser: fromElsewhere() }), tries);
      world.clock.advance(tries === 1 ? 13 * minute : minute);
    }
  }

  it('A063 R33: past the deployment’s wrong codes → alarm, unknown browsers wait, the guest’s own gets in', async () => {
    await using world = await open();
    const { browser: own } = await registeredGus(world);
    await spread(world, 20);
    expect(world.alarms()).toEqual([]);
    expect(await ask(world, gusMail)).toBe('sent');
    await spread(world, 1);
    expect(world.alarms()).toEqual(['passcodeGuessing']);
    const mailed = world.mail.asked.length;
    for (const mail of [gusMail, halMail, nobodysMail, 'other@elsewhere.example'])
      expect(await ask(world, mail), mail).toBe('message tooManyRequests');
    expect(world.mail.asked).toHaveLength(mailed);
    const { browser, page } = await askForCode(world, gusMail, { browser: own });
    expect(page.sent).toBe(true);
    expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('challenge');
    // until midnight
    world.clock.set(new Date('2026-11-19T00:00:00.000Z'));
    expect(await ask(world, gusMail)).toBe('sent');
  });

  it('A063: a code asked for before the limit is asked for again in vain', async () => {
    await using world = await open();
    const { browser, page } = await askForCode(world, gusMail, { browser: fromElsewhere() });
    world.clock.advance(minute);
    await spread(world, 4, 5);
    await spread(world, 1);
    const mailed = world.mail.asked.length;
    expect(brief(await askAgain(world, browser, page))).toBe('message tooManyRequests');
    expect(world.mail.asked).toHaveLength(mailed);
  });

  it('A063: another instance is told with the first that it counts itself', async () => {
    await using world = await open();
    await spread(world, 20);
    const tab = await askForCode(world, halMail, { browser: fromElsewhere() });
    const answer = await enterPasscode(world, tab.browser, tab.page, wrongPasscode(world, halMail));
    expect(brief(answer)).toBe('message tooManyRequests');
    const instance = world.instance();
    await ask(instance, nobodysMail);
    expect(await ask(instance, gusMail)).toBe('message tooManyRequests');
    expect(world.alarms()).toEqual(['passcodeGuessing']);
  });

  it('A063 A071: any number below the limit shuts nobody out, and tells nobody who is known', async () => {
    for (const mail of [gusMail, nobodysMail]) {
      await using world = await open();
      for (let n = 0; n < 15; n++) {
        const tab = await askForCode(world, mail, { browser: fromElsewhere() });
        await guess(world, tab, 1);
        expect(await ask(world, `somebody${n}@else.example`), `${mail} ${n}`).toBe('sent');
        world.clock.advance(13 * minute);
      }
    }
  });

  it('A063: instances that come and go without a wrong code use up nothing of them', async () => {
    await using world = await open();
    for (let n = 0; n < 5; n++) {
      const instance = world.instance();
      for (const more of ['a', 'b'])
        expect(await ask(instance, `${more}${n}@smallshop.example`)).toBe('sent');
    }
    expect(world.alarms()).toEqual([]);
  });
});
