import { describe, expect, it } from 'vitest';
import { mailboxLimits } from '../../shared/checks/send-limits.ts';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { openTestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf, type TestBrowser } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  type PasscodePage,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { openForm, postForm } from '../support/house-steps.ts';

/** A day is a UTC day, and its limits hold for what was begun on the day before. */

const minute = 60_000;
const hour = 60 * minute;

const sentOf = (answer: Parameters<typeof pageOf>[0]) => pageOf(answer, 'passcode').sent;

describe('around midnight', () => {
  it('A069 R33: forms and sign-ins of the day before add nothing to what a UTC day allows a mailbox', async () => {
    await using world = await openTestHouse();
    world.clock.set(new Date('2026-11-18T23:59:00.000Z'));
    const old = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const browser = newBrowser();
        return { browser, fields: (await openForm(world, browser)).fields };
      }),
    );
    let sent = 0;
    // in the first hour by forms of the evening, in the second by asking again
    world.clock.set(new Date('2026-11-19T00:50:00.000Z'));
    const tabs: { browser: TestBrowser; page: PasscodePage }[] = [];
    for (const { browser, fields } of old) {
      const answer = await postForm(world, browser, { ...fields, mail: gusMail });
      if (sentOf(answer)) sent++;
      tabs.push({ browser, page: pageOf(answer, 'passcode') });
      world.clock.advance(50_000);
    }
    world.clock.set(new Date('2026-11-19T01:40:00.000Z'));
    for (let n = 0; n < 10; n++) {
      world.clock.advance(minute);
      const tab = tabs[5 + (n % 5)];
      if (!tab) continue;
      const again = await askAgain(world, tab.browser, tab.page);
      if (brief(again) !== 'passcode') continue;
      if (sentOf(again)) sent++;
      tab.page = pageOf(again, 'passcode');
    }
    // and then what the day itself allows
    for (let h = 3; h < 24; h++) {
      world.clock.set(new Date(new Date('2026-11-19T00:30:00.000Z').getTime() + h * hour));
      if ((await askForCode(world)).page.sent) sent++;
    }
    expect(sent).toBeLessThanOrEqual(mailboxLimits.perDay - mailboxLimits.keptForKnownBrowsers);
  });
});

describe('a code that was mailed before midnight', () => {
  it('A068: opens its sign-in after it; another one needs a sign-in of the new day', async () => {
    await using world = await openTestHouse();
    world.clock.set(new Date('2026-11-18T23:55:00.000Z'));
    const [a, b] = [await askForCode(world), await askForCode(world, 'b@smallshop.example')];
    world.clock.set(new Date('2026-11-19T00:04:59.999Z'));
    await cleanUp(world.house, world.now());
    expect(brief(await askAgain(world, b.browser, b.page))).toBe('message signInOver');
    expect(brief(await enterPasscode(world, a.browser, a.page, lastCode(world)))).toBe('enrol');
  });
});

/** As many passcode guests. */
const crowd = (count: number) => (files: Record<string, string>) => {
  const gus = JSON.parse(files['guests/gus.json'] ?? '{}') as object;
  const more = Array.from({ length: count }, (_, n) => [
    `guests/g${n}.json`,
    JSON.stringify({
      ...gus,
      id: `a1000000-2f4e-4b6d-8a9c-${String(n).padStart(12, '0')}`,
      userPrincipalName: `g${n}#EXT#@fabrikam.onmicrosoft.example`,
      mail: `g${n}@smallshop.example`,
      identities: [{ partner: 'mail', subject: `g${n}@smallshop.example` }],
    }),
  ]);
  return edited({ ...files, ...Object.fromEntries(more) }, 'settings.json', {
    passcode: { enabled: true, mailsPerDay: 20, wrongCodesPerDay: 20 },
  });
};

describe('a burst of guesses', () => {
  it('A063 R33: past the deployment’s wrong codes, codes asked for before are not judged for unknown browsers', async () => {
    await using world = await openTestHouse({ files: crowd(30) });
    const tabs: Awaited<ReturnType<typeof askForCode>>[] = [];
    for (let n = 0; n < 30; n++) {
      const browser = newBrowser({ ipAddress: `203.0.113.${n}` });
      tabs.push(await askForCode(world, `g${n}@smallshop.example`, { browser }));
    }
    let judged = 0;
    for (const { browser, page } of tabs) {
      let at = page;
      for (let tries = 0; tries < 5; tries++) {
        const answer = await enterPasscode(world, browser, at, wrongPasscode(world));
        if (!/wrong|tooManyTries/.test(brief(answer))) break;
        judged++;
        at = pageOf(answer, 'passcode');
      }
    }
    // one more for the instance to learn of it
    expect(judged).toBeLessThanOrEqual(21);
  });
});
