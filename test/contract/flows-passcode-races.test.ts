import { describe, expect, it } from 'vitest';
import { asFault } from '../../shared/core/errors.ts';
import type { Answer } from '../../shared/flows/answers.ts';
import { showPasscode } from '../../shared/flows/passcode/verify-passcode.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, pageOf, type TestBrowser } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  lastCode,
  mailedCodes,
  type PasscodePage,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { newestSignIn } from '../support/house-passcode-rows.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { patience, repeated, times } from '../support/races.ts';

/** A mailed code opens one sign-in, once, and dies of five wrong guesses, whatever runs beside it. */

const minute = 60_000;

type Tab = { readonly browser: TestBrowser; readonly page: PasscodePage };

/** How many sign-ins of Gus stand behind their first factor, whatever became of them. */
const authorizations = async (world: TestHouse) =>
  (await guestRowsOf(world, 'gus')).authorizations.filter(
    ({ value }) => value.createdAt >= new Date(world.now().getTime() - 20 * minute).toISOString(),
  );

const enter = (world: TestHouse, { browser, page }: Tab, code: string) =>
  enterPasscode(world, { ...browser }, page, code);

/** A guess that is not told anything is made again, from the page as it stands then. */
async function persist(world: TestHouse, tab: Tab, code: string): Promise<string> {
  let { page } = tab;
  for (;;) {
    const answer = await enter(world, { ...tab, page }, code).catch(asFault);
    if (!('kind' in answer)) return answer.code;
    const said = brief(answer);
    const isUntold = ['passcode', 'passcode notJudged', 'message signInOver'].includes(said);
    if (!isUntold) return said;
    const form = { ...page.step, browser: tab.browser };
    const current = await showPasscode(world.house, form, world.now());
    if (brief(current) !== 'passcode') return brief(current);
    page = pageOf(current, 'passcode');
  }
}

/** A verdict on a wrong code; the fifth says at once that there is no sixth. */
const isVerdict = (said: string): boolean => said === 'passcode wrong';

/** Enrolment pages: of one sign-in they are one page. */
const entries = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap((answer) =>
    brief(answer) === 'enrol' ? [JSON.stringify(pageOf(answer, 'enrol'))] : [],
  );

describe.each(storeKinds)('one code, at the same time, store: %s', (store) => {
  const open = () => openTestHouse({ store });

  it('A064 R32: 50 right codes at once → one authorization, and one page for whoever gets in', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      const tab = await askForCode(world);
      const answers = await times(50, () => enter(world, tab, lastCode(world)));
      expect(new Set(entries(answers)).size).toBe(1);
      expect(await authorizations(world)).toHaveLength(1);
      expect(await newestSignIn(world)).toMatchObject({ state: 'known', code: { tries: 1 } });
      const others = new Set(answers.map(brief));
      // who came between the verdict and its authorization finds the sign-in gone on
      expect([...others].sort().join()).toMatch(
        /^enrol(,message signInOver)?(,passcode notJudged)?$/,
      );
      expect(brief(await enter(world, tab, lastCode(world)))).toBe('enrol');
      expect(await authorizations(world)).toHaveLength(1);
    });
  });

  it('A065 R32: 50 wrong codes at once, one form → one verdict, counted once', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      const tab = await askForCode(world);
      const wrong = wrongPasscode(world);
      const said = (await times(50, () => enter(world, tab, wrong))).map(brief);
      const verdicts = said.filter(isVerdict).length;
      expect(verdicts).toBe(1);
      expect((await newestSignIn(world)).code?.tries).toBe(verdicts);
      expect(new Set(said).difference(new Set(['passcode', 'passcode notJudged']))).toEqual(
        new Set(['passcode wrong']),
      );
    });
  });

  it('A065 R32 A061: 50 wrong codes at once, each until it is told → dead at exactly five', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async () => {
      const tab = await askForCode(world);
      const wrong = wrongPasscode(world);
      const said = await times(50, () => persist(world, tab, wrong));
      expect(said.filter(isVerdict).length).toBeLessThan(5);
      expect(new Set(said).difference(new Set(['passcode wrong', 'busy']))).toEqual(
        new Set(['passcode tooManyTries']),
      );
      expect((await newestSignIn(world)).code?.tries).toBe(5);
      expect(await persist(world, tab, lastCode(world))).toBe('passcode tooManyTries');
      expect(await authorizations(world)).toEqual([]);
    });
  });

  it('A066 R32: 49 wrong and one right at once → the right one only before the fifth wrong one', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async (n) => {
      const tab = await askForCode(world);
      const [wrong, right] = [wrongPasscode(world), lastCode(world)];
      const at = (n * 7) % 50;
      const said = await times(50, (index) => persist(world, tab, index === at ? right : wrong));
      const { state, code } = await newestSignIn(world);
      expect(code?.tries).toBeLessThanOrEqual(5);
      expect(await authorizations(world)).toHaveLength(state === 'known' ? 1 : 0);
      if (state === 'known') expect(said[at]).toBe('enrol');
      else expect(said).not.toContain('enrol');
      expect(said.filter(isVerdict).length).toBeLessThanOrEqual(code?.tries ?? 0);
    });
  });

  it('A066 A067 R32: the code and a request for another at once → never the voided one, never two', {
    timeout: patience(store),
  }, async () => {
    await using world = await open();
    await repeated(world, store, async (n) => {
      const tab = await askForCode(world);
      const before = mailedCodes(world).length;
      const old = lastCode(world);
      world.clock.advance(minute);
      const acts = [
        () => enter(world, tab, old),
        () => askAgain(world, { ...tab.browser }, tab.page),
      ];
      const order = n % 2 ? acts : acts.toReversed();
      const said = await times(10, async (index) => {
        const answer = await (order[index % 2] ?? fail)().catch(asFault);
        return 'kind' in answer ? brief(answer) : answer.code;
      });
      const { state } = await newestSignIn(world);
      const sent = mailedCodes(world).length - before;
      expect(sent).toBe(state === 'known' ? 0 : 1);
      expect(await authorizations(world)).toHaveLength(state === 'known' ? 1 : 0);
      if (state === 'known') return;
      expect(said).not.toContain('enrol');
      if (old !== lastCode(world)) expect(await persist(world, tab, old)).toBe('passcode wrong');
      expect(await persist(world, tab, lastCode(world))).toBe('enrol');
    });
  });
});

const fail = (): never => {
  throw new Error('no such act');
};
