import { describe, expect, it } from 'vitest';
import { openTestHouse, storeKinds } from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { guestRowsOf, standingOf } from '../support/house-rows.ts';
import {
  arriveAtChallenge,
  granted,
  registered,
  sendCode,
  verify,
} from '../support/house-steps.ts';
import { stepMs, totpCode, totpStep } from '../support/house-totp.ts';

/** A code of the authenticator app opens one sign-in, once, whatever runs beside it. */

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe.each(storeKinds)('TOTP codes, store: %s', (store) => {
  it('A083 R35: 20 equal right codes in one sign-in → one grant, one session, one code', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const before = await standingOf(world, 'ann');
    const answers = await times(20, () => verify(world, { ...browser }, page, secret));
    const codes = new Set(answers.filter((a) => brief(a) === 'code').map(codeOf));
    expect(codes.size).toBe(1);
    // whoever lost every round was told nothing
    const others = answers.map(brief).filter((what) => what !== 'code');
    expect(new Set(others).difference(new Set(['challenge notJudged']))).toEqual(new Set());
    const after = await standingOf(world, 'ann');
    expect(after.sessions).toEqual([...before.sessions, 'live']);
    expect(after.authorizations).toEqual(['code', 'code']);
    const { methods, attempts } = await guestRowsOf(world, 'ann');
    expect(methods[0]?.value.lastStep).toBe(totpStep(world.now()));
    expect(attempts).toBeUndefined();
  });

  it('A083 A082: the same code in two tabs of one browser at once → one grant', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser } = await registered(world, 'ann');
    const [one, two] = [
      await arriveAtChallenge(world, 'ann', { browser }),
      await arriveAtChallenge(world, 'ann', { browser }),
    ];
    const answers = await times(20, (index) =>
      verify(world, { ...browser }, index % 2 ? one.page : two.page, secret),
    );
    expect(new Set(answers.filter((a) => brief(a) === 'code').map(codeOf)).size).toBe(1);
    const standing = await standingOf(world, 'ann');
    // the enrolment's own, and the one tab that won
    expect(standing.authorizations).toEqual(['code', 'code', 'open']);
    expect(standing.sessions).toHaveLength(2);
  });

  it('A082 R35: the same code twice, one after the other → the second is refused', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    await granted(world, 'ann', secret);
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const again = pageOf(await verify(world, browser, page, secret), 'challenge');
    expect(again.problem).toBe('used');
    world.clock.advance(stepMs);
    expect(brief(await verify(world, browser, again, secret))).toBe('code');
  });

  it('A083: two tabs with two valid codes → no code opens two, no step is accepted below another', async () => {
    await using world = await openTestHouse({ store });
    const { secret, browser } = await registered(world, 'ann');
    const tabs = [
      await arriveAtChallenge(world, 'ann', { browser }),
      await arriveAtChallenge(world, 'ann', { browser }),
    ] as const;
    const send = (tab: 0 | 1) =>
      sendCode(world, { ...browser }, tabs[tab].page, totpCode(secret, world.now(), tab));
    const [earlier, later] = await Promise.all([send(0), send(1)]);
    expect(brief(later)).toBe('code');
    expect(['code', 'challenge used']).toContain(brief(earlier));
    const { methods, authorizations } = await guestRowsOf(world, 'ann');
    expect(methods[0]?.value.lastStep).toBe(totpStep(world.now()) + 1);
    const grants = authorizations.filter(({ value }) => value.state === 'code').length;
    expect(grants).toBe(brief(earlier) === 'code' ? 3 : 2);
    // neither opens anything after that
    for (const steps of [0, 1]) {
      const { page } = await arriveAtChallenge(world, 'ann', { browser });
      const answer = await sendCode(world, browser, page, totpCode(secret, world.now(), steps));
      expect(brief(answer)).toBe('challenge used');
    }
  });

  it('A084: the code of the step before a used one is refused', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    await granted(world, 'ann', secret);
    const { browser, page } = await arriveAtChallenge(world, 'ann');
    const answer = await sendCode(world, browser, page, totpCode(secret, world.now(), -1));
    expect(brief(answer)).toBe('challenge used');
  });

  it('A085: one step beside the clock counts, two do not', async () => {
    for (const [steps, expected] of [
      [-2, 'challenge wrong'],
      [-1, 'code'],
      [1, 'code'],
      [2, 'challenge wrong'],
    ] as const) {
      await using world = await openTestHouse({ store });
      const { secret } = await registered(world, 'ann');
      world.clock.advance(10 * stepMs);
      const { browser, page } = await arriveAtChallenge(world, 'ann');
      const answer = await sendCode(world, browser, page, totpCode(secret, world.now(), steps));
      expect(brief(answer), `${steps} steps`).toBe(expected);
    }
  });

  it('A085 A124: the clock jumps by 90 s, forward and back: no code is accepted twice', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    world.clock.advance(10 * stepMs);
    const accepted = new Set<string>();
    for (const jumpMs of [0, 90_000, -90_000, -90_000, 90_000, 90_000]) {
      world.clock.advance(jumpMs);
      for (const steps of [-1, 0, 1]) {
        const code = totpCode(secret, world.now(), steps);
        const { browser, page } = await arriveAtChallenge(world, 'ann', {
          browser: newBrowser(),
        });
        if (brief(await sendCode(world, browser, page, code)) !== 'code') continue;
        expect(accepted).not.toContain(code);
        accepted.add(code);
      }
    }
    // the three of the start, and what lies beyond them after each jump forward
    expect(accepted.size).toBe(6);
  });
});
