import { describe, expect, it } from 'vitest';
import { asFault } from '../../shared/core/errors.ts';
import { emptyOutbox } from '../../shared/flows/mail/empty-outbox.ts';
import { type At, dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  mailedCodes,
  registeredGus,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { rowsNamed } from '../support/house-passcode-rows.ts';
import { standingOf } from '../support/house-rows.ts';
import { openForm, postForm, redeem, sendCode, status, verify } from '../support/house-steps.ts';
import { interrupted, outage } from '../support/house-stores.ts';
import { totpCode } from '../support/house-totp.ts';

/** Storage goes away before any call of a step about a mailed code, or takes the call and never answers. */

const minute = 60_000;

type Prepared = (at: At) => Promise<string>;

const steps: Readonly<Record<string, (world: TestHouse) => Promise<Prepared>>> = {
  'a code is asked for': async (world) => {
    const browser = newBrowser();
    const { fields } = await openForm(world, browser);
    return async (at) => brief(await postForm(at, browser, { ...fields, mail: gusMail }));
  },
  'another code is asked for': async (world) => {
    const { browser, page } = await askForCode(world);
    world.clock.advance(minute);
    return async (at) => brief(await askAgain(at, browser, page));
  },
  'a wrong code': async (world) => {
    const { browser, page } = await askForCode(world);
    return async (at) => brief(await enterPasscode(at, browser, page, wrongPasscode(world)));
  },
  'the right code': async (world) => {
    const { browser, page } = await askForCode(world);
    const code = lastCode(world);
    return async (at) => brief(await enterPasscode(at, browser, page, code));
  },
  'the timer mails what was left': async (world) => {
    world.mail.answers.push({ kind: 'throttled', retryAfterMs: undefined });
    await askForCode(world);
    world.clock.advance(minute);
    return async (at) => `mailed ${(await emptyOutbox(at.house, at.now())).mailed}`;
  },
};

/** Whatever happened, the guest signs in again, in a browser of their own. */
async function signsInAgain(world: TestHouse): Promise<string> {
  world.clock.advance(2 * minute);
  const { browser, trip, page } = await askForCode(world);
  if (!page.sent) return 'held back';
  const arrived = await enterPasscode(world, browser, page, lastCode(world));
  const { methods } = await standingOf(world, 'gus');
  if (methods > 0) return brief(arrived);
  const enrol = pageOf(arrived, 'enrol');
  const answer = await sendCode(world, browser, enrol, totpCode(enrol.secret, world.now()));
  return status(await redeem(world, trip, codeOf(answer)));
}

describe.each(Object.entries(steps))('%s', (_, prepare) => {
  it.each([
    ['is out of reach', false],
    ['takes the write and never answers', true],
  ])(
    'A121 A122: before each call storage %s → a fault, at most one code and one entry, and on it goes',
    async (_how, lost) => {
      let points = 0;
      for (let n = 0; ; n++) {
        await using world = await openTestHouse();
        const run = await prepare(world);
        const before = { rows: await dump(world), mailed: mailedCodes(world).length };
        const store = outage(world.house.store, n, lost);
        const outcome = await run(world.instance(store)).catch(
          (thrown: unknown) => asFault(thrown).code,
        );
        if (!store.happened()) break;
        points++;
        // once the mail is out, only its outbox row can stay behind
        const isToldOnly = world.lines.some(({ event }) => event === 'outboxRowStays');
        if (!isToldOnly) expect(outcome, `call ${n}`).toBe('storageUnavailable');
        if (!lost && n === 0) expect(await dump(world)).toEqual(before.rows);
        const again = await run(world).catch((thrown: unknown) => asFault(thrown).code);
        expect(again, `call ${n}`).not.toMatch(/unexpected|Unreadable|sealBroken/);
        world.clock.advance(minute);
        await emptyOutbox(world.house, world.now());
        expect(mailedCodes(world).length - before.mailed, `call ${n}`).toBeLessThanOrEqual(1);
        for (const { code } of (await rowsNamed(world, 'signin.')) as {
          code?: { tries: number };
        }[])
          expect(code?.tries ?? 0).toBeLessThanOrEqual(1);
        expect((await standingOf(world, 'gus')).authorizations.length).toBeLessThanOrEqual(1);
        expect(await signsInAgain(world), `call ${n}`).toBe('200');
      }
      expect(points).toBeGreaterThan(0);
    },
  );
});

describe('R32: something else happens between any two calls of a step', () => {
  it('R32 A066: the right code, another code asked for in between → one of the two, never both', async () => {
    for (let n = 0; ; n++) {
      await using world = await openTestHouse();
      const { browser, page } = await askForCode(world);
      const old = lastCode(world);
      world.clock.advance(minute);
      const store = interrupted(world.house.store, n, () => askAgain(world, { ...browser }, page));
      const said = brief(await enterPasscode(world.instance(store), browser, page, old));
      if (!store.happened()) break;
      const sent = mailedCodes(world).length - 1;
      expect([sent, said], `call ${n}`).toEqual(sent === 1 ? [1, 'passcode'] : [0, 'enrol']);
    }
  });

  it('R32 A064: the right code, the same in between → one authorization, whoever shows it', async () => {
    for (let n = 0; ; n++) {
      await using world = await openTestHouse();
      const { browser, page } = await askForCode(world);
      const code = lastCode(world);
      let other = '';
      const store = interrupted(world.house.store, n, async () => {
        other = brief(await enterPasscode(world, { ...browser }, page, code));
      });
      const said = brief(await enterPasscode(world.instance(store), browser, page, code));
      if (!store.happened()) break;
      expect([said, other], `call ${n}`).toContain('enrol');
      expect((await standingOf(world, 'gus')).authorizations).toEqual(['open']);
    }
  });
});

describe('A122: the table service itself', () => {
  it.each(['503', 'hang', '429', 'rst-before'] as const)(
    'A122 R33: answers %s for longer than a request may take → storageUnavailable in time, no mail, then it goes on',
    async (fault) => {
      await using world = await openTestHouse({ through: { deadlineMs: 1_000 } });
      const { secret } = await registeredGus(world);
      const browser = newBrowser();
      const { fields } = await openForm(world, browser);
      const mailed = mailedCodes(world).length;
      world.proxy?.rule(() => fault);
      await expect(postForm(world, browser, { ...fields, mail: gusMail })).rejects.toMatchObject({
        code: 'storageUnavailable',
        status: 503,
      });
      expect(mailedCodes(world)).toHaveLength(mailed);
      world.proxy?.rule(undefined);
      const page = pageOf(await postForm(world, browser, { ...fields, mail: gusMail }), 'passcode');
      const challenge = await enterPasscode(world, browser, page, lastCode(world));
      expect(brief(await verify(world, browser, pageOf(challenge, 'challenge'), secret))).toBe(
        'code',
      );
    },
  );
});
