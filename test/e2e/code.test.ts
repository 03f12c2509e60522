import { decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  claimsOnPage,
  comeBack,
  comeIn,
  enrolled,
  enterCode,
  focused,
  heading,
  openApp,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';

describe.skipIf(skipsBrowserTests)('a guest who has an authenticator app', () => {
  const house = useHouse();
  let ann: Authenticator = {};
  beforeAll(async () => {
    if (!skipsBrowserTests) ann = await enrolled(house, 'Ann');
  });

  it('R39 comes in by a code alone, again without a password, in a session that is new each time', async () => {
    const { page, context, watch } = await house.visitor();
    const { world, clock } = house;
    const person = house.person('Ann');
    await comeIn(house, page, person);
    expect(await heading(page)).toBe('Enter your code');
    await enterCode(page, clock.freshCode(ann));
    await page.waitForURL(`${world.app}/`);
    expect(await claimsOnPage(page)).toMatchObject({ acr: 'urn:vestibule:acr:mfa', acct: '1' });

    const first = await context.cookies(world.issuer);
    expect(first.map(({ name }) => name).sort()).toEqual([
      '__Host-browser',
      '__Host-device',
      '__Host-session',
    ]);
    for (const cookie of first)
      expect(cookie).toMatchObject({
        domain: 'localhost',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
        value: expect.stringMatching(/^[\w.-]{22,}$/),
      });

    await context.clearCookies({ name: 'woodgrove' });
    await comeBack(house, page, person);
    expect(await heading(page)).toBe('Enter your code');
    await enterCode(page, clock.freshCode(ann));
    await page.waitForURL(`${world.app}/`);
    expect(await heading(page)).toBe('Hello, Ann Abel');

    const second = await context.cookies(world.issuer);
    const secretOf = (cookies: typeof first, name: string) =>
      cookies.find((cookie) => cookie.name === name)?.value;
    expect(secretOf(second, '__Host-session')).not.toBe(secretOf(first, '__Host-session'));
    expect(secretOf(second, '__Host-browser')).toBe(secretOf(first, '__Host-browser'));
    expect(watch.answers).toHaveLength(2);
  });

  it('may paste the code with the blank that the app shows', async () => {
    const { page } = await house.visitor();
    await comeIn(house, page, house.person('Ann'));
    const code = house.clock.freshCode(ann);
    const field = page.getByLabel('Six-digit code');
    await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await field.press('ControlOrMeta+a');
    await field.press('ControlOrMeta+x');
    expect(await field.inputValue()).toBe('');
    await field.press('ControlOrMeta+v');
    expect(await field.inputValue()).toMatch(/^\d{3} \d{3}$/);
    await field.press('Enter');
    await page.waitForURL(`${house.world.app}/`);
    expect(await heading(page)).toBe('Hello, Ann Abel');
  });

  it('A082 is told that a code is used up', async () => {
    const { page, context } = await house.visitor();
    const other = await context.newPage();
    await comeIn(house, page, house.person('Ann'));
    await comeBack(house, other, house.person('Ann'));
    const code = house.clock.freshCode(ann);
    await enterCode(other, code);
    await other.waitForURL(`${house.world.app}/`);
    await page.bringToFront();
    await enterCode(page, code);
    expect(await page.getByRole('alert').innerText()).toContain('That code has been used already');
    await enterCode(page, house.clock.freshCode(ann));
    await page.waitForURL(`${house.world.app}/`);
  });

  it('needs no mouse', async () => {
    const { page } = await house.visitor();
    const { world } = house;
    const person = house.person('Ann');
    const { keyboard } = page;
    await page.goto(world.app);
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('Sign in: Woodgrove');
    await keyboard.press('Enter');

    await page.waitForURL(`${world.issuer}/authorize?**`);
    expect(await focused(page)).toBe('mail');
    await keyboard.type(person.mail);
    await keyboard.press('Enter');

    await page.waitForURL(`${world.partner.issuer}/**`);
    expect(await focused(page)).toBe('password');
    await keyboard.type(person.password);
    await keyboard.press('Enter');

    await page.waitForURL(`${world.issuer}/callback/**`);
    expect(await focused(page)).toBe('code');
    await keyboard.type(house.clock.freshCode(ann));
    const stops: string[] = [];
    for (let i = 0; i < 3; i++) {
      await keyboard.press('Tab');
      stops.push(await focused(page));
    }
    expect(stops).toEqual(['Continue', 'I cannot get a code', 'Use another account']);
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    expect(await page.getByText('If you have a new phone').isVisible()).toBe(true);
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await page.waitForURL(`${world.app}/`);
    expect(await heading(page)).toBe('Hello, Ann Abel');
  });

  it('signs in to an app without a secret, whose token is signed as that app wants', async () => {
    const { page, context } = await house.visitor();
    const { world, clock } = house;
    await comeIn(house, page, house.person('Ann'), { client: 'public' });
    expect(await page.getByRole('banner').innerText()).toContain('Sign-in for Woodgrove Desktop');
    await enterCode(page, clock.freshCode(ann));
    await page.waitForURL(`${world.app}/`);
    expect(await page.getByRole('main').innerText()).toContain(
      'You are signed in to Woodgrove Desktop (public client).',
    );
    expect(await claimsOnPage(page)).toMatchObject({ aud: world.clients.public.id });
    const response = await context.request.get(world.app, {
      headers: { accept: 'application/json' },
    });
    const { tokens } = (await response.json()) as { tokens: { id_token: string } };
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: 'ES256' });
  });

  it('A045 R05 gets nowhere when the proof key is stripped from the request: the app is told', async () => {
    const { page, watch } = await house.visitor();
    await openApp(house, page, { client: 'public' });
    const url = new URL(page.url());
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    await page.goto(url.href);
    expect(page.url().startsWith(`${house.world.app}/callback?`)).toBe(true);
    expect(await heading(page)).toBe('You are not signed in');
    expect(await page.getByRole('alert').innerText()).toContain('invalid_request');
    expect(watch.answers.map((answer) => [answer.get('error'), answer.get('iss')])).toEqual([
      ['invalid_request', house.world.issuer],
    ]);
  });
});
