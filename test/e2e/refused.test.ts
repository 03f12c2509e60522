import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  comeIn,
  enrol,
  giveMail,
  heading,
  openApp,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';

const reference = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3,4}\b/;

describe.skipIf(skipsBrowserTests)('a guest who may not', () => {
  const house = useHouse();

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

  it('is told the same of an address without a partner, guest or stranger', async () => {
    const told: string[] = [];
    for (const mail of ['gus@smallshop.example', 'nobody@smallshop.example', 'x@nowhere.example']) {
      const { page } = await house.visitor();
      await openApp(house, page);
      await giveMail(page, mail);
      expect(await page.getByRole('alert').innerText()).toContain(
        'You cannot sign in with this address here',
      );
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(mail);
      told.push(await text(page));
    }
    expect(new Set(told).size).toBe(1);
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
