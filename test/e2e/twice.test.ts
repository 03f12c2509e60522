import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  comeBack,
  comeIn,
  enrolled,
  enterCode,
  giveMail,
  heading,
  logIn,
  openApp,
  readKey,
} from '../support/browser-guest.ts';
import { useHouse, type Visitor } from '../support/browser-house.ts';

describe.skipIf(skipsBrowserTests)('what people do twice', () => {
  const house = useHouse();
  let ann: Authenticator = {};
  beforeAll(async () => {
    if (!skipsBrowserTests) ann = await enrolled(house, 'Ann');
  });

  const count = ({ watch }: Visitor, what: string) =>
    watch.documents.filter((document) => document.what === what).length;
  // by what is seen: waiting for an address ends with an error where a second click stops the first
  const hello = async (page: Page) => {
    await page.getByRole('heading', { name: /^Hello, / }).waitFor();
    expect(page.url()).toBe(`${house.world.app}/`);
    return heading(page);
  };
  const password = (page: Page) => page.getByLabel('Password').waitFor();

  /** The answer to the first click is still on its way when the second comes, and is lost by it. */
  async function clickTwice(page: Page, name: string, path: string): Promise<void> {
    const button = page.getByRole('button', { name, exact: true });
    const first = Promise.withResolvers<void>();
    await page.route(
      (url) => url.pathname === path,
      async (route) => {
        await route.fetch({ maxRedirects: 0 });
        first.resolve();
      },
      { times: 1 },
    );
    const box = await button.boundingBox();
    await button.click({ noWaitAfter: true });
    await first.promise;
    if (box) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  it('A058 A139 clicks every button twice and comes in once', async () => {
    const { page, context, watch } = await house.visitor();
    const ben = house.person('Ben');
    const posted: string[] = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (request.method() === 'POST' && url.origin === house.world.issuer)
        posted.push(url.pathname);
    });
    await openApp(house, page);
    await page.getByLabel('E-mail address').fill(ben.mail);
    await clickTwice(page, 'Continue', '/signin');
    await password(page);
    await logIn(house, page, ben);
    const authenticator = { secret: await readKey(page) };
    await page.locator('#code').fill(house.clock.freshCode(authenticator));
    await clickTwice(page, 'Finish and continue', '/mfa/enrol');
    expect(await hello(page)).toBe('Hello, Ben Brandt');

    await comeBack(house, page, ben);
    await page.locator('#code').fill(house.clock.freshCode(authenticator));
    await clickTwice(page, 'Continue', '/mfa/verify');
    expect(await hello(page)).toBe('Hello, Ben Brandt');
    expect(posted).toEqual([
      '/signin',
      '/signin',
      '/mfa/enrol',
      '/mfa/enrol',
      '/signin',
      '/mfa/verify',
      '/mfa/verify',
    ]);
    expect(watch.answers).toHaveLength(2);
  });

  it('double-clicks, as some do on everything', async () => {
    const { page } = await house.visitor();
    const person = house.person('Ann');
    await openApp(house, page);
    await page.getByLabel('E-mail address').fill(person.mail);
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    await password(page);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).dblclick();
    await page.locator('#code').fill(house.clock.freshCode(ann));
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    expect(await hello(page)).toBe('Hello, Ann Abel');
  });

  it('goes back from Contoso and gives another address', async () => {
    const { page } = await house.visitor();
    await openApp(house, page);
    await giveMail(page, 'somebody@contoso.example');
    await page.waitForURL(`${house.world.partner.issuer}/**`);
    await page.goBack();
    // the page in between, which went on by itself, is not in the way
    await page.waitForURL(`${house.world.issuer}/authorize?**`);
    await giveMail(page, house.person('Ann').mail);
    await page.waitForURL(`${house.world.partner.issuer}/**`);
    expect(await page.getByLabel('Mail address').inputValue()).toBe(house.person('Ann').mail);
    await logIn(house, page, house.person('Ann'));
    await enterCode(page, house.clock.freshCode(ann));
    expect(await hello(page)).toBe('Hello, Ann Abel');
  });

  it('A022 A058 reloads the page that home led to: the same page, and nothing is spent', async () => {
    const visitor = await house.visitor();
    const { page } = visitor;
    await comeIn(house, page, house.person('Ann'));
    await page.reload();
    expect(await heading(page)).toBe('Enter your code');
    await enterCode(page, house.clock.wrongCode(ann.secret ?? ''));
    expect(await page.getByRole('alert').innerText()).toContain('That code is not right');
    // the browser sends the form once more: no further try is counted, none is needed
    await page.reload();
    expect(count(visitor, 'POST /mfa/verify')).toBe(2);
    expect(await heading(page)).toBe('Enter your code');
    await enterCode(page, house.clock.freshCode(ann));
    expect(await hello(page)).toBe('Hello, Ann Abel');
  });

  it('A140 goes back after the end, and sends the form once more: no second answer', async () => {
    const { page, context, watch } = await house.visitor();
    await comeIn(house, page, house.person('Ann'));
    // the form as it stood, in a window of its own
    const old = await context.newPage();
    await old.goto(page.url());
    expect(await heading(old)).toBe('Enter your code');
    await page.bringToFront();
    await enterCode(page, house.clock.freshCode(ann));
    expect(await hello(page)).toBe('Hello, Ann Abel');

    await page.goBack();
    await page.waitForURL(`${house.world.issuer}/callback/**`);
    expect(await heading(page)).toBe('You have signed in already');
    await old.bringToFront();
    await enterCode(old, house.clock.freshCode(ann));
    expect(await heading(old)).toBe('You have signed in already');
    expect(watch.answers).toHaveLength(1);
  });

  it('A058 signs in to two apps in two tabs, and finishes the second first', async () => {
    const { page: first, context } = await house.visitor();
    const second = await context.newPage();
    await openApp(house, first);
    await openApp(house, second, { client: 'public' });
    await first.bringToFront();
    await giveMail(first, house.person('Ann').mail);
    await logIn(house, first, house.person('Ann'));
    await second.bringToFront();
    await giveMail(second, house.person('Ann').mail);
    await second.waitForURL(`${house.world.issuer}/callback/**`);

    await enterCode(second, house.clock.freshCode(ann));
    expect(await hello(second)).toBe('Hello, Ann Abel');
    expect(await second.getByRole('main').innerText()).toContain('signed in to Woodgrove Desktop');
    await first.bringToFront();
    await enterCode(first, house.clock.freshCode(ann));
    expect(await hello(first)).toBe('Hello, Ann Abel');
    expect(await first.getByRole('main').innerText()).toContain('signed in to Woodgrove.');
  });

  it('A033 A053 opens the address that home led to in another browser: refused there, good here', async () => {
    const { page, context } = await house.visitor();
    const { world } = house;
    const callback = new RegExp(`^${world.issuer}/callback/`);
    await openApp(house, page);
    await giveMail(page, house.person('Ann').mail);
    await page.waitForURL(`${world.partner.issuer}/**`);
    await context.route(callback, (route) => route.fulfill({ status: 204 }));
    const led = page.waitForRequest(callback);
    await page.getByLabel('Password').fill(house.person('Ann').password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const url = (await led).url();
    await context.unroute(callback);

    const { page: other, watch } = await house.visitor();
    await other.goto(url);
    expect(await heading(other)).toBe('Continue in the other browser');
    // one with a sign-in of its own is no better off
    await openApp(house, other);
    await other.goto(url);
    expect(await heading(other)).toBe('Continue in the other browser');
    expect(watch.answers).toEqual([]);

    await page.goto(url);
    await enterCode(page, house.clock.freshCode(ann));
    expect(await hello(page)).toBe('Hello, Ann Abel');
  });
});
