import { describe, expect, it } from 'vitest';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import type { Scan } from '../../shared/ports.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  registeredGus,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { rowsNamed, signInOf } from '../support/house-passcode-rows.ts';
import { signInLogs } from '../support/house-rows.ts';

/** The clock jumps, and clean-up comes twice, too early, or not to its end. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe.each([-hour, -10 * minute, 10 * minute])('A124: the clock jumps by %i ms', (jumpMs) => {
  it('A124: a code that expired, once that was told, stays so', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await askForCode(world);
    world.clock.advance(10 * minute);
    const told = await enterPasscode(world, browser, page, lastCode(world));
    expect(brief(told)).toBe('passcode expired');
    world.clock.advance(jumpMs);
    const again = await enterPasscode(world, browser, pageOf(told, 'passcode'), lastCode(world));
    expect(brief(again)).toBe('passcode expired');
  });

  it('A124: wrong codes, sends and a dead code go on counting', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await askForCode(world);
    let at = page;
    for (let n = 0; n < 5; n++) {
      at = pageOf(await enterPasscode(world, browser, at, wrongPasscode(world)), 'passcode');
      if (n === 2) world.clock.advance(jumpMs / 10);
    }
    expect(at.problem).toBe('tooManyTries');
    world.clock.advance(jumpMs);
    expect((await signInOf(world, { browser, page })).code?.tries).toBe(5);
    expect(brief(await enterPasscode(world, browser, at, lastCode(world)))).toBe(
      jumpMs > 0 ? 'passcode expired' : 'passcode tooManyTries',
    );
    // no send more than the minute allows, by whichever clock
    const again = pageOf(await askAgain(world, browser, at), 'passcode');
    expect(again.sent).toBe(jumpMs > 0);
    expect(again.nextSendSeconds).toBeGreaterThanOrEqual(0);
    const [source] = await rowsNamed(world, 'source.');
    expect(source).toMatchObject({ wrong: 5, sendsOfDay: 2 });
  });

  it('A124: whoever was in, or over, stays so', async () => {
    await using world = await openTestHouse();
    const inside = await askForCode(world);
    expect(brief(await enterPasscode(world, inside.browser, inside.page, lastCode(world)))).toBe(
      'enrol',
    );
    world.clock.advance(hour);
    const over = await askForCode(world);
    const code = lastCode(world);
    world.clock.advance(minute);
    const renewed = pageOf(await askAgain(world, over.browser, over.page), 'passcode');
    world.clock.advance(jumpMs);
    const old = brief(await enterPasscode(world, over.browser, renewed, code));
    expect(old).toBe(jumpMs > 0 ? 'passcode expired' : 'passcode wrong');
  });
});

describe('the clock goes back over midnight', () => {
  it('A124 R33: mailbox, source and the day’s allowances open no second time', async () => {
    await using world = await openTestHouse();
    world.clock.set(new Date('2026-11-18T23:50:00.000Z'));
    await askForCode(world);
    world.clock.set(new Date('2026-11-19T00:00:30.000Z'));
    expect((await askForCode(world)).page.sent).toBe(true);
    world.clock.set(new Date('2026-11-18T23:50:30.000Z'));
    const { page } = await askForCode(world);
    expect(page.sent).toBe(false);
    expect(page.nextSendSeconds).toBeGreaterThan(0);
    expect(world.mail.asked).toHaveLength(2);
  });
});

/** A scan that dies before its n-th deletion. */
const dying = (scan: Scan, n: number): Scan => {
  let left = n;
  return {
    scan: (table, range, page) => scan.scan(table, range, { ...page, limit: 3 }),
    async remove(table, rows) {
      if (left-- === 0) throw new Error('killed');
      return scan.remove(table, rows);
    },
  };
};

/** Three sign-ins of yesterday, and one that is running. */
async function leftBehind(world: TestHouse) {
  await registeredGus(world);
  for (const mail of [gusMail, 'a@smallshop.example', 'b@smallshop.example']) {
    await askForCode(world, mail);
    world.clock.advance(minute);
  }
  world.clock.advance(2 * day);
  return askForCode(world);
}

describe('A118: clean-up', () => {
  it('A118: killed at every deletion, then run twice at once → each row once, what lives untouched', async () => {
    for (let n = 0; ; n++) {
      await using world = await openTestHouse();
      const { browser, page } = await leftBehind(world);
      const live = new Set(
        (await dump(world, ['expiring']))
          .filter(({ partition }) => partition.startsWith('20261120'))
          .map(({ key }) => key),
      );
      const scan = dying(world.house.scan, n);
      const killed = await cleanUp({ ...world.house, scan }, world.now()).then(
        () => false,
        () => true,
      );
      if (!killed) break;
      await Promise.all([0, 1].map(() => cleanUp(world.house, world.now())));
      expect(new Set((await dump(world, ['expiring'])).map(({ key }) => key))).toEqual(live);
      const abandoned = (await signInLogs(world)).filter(({ cause }) => cause === 'abandoned');
      expect(abandoned).toHaveLength(3);
      expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('challenge');
      expect(n).toBeLessThan(20);
    }
  });
});
