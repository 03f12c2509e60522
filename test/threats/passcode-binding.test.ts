import { describe, expect, it } from 'vitest';
import { openLocalKeys } from '../../shared/adapters/keys/keys-local.ts';
import { passcodeOf } from '../../shared/checks/passcode.ts';
import { cleanUp } from '../../shared/flows/clean-up.ts';
import { showPasscode } from '../../shared/flows/passcode/verify-passcode.ts';
import { type At, dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  halMail,
  lastCode,
  nobodysMail,
  withHal,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { placeOf, signInOf } from '../support/house-passcode-rows.ts';
import { standingOf } from '../support/house-rows.ts';

/** Attack: a right code at the wrong place, in the wrong hands or at the wrong time. */

const minute = 60_000;

/** Another deployment: the same folder, another master key. */
function elsewhere(world: TestHouse): At {
  const keys = openLocalKeys(Buffer.alloc(32, 7), world.direct, world.house.journal, world.now);
  return { house: { ...world.house, keys }, now: world.now };
}

describe.each(storeKinds)('a code belongs to one sign-in, store: %s', (store) => {
  it('A034 R31: entered in another browser, which knows the whole form → refused, nothing counted', async () => {
    await using world = await openTestHouse({ store });
    const tab = await askForCode(world);
    const before = await dump(world);
    const { secret: _, ...bare } = tab.browser;
    for (const other of [bare, newBrowser({ secret: 'A'.repeat(22) }), newBrowser()])
      for (const act of [enterPasscode, askAgain]) {
        const answer = await act(world, { ...other }, tab.page, lastCode(world));
        expect(brief(answer)).toMatch(/^message (otherBrowser|startAtApp)$/);
        expect(JSON.stringify(answer)).not.toContain('smallshop');
      }
    expect(await dump(world)).toEqual(before);
    expect(world.mail.asked).toHaveLength(1);
    expect(brief(await enterPasscode(world, tab.browser, tab.page, lastCode(world)))).toBe('enrol');
  });

  it('A067 R31 R32: every code at every other place → wrong; each at its own → in', async () => {
    await using world = await openTestHouse({ store, files: withHal });
    const first = await askForCode(world);
    const voided = lastCode(world);
    world.clock.advance(minute);
    const renewed = await askAgain(world, first.browser, first.page);
    const one = { ...first, page: pageOf(renewed, 'passcode') };
    const codes: Record<string, string> = { voided, one: lastCode(world) };
    world.clock.advance(minute);
    // another tab of the same browser, another browser, and another guest
    const two = await askForCode(world, gusMail, { browser: one.browser });
    codes['two'] = lastCode(world);
    const hal = await askForCode(world, halMail);
    codes['hal'] = lastCode(world, halMail);
    const nobody = await askForCode(world, nobodysMail);
    expect(new Set(Object.values(codes)).size).toBe(4);
    const places = { one, two, hal, nobody };
    for (const [place, tab] of Object.entries(places)) {
      let { page } = tab;
      for (const [name, code] of Object.entries(codes)) {
        if (name === place) continue;
        const answer = await enterPasscode(world, tab.browser, page, code);
        expect(brief(answer), `${name} at ${place}`).toBe('passcode wrong');
        page = pageOf(answer, 'passcode');
      }
      if (place === 'nobody') continue;
      const own = await enterPasscode(world, tab.browser, page, codes[place] ?? '');
      expect(brief(own), place).toBe('enrol');
    }
    expect((await standingOf(world, 'gus')).authorizations).toEqual(['open', 'open']);
  });

  it('A067 R31: the code of another deployment → wrong; its row, handle and cookies → nothing', async () => {
    await using world = await openTestHouse({ store });
    await using foreign = await openTestHouse({ store });
    const there = elsewhere(foreign);
    const ours = await askForCode(world);
    const theirs = await askForCode(there);
    expect(lastCode(foreign)).not.toBe(lastCode(world));
    const answer = await enterPasscode(there, theirs.browser, theirs.page, lastCode(world));
    expect(brief(answer)).toBe('passcode wrong');
    expect(brief(await enterPasscode(there, ours.browser, ours.page, lastCode(world)))).toBe(
      'message otherBrowser',
    );
    // its row, carried over by somebody with access to both tables
    const { partition, key } = placeOf(ours);
    const [row] = await world.direct.load(partition, { keys: [key] });
    const change = { kind: 'insert', key, value: row?.value ?? {} } as const;
    await foreign.direct.commit(partition, [change], 'carried-over');
    await expect(
      enterPasscode(there, ours.browser, ours.page, lastCode(world)),
    ).rejects.toMatchObject({ code: 'sealBroken' });
  });

  it('A067 R30: the same sign-in, address, nonce and expiry under another master key → another code', async () => {
    await using world = await openTestHouse({ store });
    const tab = await askForCode(world);
    const { code } = await signInOf(world, tab);
    const { key: signIn } = placeOf(tab);
    const of = {
      signIn,
      address: gusMail,
      nonce: code?.nonce ?? '',
      expiresAt: code?.expiresAt ?? '',
    };
    const [here, there] = [world.house.keys, elsewhere(world).house.keys];
    const codes = await Promise.all(
      [here, there].map(async (keys) => {
        const named = await keys.secret('passcode');
        return named && passcodeOf(named.key, of);
      }),
    );
    expect(codes[0]).toBe(lastCode(world));
    expect(codes[1]).not.toBe(codes[0]);
    const { key } = (await here?.secret('passcode')) ?? {};
    for (const part of ['signIn', 'address', 'nonce', 'expiresAt'] as const)
      expect(key && passcodeOf(key, { ...of, [part]: 'x' }), part).not.toBe(codes[0]);
  });

  it.each([
    [-1_000, 'enrol'],
    [-1, 'enrol'],
    [0, 'passcode expired'],
    [1_000, 'passcode expired'],
  ] as const)('A068 R31: %i ms from its end, clean-up or not → %s', async (ms, expected) => {
    for (const isClean of [false, true]) {
      await using world = await openTestHouse({ store });
      const { browser, page } = await askForCode(world);
      world.clock.advance(10 * minute + ms);
      if (isClean) await cleanUp(world.house, world.now());
      expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe(expected);
    }
  });

  it('A068: the sign-in itself ends after an hour, whatever is sent again', async () => {
    await using world = await openTestHouse({ store });
    world.clock.set(new Date('2026-11-18T22:55:00.000Z'));
    const tab = await askForCode(world);
    let page = tab.page;
    for (let n = 0; n < 4; n++) {
      world.clock.advance(14 * minute);
      await cleanUp(world.house, world.now());
      page = pageOf(await askAgain(world, tab.browser, page), 'passcode');
      expect(page.sent).toBe(true);
    }
    world.clock.advance(4 * minute - 1);
    const form = { ...page.step, browser: tab.browser };
    expect(brief(await showPasscode(world.house, form, world.now()))).toBe('passcode');
    world.clock.advance(1);
    for (const act of [enterPasscode, askAgain])
      expect(brief(await act(world, tab.browser, page, lastCode(world)))).toBe(
        'message signInOver',
      );
    expect(await standingOf(world, 'gus')).toMatchObject({ authorizations: [] });
  });
});

describe('what a step of another kind makes of it', () => {
  it('R31 R32: after the first factor the form, the page and another send lead to where it stands', async () => {
    await using world = await openTestHouse();
    const { browser, page } = await askForCode(world);
    const code = lastCode(world);
    const entered = await enterPasscode(world, browser, page, code);
    world.clock.advance(minute);
    const again = [
      await enterPasscode(world, browser, page, code),
      await enterPasscode(world, browser, page, wrongPasscode(world)),
      await askAgain(world, browser, page),
      await showPasscode(world.house, { ...page.step, browser }, world.now()),
    ];
    for (const answer of again) expect(pageOf(answer, 'enrol')).toEqual(entered);
    expect(world.mail.asked).toHaveLength(1);
  });
});
