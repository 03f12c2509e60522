import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  enrol,
  enterCode,
  focused,
  giveMail,
  heading,
  openApp,
  readKey,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';
import {
  atPasscode,
  comeInByMail,
  comeToMailbox,
  gus,
  lastMail,
  mailComes,
  mailGuest,
  openMailbox,
  readMailedCode,
  sendAgain,
  withMailGuests,
  wrongPasscode,
} from '../support/browser-mailbox.ts';

const [ida, jan, kim, lea, max] = [
  mailGuest('Ida'),
  mailGuest('Jan'),
  mailGuest('Kim'),
  mailGuest('Lea'),
  mailGuest('Max'),
];
const [noa, ole, pia, quin] = [
  mailGuest('Noa'),
  mailGuest('Ole'),
  mailGuest('Pia'),
  mailGuest('Quin'),
];
const minuteMs = 60_000;

describe.skipIf(skipsBrowserTests)('a guest who proves a mailbox', () => {
  const house = useHouse({
    seed: withMailGuests([ida, jan, kim, lea, max, noa, ole, pia, quin]),
  });

  const mails = ({ mail }: { mail: string }) => house.world.mailbox.mailsTo(mail).length;
  const main = (page: Page) => page.getByRole('main').innerText();
  const alert = (page: Page) => page.getByRole('alert').innerText();
  const codeField = (page: Page) => page.getByLabel('Eight-digit code');

  it('R05 R09 comes in by the code that lies in the mailbox, and lands in the app, whose token says so', async () => {
    const { page, context, watch } = await house.visitor();
    await openApp(house, page);
    expect(await main(page)).toContain('where it has no sign-in of its own, we send you a code');
    await giveMail(page, gus.mail);
    await atPasscode(page);
    expect(await main(page)).toContain(`If Fabrikam knows ${gus.mail}, a code of eight digits`);
    expect(await focused(page)).toBe('code');

    // what the page says to look for is what lies there
    await mailComes(house, gus.mail);
    const mailbox = await openMailbox(house, context, gus.mail);
    const subject = await mailbox.getByRole('heading', { level: 2 }).innerText();
    const said = await mailbox.getByRole('definition').allInnerTexts();
    const code = await mailbox.frameLocator('iframe').locator('.code').innerText();
    expect(code).toMatch(/^\d{4} \d{4}$/);
    expect(subject).not.toMatch(/\d/);
    expect(await page.getByRole('definition').allInnerTexts()).toEqual([said[0], subject]);

    // pasted with the blank that the mail shows
    await page.bringToFront();
    await codeField(page).fill(code);
    await codeField(page).press('ControlOrMeta+a');
    await codeField(page).press('ControlOrMeta+x');
    expect(await codeField(page).inputValue()).toBe('');
    await codeField(page).press('ControlOrMeta+v');
    expect(await codeField(page).inputValue()).toMatch(/^\d{4} \d{4}$/);
    await codeField(page).press('Enter');

    expect(await heading(page)).toBe('Set up a second step');
    expect(await main(page)).toContain('An e-mail address alone could be used by someone else');
    await enrol(house, page, {});
    expect(await heading(page)).toBe('Hello, Gus Greve');
    expect(await claimsOnPage(page)).toMatchObject({
      amr: '["email","otp","mfa"]',
      acr: 'urn:vestibule:acr:mfa',
      idp: 'mail',
      email: gus.mail,
    });
    expect(watch.answers).toHaveLength(1);
    expect(mails(gus)).toBe(1);
  });

  it('A061 is told after five wrong codes that the code is dead, and comes in by another one', async () => {
    const { page, context } = await house.visitor();
    await comeToMailbox(house, page, ida.mail);
    const first = await mailComes(house, ida.mail);
    const code = await readMailedCode(house, context, ida.mail);
    await page.bringToFront();
    for (let nth = 1; nth <= 4; nth++) {
      await enterCode(page, wrongPasscode(code, nth));
      expect(await alert(page)).toContain('That code is not right');
      expect(await focused(page)).toBe('code');
      expect(await page.title()).toMatch(/^Error: /);
    }
    // the form as it stood then, in a window of its own
    const old = await context.newPage();
    const handle = await page.locator('[name=handle]').first().inputValue();
    await old.goto(`${house.world.issuer}/otp/verify?handle=${handle}`);
    await atPasscode(old);
    await page.bringToFront();
    await enterCode(page, wrongPasscode(code, 5));
    expect(await alert(page)).toContain('Too many wrong codes');
    expect(await heading(page)).toBe('You need another code');
    expect(await codeField(page).count()).toBe(0);
    expect(await focused(page)).toBe('again');

    await old.bringToFront();
    await enterCode(old, code);
    expect(await heading(old)).toBe('You need another code');
    await old.reload();
    expect(await heading(old)).toBe('You need another code');

    await page.bringToFront();
    house.clock.forward(minuteMs + 1_000);
    await sendAgain(page);
    await atPasscode(page);
    const second = await readMailedCode(house, context, ida.mail, first);
    expect(second).not.toBe(code);
    await page.bringToFront();
    await enterCode(page, code);
    expect(await alert(page)).toContain('That code is not right');
    await enterCode(page, second);
    await enrol(house, page, {});
    expect(await heading(page)).toBe('Hello, Ida Greve');
  });

  it('asks for another code too early: is told that none was sent, and when one can be', async () => {
    const { page, context } = await house.visitor();
    await comeToMailbox(house, page, jan.mail);
    await sendAgain(page);
    expect(await page.getByRole('status').innerText()).toContain('No new code was sent');
    expect(await main(page)).toMatch(/You can have another code sent in \d+ seconds\./);
    expect(await main(page)).not.toContain('on its way');
    // what was sent is still good
    const code = await readMailedCode(house, context, jan.mail);
    expect(mails(jan)).toBe(1);
    await page.bringToFront();
    await enterCode(page, code);
    expect(await heading(page)).toBe('Set up a second step');
  });

  it('A058 clicks twice: one mail for the address, one more for another code', async () => {
    const { page, context } = await house.visitor();
    await openApp(house, page);
    await page.getByLabel('E-mail address').fill(kim.mail);
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    await atPasscode(page);
    await mailComes(house, kim.mail);
    expect(mails(kim)).toBe(1);

    house.clock.forward(minuteMs + 1_000);
    const first = lastMail(house, kim.mail);
    const answered = page.waitForResponse('**/otp/send');
    await page.getByRole('button', { name: 'Send another code' }).dblclick();
    await answered;
    await atPasscode(page);
    const code = await readMailedCode(house, context, kim.mail, first);
    expect(mails(kim)).toBe(2);
    await page.bringToFront();
    await page.locator('#code').fill(code);
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    await page.getByRole('heading', { name: 'Set up a second step' }).waitFor();
    await enrol(house, page, {});
    expect(await heading(page)).toBe('Hello, Kim Greve');
  });

  it('goes back and gives another address: each gets its own code', async () => {
    const { page, context } = await house.visitor();
    await comeToMailbox(house, page, 'le@smallshop.example');
    await page.goBack();
    await page.waitForURL(`${house.world.issuer}/authorize?**`);
    await giveMail(page, lea.mail);
    await atPasscode(page);
    expect(await main(page)).toContain(`If Fabrikam knows ${lea.mail},`);
    expect(mails({ mail: 'le@smallshop.example' })).toBe(0);

    // the same address at once: no second mail, and no field for a code that could not be right
    await page.goBack();
    await giveMail(page, lea.mail);
    await page.getByRole('heading', { name: 'You need another code' }).waitFor();
    expect(await main(page)).toContain('good only on the page where it was asked for');
    expect(await codeField(page).count()).toBe(0);
    await mailComes(house, lea.mail);
    expect(mails(lea)).toBe(1);
    house.clock.forward(minuteMs + 1_000);
    const first = lastMail(house, lea.mail);
    await sendAgain(page);
    await atPasscode(page);
    const code = await readMailedCode(house, context, lea.mail, first);
    await page.bringToFront();
    await enterCode(page, code);
    await enrol(house, page, {});
    expect(await heading(page)).toBe('Hello, Lea Greve');
  });

  it('reloads the page: no second mail, and the code is still good', async () => {
    const { page, context, watch } = await house.visitor();
    await comeToMailbox(house, page, max.mail);
    await page.reload();
    await atPasscode(page);
    expect(watch.documents.filter(({ what }) => what === 'POST /signin')).toHaveLength(2);
    const code = await readMailedCode(house, context, max.mail);
    expect(mails(max)).toBe(1);
    await page.bringToFront();
    await enterCode(page, wrongPasscode(code));
    expect(await alert(page)).toContain('That code is not right');
    // the form once more: no further try is counted
    for (let again = 0; again < 5; again++) {
      await page.reload();
      await atPasscode(page);
    }
    await enterCode(page, code);
    expect(await heading(page)).toBe('Set up a second step');
  });

  it('does the whole way with JavaScript switched off', async () => {
    const { page } = await house.visitor({ javaScriptEnabled: false });
    await comeInByMail(house, page, noa.mail);
    expect(await heading(page)).toBe('Set up a second step');
    const authenticator = {};
    await enrol(house, page, authenticator);
    expect(await heading(page)).toBe('Hello, Noa Greve');

    house.clock.forward(minuteMs + 1_000);
    await comeInByMail(house, page, noa.mail, { asForm: true });
    await enterCode(page, house.clock.freshCode(authenticator));
    await page.getByRole('button', { name: 'Continue to Woodgrove' }).click();
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Noa Greve');
  });

  it('needs no mouse', async () => {
    const authenticator = {};
    const { page: before } = await house.visitor();
    await comeInByMail(house, before, ole.mail);
    await enrol(house, before, authenticator);
    house.clock.forward(minuteMs + 1_000);
    const { page, context } = await house.visitor();
    const { keyboard } = page;
    await openApp(house, page);
    expect(await focused(page)).toBe('mail');
    await keyboard.type(ole.mail);
    const first = lastMail(house, ole.mail);
    await keyboard.press('Enter');
    await atPasscode(page);
    expect(await focused(page)).toBe('code');
    const stops: string[] = [];
    for (let i = 0; i < 3; i++) {
      await keyboard.press('Tab');
      stops.push(await focused(page));
    }
    expect(stops).toEqual(['Continue', 'Send another code', 'Use another account']);
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await focused(page)).toBe('code');
    const code = await readMailedCode(house, context, ole.mail, first);
    await page.bringToFront();
    await keyboard.type(code);
    await keyboard.press('Enter');
    await page.waitForURL(`${house.world.issuer}/otp/verify`);
    expect(await focused(page)).toBe('code');
    await keyboard.type(house.clock.freshCode(authenticator));
    await keyboard.press('Enter');
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Ole Greve');
  });

  it('reads everything in German, the mail too', async () => {
    const { page, context } = await house.visitor({ locale: 'de-AT' });
    await comeToMailbox(house, page, pia.mail, { language: 'de' });
    expect(await main(page)).toContain(`Wenn Fabrikam die Adresse ${pia.mail} kennt`);
    await mailComes(house, pia.mail);
    const mailbox = await openMailbox(house, context, pia.mail);
    const subject = await mailbox.getByRole('heading', { level: 2 }).innerText();
    expect(subject).toBe('Ihr Anmeldecode für Fabrikam');
    const letter = mailbox.frameLocator('iframe');
    expect(await letter.locator('html').getAttribute('lang')).toBe('de');
    expect(await letter.locator('body').innerText()).toContain('Niemand wird Sie nach diesem Code');
    const code = await letter.locator('.code').innerText();
    await page.bringToFront();
    expect(await page.getByRole('definition').allInnerTexts()).toContain(subject);

    await enterCode(page, '1234', 'de');
    expect(await alert(page)).toContain('Geben Sie die acht Ziffern ein');
    await sendAgain(page, 'de');
    expect(await page.getByRole('status').innerText()).toContain('kein neuer Code gesendet');
    expect(await main(page)).toMatch(/in \d+ Sekunden einen weiteren Code senden lassen/);
    await enterCode(page, code, 'de');
    expect(await heading(page)).toBe('Zweiten Schritt einrichten');
    const secret = await readKey(page, 'de');
    await enterCode(page, house.clock.freshCode({ secret }), 'de');
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Pia Greve');
  });

  it('is told that a code is too old', async () => {
    const { page, context } = await house.visitor();
    await comeToMailbox(house, page, quin.mail);
    const first = await mailComes(house, quin.mail);
    const code = await readMailedCode(house, context, quin.mail);
    await page.bringToFront();
    house.clock.forward(11 * minuteMs);
    await enterCode(page, code);
    expect(await alert(page)).toContain('That code is no longer valid');
    expect(await heading(page)).toBe('You need another code');
    await page.keyboard.press('Enter');
    await atPasscode(page);
    const second = await readMailedCode(house, context, quin.mail, first);
    await page.bringToFront();
    await enterCode(page, second);
    expect(await heading(page)).toBe('Set up a second step');
  });
});
