import { describe, expect, it } from 'vitest';
import { openTestHouse, storeKinds } from '../support/house.ts';
import { brief, codeOf, pageOf } from '../support/house-browser.ts';
import {
  askAgain,
  askForCode,
  enrolledGus,
  enterPasscode,
  lastCode,
  mailedCodes,
  nobodysMail,
  proveMailbox,
  registeredGus,
  wrongPasscode,
} from '../support/house-passcode.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { redeem, tokensOf, verify } from '../support/house-steps.ts';

/** The guest without an account: a mailed code, then the same policies and the same second factor. */

describe.each(storeKinds)('a guest comes in by a mailed code, store: %s', (store) => {
  it('proves the mailbox, enrols, and the app is told how', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await enrolledGus(world);
    const { id, body } = tokensOf(await redeem(world, trip, code));
    expect(id).toMatchObject({
      idp: 'mail',
      amr: ['email', 'otp', 'mfa'],
      acr: 'urn:vestibule:acr:mfa',
      email: 'gus@smallshop.example',
    });
    expect(body['id_token']).toEqual(expect.any(String));
    const { guest } = await guestRowsOf(world, 'gus');
    expect(id['sub']).toBe(guest.value.id);
  });

  it('comes again: a mailed code, then one of the authenticator', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registeredGus(world);
    const { browser, trip, answer } = await proveMailbox(world);
    const granted = await verify(world, browser, pageOf(answer, 'challenge'), secret);
    expect(tokensOf(await redeem(world, trip, codeOf(granted))).id['idp']).toBe('mail');
  });

  it('a code pasted with blanks counts, a wrong one is counted, five kill the code', async () => {
    await using world = await openTestHouse({ store });
    let { browser, page } = await askForCode(world);
    const wrong = wrongPasscode(world);
    for (const expected of ['wrong', 'wrong', 'wrong', 'wrong', 'tooManyTries']) {
      page = pageOf(await enterPasscode(world, browser, page, wrong), 'passcode');
      expect(page.problem).toBe(expected);
    }
    expect(brief(await enterPasscode(world, browser, page, lastCode(world)))).toBe(
      'passcode tooManyTries',
    );
    world.clock.advance(60_000);
    page = pageOf(await askAgain(world, browser, page), 'passcode');
    const code = lastCode(world);
    const pasted = ` ${code.slice(0, 4)} ${code.slice(4)}\u00a0`;
    expect(brief(await enterPasscode(world, browser, page, pasted))).toBe('enrol');
    expect(mailedCodes(world)).toHaveLength(2);
  });

  it('an address that nobody has gets the same page and no mail', async () => {
    await using world = await openTestHouse({ store });
    const { page } = await askForCode(world, nobodysMail);
    expect(page).toMatchObject({ sent: true, nextSendSeconds: 60, minutes: 10 });
    expect(world.mail.asked).toEqual([]);
  });
});
