import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  comeIn,
  enrol,
  enterCode,
  giveMail,
  heading,
  openApp,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';
import { gus, mailComes, sendAgain, withMailGuests } from '../support/browser-mailbox.ts';

const reference = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3,4}\b/;

describe.skipIf(skipsBrowserTests)('a guest who may not', () => {
  const house = useHouse({ seed: withMailGuests([]) });

  const text = async (page: Page): Promise<string> => page.locator('body').innerText();

  it('is told so with a reference that the journal knows, and may come in as somebody else', async () => {
    const { page, watch } = await house.visitor();
    const { world } = house;
    await comeIn(house, page, house.person('Cho'));
    expect(await heading(page)).toBe('You cannot sign in from here');
    expect(await text(page)).toContain(
      'Sam Sponsor (sam@fabrikam.example) at Fabrikam invited you',
    );
    expect(watch.documents.at(-1)?.status).toBe(403);
    const shown = reference.exec(await text(page))?.[0];
    const line = house.journal.find(({ detail }) => detail['reference'] === shown);
    expect(line).toMatchObject({ event: 'signIn', detail: { result: 'failure', code: 53003 } });

    await page.getByRole('link', { name: 'Use another account' }).click();
    await page.waitForURL(`${world.issuer}/authorize?**`);
    const ben = house.person('Ben');
    await giveMail(page, ben.mail);
    // Contoso knows Cho by now, and asks all the same
    await page.waitForURL(`${world.partner.issuer}/**`);
    expect(await heading(page)).toBe('Sign in again');
    await page.getByLabel('Password').fill(ben.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${world.issuer}/**`);
    await enrol(house, page, {});
    expect(await heading(page)).toBe('Hello, Ben Brandt');
    expect(await claimsOnPage(page)).toMatchObject({ email: 'ben@contoso.example' });
  });

  it('is refused an app that opens in the office only, before anything is set up', async () => {
    const { page } = await house.visitor();
    await comeIn(house, page, house.person('Ann'), { client: 'timesheets' });
    expect(await page.getByRole('banner').innerText()).toContain('Sign-in for Timesheets');
    expect(await heading(page)).toBe('You cannot sign in from here');
    expect(await text(page)).toContain('try again from your usual one');
  });

  it('R20 learns nothing of who is a guest here, whichever address was typed', async () => {
    const dora = house.person('Dora');
    const told: string[] = [];
    for (const mail of [dora.mail, 'ann@contoso.example', 'eva@contoso.example']) {
      const { page, watch } = await house.visitor();
      await openApp(house, page);
      await giveMail(page, mail);
      await page.waitForURL(`${house.world.partner.issuer}/**`);
      await page.getByLabel('Mail address').fill(dora.mail);
      await page.getByLabel('Password').fill(dora.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(`${house.world.issuer}/callback/**`);
      expect(await heading(page)).toBe('You do not have access');
      expect(watch.documents.at(-1)?.status).toBe(403);
      const source = await page.content();
      for (const word of ['Ann', 'Abel', 'Eva', 'Dora', 'Dahl', 'Sam', '@contoso', 'a000000'])
        expect(source).not.toContain(word);
      expect(await text(page)).toMatch(reference);
      told.push((await text(page)).replace(reference, '(reference)'));
    }
    expect(new Set(told).size).toBe(1);
  });

  it('A071 is told the same of an address without a partner, guest or stranger, at every step', async () => {
    const told: unknown[] = [];
    // one request for all: what the app asked stands on the page
    const { page: app } = await house.visitor();
    await openApp(house, app);
    for (const mail of [gus.mail, 'nil@smallshop.example', 'x@nowhere.example']) {
      const { page, context } = await house.visitor();
      const blank = (text: string) =>
        text
          .replaceAll(mail, '(address)')
          .replaceAll(/name="(handle|nonce)" value="[^"]*"/g, 'name="$1"')
          .replaceAll(/in \d+ seconds/g, 'in (some) seconds');
      const answers: unknown[] = [];
      const note = async (does: Promise<unknown>, path: string) => {
        const answered = page.waitForResponse(`${house.world.issuer}${path}`);
        await does;
        const response = await answered;
        const { date: _, 'content-length': length, ...headers } = response.headers();
        const names = Object.keys(headers).sort();
        const body = blank(await response.text());
        // once for the sentence that says it
        const known = Number(length) - (body.split('(address)').length - 1) * mail.length;
        answers.push({ status: response.status(), headers, names, body, known });
      };
      await page.goto(app.url());
      await note(giveMail(page, mail), '/signin');
      expect(await heading(page)).toBe('Check your e-mail');
      expect(await text(page)).toContain(`If Fabrikam knows ${mail}, a code`);
      await note(enterCode(page, '1234'), '/otp/verify');
      await note(sendAgain(page), '/otp/send');
      for (let tries = 0; tries < 5; tries++)
        await note(enterCode(page, `1234567${tries}`), '/otp/verify');
      expect(await heading(page)).toBe('You need another code');
      await note(sendAgain(page), '/otp/send');

      // another browser, too early for another code
      const other = await context.browser()?.newContext({ locale: 'en-GB' });
      const beside = await other?.newPage();
      if (beside) {
        await beside.goto(app.url());
        await giveMail(beside, mail);
        await beside.getByRole('heading', { name: 'You need another code' }).waitFor();
        answers.push(blank(await beside.content()));
      }
      await other?.close();
      told.push(answers);
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    await mailComes(house, gus.mail);
    expect(house.world.mailbox.mails.map(({ to }) => to)).toEqual([gus.mail]);
  });

  it('may turn back at home: the page says who can help', async () => {
    const { page } = await house.visitor();
    await openApp(house, page);
    await page.getByRole('button', { name: 'Sign in with Contoso' }).click();
    await page.waitForURL(`${house.world.partner.issuer}/**`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL(`${house.world.issuer}/callback/**`);
    expect(await heading(page)).toBe('The sign-in was not completed');
    expect(await text(page)).toContain('The IT support of your own organisation.');
  });

  it('R05 hears from the app that nobody is signed in where no page may be shown', async () => {
    const { page, watch } = await house.visitor();
    await page.goto(`${house.world.app}/signin?prompt=none`);
    expect(await heading(page)).toBe('You are not signed in');
    expect(watch.answers.map((answer) => [answer.get('error'), answer.get('iss')])).toEqual([
      ['login_required', house.world.issuer],
    ]);
  });
});

const seeds = {
  'whose partner is disabled': (files: Record<string, string>) => ({
    ...files,
    'partners/contoso.json':
      files['partners/contoso.json']?.replace('"id"', '"enabled": false, "id"') ?? '',
  }),
  'for whom no code may be mailed': (files: Record<string, string>) => ({
    ...files,
    'settings.json': files['settings.json']?.replace('"enabled": true', '"enabled": false') ?? '',
  }),
};

describe.skipIf(skipsBrowserTests).each([
  ['whose partner is disabled', ['ann@contoso.example', 'dora@contoso.example']],
  ['for whom no code may be mailed', [gus.mail, 'nobody@smallshop.example', 'x@nowhere.example']],
] as const)('a person %s', (who, addresses) => {
  const house = useHouse({ seed: seeds[who] });

  it('is told that there is no way in, guest or stranger', async () => {
    const told: string[] = [];
    for (const mail of addresses) {
      const { page } = await house.visitor();
      await openApp(house, page);
      const isByMail = who === 'whose partner is disabled';
      const said = await page.getByRole('main').innerText();
      expect(said.includes('we send you a code')).toBe(isByMail);
      expect(said.includes('Sign in with Contoso')).toBe(!isByMail);
      await giveMail(page, mail);
      expect(await page.getByRole('alert').innerText()).toContain(
        'You cannot sign in with this address here',
      );
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(mail);
      told.push(await page.locator('body').innerText());
    }
    expect(new Set(told).size).toBe(1);
    expect(house.world.mailbox.mails).toEqual([]);
  });
});
