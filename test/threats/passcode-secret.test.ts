import { afterEach, describe, expect, it, vi } from 'vitest';
import { dump, openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  mailedCodes,
  nobodysMail,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { changeSignIn, signInOf } from '../support/house-passcode-rows.ts';

/** Attack: somebody reads the tables and the log, or moves what stands there. */

const minute = 60_000;

afterEach(() => void vi.restoreAllMocks());

/** Three codes, a wrong guess, an outbox row that stays, a held back one, and nobody's. */
async function life(world: TestHouse) {
  const first = await askForCode(world);
  world.clock.advance(minute);
  const again = pageOf(await askAgain(world, first.browser, first.page), 'passcode');
  await enterPasscode(world, first.browser, again, wrongPasscode(world));
  await askForCode(world);
  await askForCode(world, nobodysMail);
  world.clock.advance(minute);
  world.mail.answers.push({ kind: 'throttled', retryAfterMs: undefined });
  const waiting = await askForCode(world);
  return { waiting };
}

describe.each(storeKinds)('what lies about of a mailed code, store: %s', (store) => {
  it('R30 A081: the code is in no table, journal line, answer or name; nor is the address', async () => {
    await using world = await openTestHouse({ store });
    const { waiting } = await life(world);
    const codes = world.mail.asked.map(({ message }) =>
      message.kind === 'passcode' ? message.code : '',
    );
    expect(new Set(codes).size).toBe(3);
    const stored = JSON.stringify(await dump(world, ['expiring', 'guests', 'log', 'directory']));
    expect(stored).toContain('"kind":"passcode"');
    const seen = stored + JSON.stringify(world.lines) + JSON.stringify(waiting.page);
    for (const code of codes) {
      expect(code).toMatch(/^[0-9]{8}$/);
      for (const form of [code, `${code.slice(0, 4)} ${code.slice(4)}`, btoa(code)])
        expect(seen.includes(form)).toBe(false);
    }
    const secrets = [waiting.browser.secret ?? 'none', nobodysMail];
    for (const text of secrets) expect(stored + JSON.stringify(world.lines)).not.toContain(text);
    // the guest's own row names the mailbox, an expiring row and a journal line never do
    const passing = JSON.stringify(await dump(world, ['expiring'])) + JSON.stringify(world.lines);
    expect(passing).not.toContain('smallshop.example');
  });

  it('A081 R54: a guess, a fault and a wrong code typed in full leave no digits in the journal', async () => {
    await using world = await openTestHouse({ store });
    const { browser, page } = await askForCode(world);
    const wrong = pageOf(await enterPasscode(world, browser, page, '31415926'), 'passcode');
    await changeSignIn(world, { browser, page: wrong }, { state: 'over' });
    await enterPasscode(world, browser, wrong, lastCode(world));
    const lines = JSON.stringify(world.lines);
    expect(lines).toContain('passcodeRefused');
    for (const code of ['31415926', lastCode(world)]) expect(lines).not.toContain(code);
  });

  it('R30 R31: a nonce, expiry or whole code moved to another sign-in opens nothing with the code mailed for it', async () => {
    await using world = await openTestHouse({ store });
    const victim = await askForCode(world);
    const code = lastCode(world);
    const thief = await askForCode(world);
    const { code: out } = await signInOf(world, victim);
    if (!out) throw new Error('no code');
    await changeSignIn(world, thief, { code: out });
    expect(brief(await enterPasscode(world, thief.browser, thief.page, code))).toBe(
      'passcode wrong',
    );
    // and in its own row with a longer life
    const expiresAt = new Date(Date.parse(out.expiresAt) + minute).toISOString();
    await changeSignIn(world, victim, { code: { ...out, expiresAt } });
    const wrong = await enterPasscode(world, victim.browser, victim.page, code);
    expect(brief(wrong)).toBe('passcode wrong');
    // or with another nonce
    await changeSignIn(world, victim, { code: { ...out, nonce: 'A'.repeat(22) } });
    let page = pageOf(wrong, 'passcode');
    page = pageOf(await enterPasscode(world, victim.browser, page, code), 'passcode');
    expect(page.problem).toBe('wrong');
    // as it was, it opens
    await changeSignIn(world, victim, { code: out });
    expect(brief(await enterPasscode(world, victim.browser, page, code))).toBe('enrol');
  });

  it('R30: a sealed address moved to another row → sealBroken, nothing opens', async () => {
    await using world = await openTestHouse({ store });
    const victim = await askForCode(world);
    const thief = await askForCode(world, nobodysMail);
    const [from, to] = [await signInOf(world, victim), await signInOf(world, thief)];
    const mailbox = { ...from.mailbox, address: from.mailbox.address };
    await changeSignIn(world, thief, { mailbox, code: from.code });
    for (const act of [enterPasscode, askAgain])
      await expect(
        act(world, thief.browser, thief.page, lastCode(world)),
        act.name,
      ).rejects.toMatchObject({ code: 'sealBroken' });
    // whose guest alone is changed learns nothing either: another address, another code
    await changeSignIn(world, thief, {
      mailbox: { ...to.mailbox, guest: from.mailbox.guest },
      code: from.code,
    });
    const said = brief(await enterPasscode(world, thief.browser, thief.page, lastCode(world)));
    expect(said).toBe('passcode wrong');
  });
});

describe('where a code comes from', () => {
  it('R30: Math.random and the clock are no part of it', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using world = await openTestHouse();
    for (let n = 0; n < 5; n++) {
      await askForCode(world);
      world.clock.advance(minute);
    }
    await using other = await openTestHouse();
    await askForCode(other);
    const codes = [...mailedCodes(world), ...mailedCodes(other)];
    expect(codes).toHaveLength(6);
    // the first of both worlds were made at one instant
    expect(new Set(codes).size).toBe(6);
    expect(Math.random).not.toHaveBeenCalled();
  });

  it('R30: the mail that the timer makes again holds the same code', async () => {
    await using world = await openTestHouse();
    world.mail.answers.push({ kind: 'throttled', retryAfterMs: undefined });
    const { browser, page } = await askForCode(world);
    expect(mailedCodes(world)).toEqual([]);
    const { emptyOutbox } = await import('../../shared/flows/mail/empty-outbox.ts');
    world.clock.advance(minute);
    await emptyOutbox(world.house, world.now());
    const [first, second] = world.mail.asked;
    expect(second).toEqual(first);
    expect(first?.message.to).toBe(gusMail);
    expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe('enrol');
  });
});
