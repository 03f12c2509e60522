import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  comeIn,
  enrol,
  enrolled,
  enterCode,
  followLink,
  heading,
  logIn,
  type MailGuest,
} from '../support/browser-guest.ts';
import { useHouse, type Visitor } from '../support/browser-house.ts';
import { comeInByMail, gus, mailGuest, withMailGuests } from '../support/browser-mailbox.ts';

const [hal, ivo] = [mailGuest('Hal'), mailGuest('Ivo')];
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe.skipIf(skipsBrowserTests)('a guest whose browser has a session', () => {
  const house = useHouse({
    // longer than a mailed code's, which no setting makes longer
    seed: (files) => {
      const seeded = withMailGuests([hal, ivo])(files);
      const settings = { ...JSON.parse(seeded['settings.json'] ?? ''), federatedSessionHours: 72 };
      return { ...seeded, 'settings.json': JSON.stringify(settings) };
    },
  });
  const authenticators = new Map<string, Authenticator>();
  beforeAll(async () => {
    if (skipsBrowserTests) return;
    for (const name of ['Ann', 'Ben'] as const)
      authenticators.set(name, await enrolled(house, name));
  });

  const codeFor = (name: string) => house.clock.freshCode(authenticators.get(name) ?? {});
  const main = (page: Page) => page.getByRole('main').innerText();
  const signInPage = (page: Page) => page.getByRole('heading', { name: 'Sign in', exact: true });

  async function byHome({ page }: Visitor, name: 'Ann' | 'Ben'): Promise<void> {
    await comeIn(house, page, house.person(name));
    await enterCode(page, codeFor(name));
    await page.waitForURL(`${house.world.app}/`);
  }

  /** For the first time with the enrolment. */
  async function byMail({ page }: Visitor, guest: MailGuest): Promise<void> {
    await comeInByMail(house, page, guest.mail);
    if (authenticators.has(guest.name)) {
      await enterCode(page, codeFor(guest.name));
      await page.waitForURL(`${house.world.app}/`);
      return;
    }
    const authenticator: Authenticator = {};
    await enrol(house, page, authenticator);
    authenticators.set(guest.name, authenticator);
  }

  /** By the app's link straight back to the app, by redirects alone. */
  async function comesStraightBack({ page, watch }: Visitor, name: string): Promise<void> {
    const before = watch.documents.length;
    await followLink(house, page, { client: 'public' });
    await page.waitForURL(`${house.world.app}/`);
    expect(watch.documents.slice(before).map(({ what, status }) => `${what} ${status}`)).toEqual([
      'GET / 200',
      'GET /signin 303',
      'GET /authorize 303',
      'GET /callback 303',
      'GET / 200',
    ]);
    expect(await heading(page)).toBe(`Hello, ${name}`);
    expect(await main(page)).toContain('signed in to Woodgrove Desktop');
  }

  /** With the app's link: the page of somebody whom the gateway does not know. */
  async function isAskedAgain({ page }: Visitor): Promise<void> {
    await followLink(house, page);
    await page.waitForURL(`${house.world.issuer}/authorize?**`);
    expect(await heading(page)).toBe('Sign in');
  }

  // first, while nobody's clock differs: a fresh sign-in at home must not seem an old one
  it('uses another account: the sign-in page comes, and who comes next is who is signed in', async () => {
    const visitor = await house.visitor();
    const { page } = visitor;
    await byMail(visitor, hal);
    await followLink(house, page, { client: 'timesheets' });
    await page.getByRole('link', { name: 'Use another account' }).click();
    await signInPage(page).waitFor();

    await page.goto(`${house.world.app}/signin?prompt=login`);
    expect(await heading(page)).toBe('Sign in');
    await page.getByRole('button', { name: 'Sign in with Contoso' }).click();
    await logIn(house, page, house.person('Ann'));
    expect(await heading(page)).toBe('Enter your code');
    await page.getByRole('link', { name: 'Use another account' }).click();
    await signInPage(page).waitFor();
    // nothing has changed so far
    await comesStraightBack(visitor, 'Hal Greve');

    await page.goto(`${house.world.app}/signin?prompt=select_account`);
    await page.getByRole('button', { name: 'Sign in with Contoso' }).click();
    await page.waitForURL(`${house.world.partner.issuer}/**`);
    // Contoso knows Ann by now, and asks all the same
    await logIn(house, page, house.person('Ann'));
    await enterCode(page, codeFor('Ann'));
    await page.waitForURL(`${house.world.app}/`);
    await comesStraightBack(visitor, 'Ann Abel');
  });

  it('A140 signs out at the app and here: neither Back nor a form from before leads in again', async () => {
    const visitor = await house.visitor();
    const { page, context, watch } = visitor;
    const other = await house.visitor();
    await byHome(visitor, 'Ben');
    await byMail(other, gus);
    // a sign-in that waits for its code, in a window of its own
    const old = await context.newPage();
    await old.goto(`${house.world.app}/signin?prompt=login`);
    await old.getByRole('button', { name: 'Sign in with Contoso' }).click();
    await logIn(house, old, house.person('Ben'));
    expect(await heading(old)).toBe('Enter your code');
    const secretOf = async (name: string) =>
      (await context.cookies(house.world.issuer)).find((cookie) => cookie.name === name)?.value;
    const browserSecret = await secretOf('__Host-browser');

    await page.bringToFront();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${house.world.issuer}/logout?**`);
    expect(await heading(page)).toBe('Sign out?');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${house.world.issuer}/logout`);
    expect(await heading(page)).toBe('You are signed out here');
    expect(await secretOf('__Host-session')).toBeUndefined();
    expect(await secretOf('__Host-browser')).not.toBe(browserSecret);
    await page.reload();
    expect(await heading(page)).toBe('You are signed out here');

    const answers = watch.answers.length;
    for (let back = 0; back < 6; back++) {
      await page.goBack();
      await expect(page.getByRole('heading', { name: /^Hello/ }).count()).resolves.toBe(0);
    }
    await old.bringToFront();
    await enterCode(old, codeFor('Ben'));
    expect(await heading(old)).toBe('Continue in the other browser');
    await old.goBack();
    expect(watch.answers.length).toBe(answers);

    await isAskedAgain(visitor);
    // nobody else's browser is affected
    await comesStraightBack(other, 'Gus Greve');
  });

  it('opens another app without a page of ours, by a home or by a mailed code', async () => {
    const ann = await house.visitor();
    await byHome(ann, 'Ann');
    const first = await claimsOnPage(ann.page);
    await comesStraightBack(ann, 'Ann Abel');
    const second = await claimsOnPage(ann.page);
    expect(second).toMatchObject({
      aud: house.world.clients.public.id,
      amr: '["otp","mfa"]',
      auth_time: first['auth_time'],
      idp: house.world.partner.issuer,
    });
    expect(second['sid']).not.toBe(first['sid']);

    const other = await house.visitor();
    house.clock.forward(minuteMs + 1_000);
    await byMail(other, gus);
    await comesStraightBack(other, 'Gus Greve');
    expect(await claimsOnPage(other.page)).toMatchObject({
      amr: '["email","otp","mfa"]',
      idp: 'mail',
    });
  });

  it('is judged anew: an app that opens in the office only stays closed', async () => {
    const visitor = await house.visitor();
    const { page, watch } = visitor;
    await byHome(visitor, 'Ann');
    await followLink(house, page, { client: 'timesheets' });
    await page.waitForURL(`${house.world.issuer}/authorize?**`);
    expect(await heading(page)).toBe('You cannot sign in from here');
    expect(await page.getByRole('banner').innerText()).toContain('Sign-in for Timesheets');
    expect(watch.documents.at(-1)?.status).toBe(403);
    // the session is none the worse for it
    await comesStraightBack(visitor, 'Ann Abel');
  });

  it('A059 is signed out by no link and by no other site, and sent nowhere by one', async () => {
    const visitor = await house.visitor();
    const { page, context, watch } = visitor;
    await byMail(visitor, ivo);
    const { issuer, app } = house.world;
    const stranger = await house.visitor();
    await byHome(stranger, 'Ann');
    const response = await stranger.context.request.get(app, {
      headers: { accept: 'application/json' },
    });
    const { tokens } = (await response.json()) as { tokens: { id_token: string } };

    const pages: string[] = [];
    const evil = 'http://evil.example/landed';
    const { clients } = house.world;
    for (const query of [
      {},
      { id_token_hint: tokens.id_token },
      { post_logout_redirect_uri: evil, client_id: clients.confidential.id, state: 'x' },
      { post_logout_redirect_uri: evil, id_token_hint: tokens.id_token },
      { post_logout_redirect_uri: `${app}/`, logout_hint: 'ann@contoso.example' },
      { id_token_hint: 'eyJhbGciOiJub25lIn0.e30.', ui_locales: 'en' },
    ]) {
      const parameters = new URLSearchParams(query);
      const answered = await page.goto(`${issuer}/logout?${parameters.toString()}`);
      expect(answered?.status()).toBe(200);
      expect(answered?.request().redirectedFrom()).toBeNull();
      expect(page.url().startsWith(`${issuer}/logout`)).toBe(true);
      expect(await heading(page)).toBe('Sign out?');
      pages.push((await answered?.text()) ?? '');
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).not.toMatch(/evil|Ann|Ivo|smallshop|contoso/);
    await comesStraightBack(visitor, 'Ivo Greve');

    // a form of another site, without our page in between
    const form = `<!doctype html><title>x</title><form method="post" action="${issuer}/logout"><button>Win</button></form>`;
    await context.route(`${app}/win`, (route) =>
      route.fulfill({ body: form, contentType: 'text/html' }),
    );
    await page.goto(`${app}/win`);
    await page.getByRole('button', { name: 'Win' }).click();
    await page.waitForURL(`${issuer}/logout`);
    expect(await heading(page)).toBe('This did not come from our page');
    expect(watch.documents.at(-1)?.status).toBe(403);
    await comesStraightBack(visitor, 'Ivo Greve');
    await comesStraightBack(stranger, 'Ann Abel');

    // by our own page, whatever the link to it said: here, and nowhere else
    await page.goto(`${issuer}/logout?post_logout_redirect_uri=${encodeURIComponent(evil)}`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${issuer}/logout`);
    expect(await heading(page)).toBe('You are signed out here');
    await isAskedAgain(visitor);
  });

  it('signs out without JavaScript, in German', async () => {
    const visitor = await house.visitor({ javaScriptEnabled: false, locale: 'de-DE' });
    const { page } = visitor;
    house.clock.forward(minuteMs + 1_000);
    await comeInByMail(house, page, gus.mail, { language: 'de' });
    await enterCode(page, codeFor(gus.name), 'de');
    await page.waitForURL(`${house.world.app}/`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading(page)).toBe('Abmelden?');
    await page.getByRole('button', { name: 'Abmelden' }).click();
    expect(await heading(page)).toBe('Sie sind hier abgemeldet');
    await page.goto(house.world.app);
    expect(await heading(page)).toBe('Woodgrove, the demo app');
  });

  it('proves a mailbox once a day; a session by a home lasts as long as the settings say', async () => {
    const ann = await house.visitor();
    const other = await house.visitor();
    house.clock.forward(minuteMs + 1_000);
    await byHome(ann, 'Ann');
    await byMail(other, gus);
    house.clock.forward(24 * hourMs - 5 * minuteMs);
    await comesStraightBack(other, 'Gus Greve');
    // the session that this gave ends with the one before
    house.clock.forward(5 * minuteMs);
    await isAskedAgain(other);
    await comesStraightBack(ann, 'Ann Abel');
    await byMail(other, gus);
    await comesStraightBack(other, 'Gus Greve');
    house.clock.forward(48 * hourMs);
    await isAskedAgain(ann);
    await isAskedAgain(other);
  });
});
