import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  enterCode,
  focused,
  giveMail,
  heading,
  logIn,
  openApp,
  readKey,
} from '../support/browser-guest.ts';
import { useHouse, type Visitor } from '../support/browser-house.ts';
import { readQr } from '../support/browser-qr.ts';

describe.skipIf(skipsBrowserTests)('a guest comes for the first time', () => {
  const house = useHouse();

  /** From the app to the app, with a wrong code in between. */
  async function firstSignIn(name: 'Ann' | 'Ben', options: BrowserContextOptions) {
    const visitor = await house.visitor(options);
    const { page } = visitor;
    const person = house.person(name);
    await openApp(house, page);
    expect(await heading(page)).toBe('Sign in');
    expect(await page.getByRole('banner').innerText()).toMatch(/Fabrikam\s+Sign-in for Woodgrove/);
    await giveMail(page, person.mail);
    await logIn(house, page, person);

    expect(await heading(page)).toBe('Set up a second step');
    expect(await page.getByRole('main').innerText()).toContain('counts at Contoso only');
    const key = await readKey(page);
    await expectSameThreeTimes(page, key);

    await enterCode(page, house.clock.wrongCode(key));
    await expectProblem(page, 'That code is not right');
    // nothing was lost: the app need not be set up again
    expect(await readKey(page)).toBe(key);

    await enterCode(page, house.clock.freshCode({ secret: key }));
    await page.waitForURL(`${house.world.app}/`);
    return visitor;
  }

  /** By camera, by link and by hand. */
  async function expectSameThreeTimes(page: Page, key: string): Promise<void> {
    expect(key).toMatch(/^[A-Z2-7]{32}$/);
    const link = page.getByRole('link', { name: 'Open in my authenticator app' });
    const otpauth = (await link.getAttribute('href')) ?? '';
    expect(otpauth).toMatch(/^otpauth:\/\/totp\/Fabrikam/);
    expect(new URL(otpauth).searchParams.get('secret')).toBe(key);
    const { page: blank } = await house.visitor();
    expect(await readQr(page.getByRole('img', { name: /^QR code/ }), blank)).toBe(otpauth);
  }

  /** Said on top and at the field, which has the keyboard; Tab leads on from there. */
  async function expectProblem(page: Page, said: string): Promise<void> {
    const summary = page.getByRole('alert');
    expect(await summary.innerText()).toContain(said);
    expect(await page.title()).toMatch(/^Error: /);
    const field = page.getByLabel('Enter the code that the app shows');
    expect(await focused(page)).toBe('code');
    expect(await field.inputValue()).toBe('');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = await field.getAttribute('aria-describedby');
    expect(described?.split(' ')).toEqual(['code-problem', 'code-hint']);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Finish and continue');
    await summary.getByRole('link').click();
    expect(await focused(page)).toBe('code');
  }

  const posts = ({ watch }: Visitor) =>
    watch.documents
      .filter(({ what }) => what.startsWith('POST '))
      .map(({ what, status }) => `${what.replace(/\/interaction\/.*/, '/interaction')} ${status}`);

  const claimsOf = (mail: string) => ({
    iss: house.world.issuer,
    aud: house.world.clients.confidential.id,
    acr: 'urn:vestibule:acr:mfa',
    amr: '["otp","mfa"]',
    idp: house.world.partner.issuer,
    acct: '1',
    email: mail,
  });

  it('R05 R09 R50 sets up an authenticator app and lands in the app, whose token says so', async () => {
    const visitor = await firstSignIn('Ann', {});
    const { page, watch } = visitor;
    expect(await heading(page)).toBe('Hello, Ann Abel');
    expect(await claimsOnPage(page)).toMatchObject(claimsOf('ann@contoso.example'));
    // the watch has looked at each answer, redirect and header; here that there were any
    expect(watch.answers.map((answer) => [...answer.keys()])).toEqual([['code', 'state', 'iss']]);
    expect(posts(visitor)).toEqual([
      'POST /signin 200',
      'POST /interaction 303',
      'POST /mfa/enrol 200',
      'POST /mfa/enrol 200',
    ]);
  });

  it('does the same with JavaScript switched off', async () => {
    const { page } = await firstSignIn('Ben', { javaScriptEnabled: false });
    expect(await heading(page)).toBe('Hello, Ben Brandt');
    expect(await claimsOnPage(page)).toMatchObject(claimsOf('ben@contoso.example'));
  });
});
