import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { copyOf, type Language } from '../../shared/web/copy/index.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import { enterCode, giveMail, heading, logIn, openApp, readKey } from '../support/browser-guest.ts';
import { useHouse, type Visitor } from '../support/browser-house.ts';
import { lookAt } from '../support/browser-look.ts';
import {
  atPasscode,
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

/** What a person reads first on each page; written down, so that a missing translation shows. */
const headings = {
  en: {
    signIn: 'Sign in',
    goHome: 'Taking you to Contoso',
    enrol: 'Set up a second step',
    goBack: 'Taking you to Woodgrove',
    challenge: 'Enter your code',
    over: 'You have signed in already',
    blocked: 'You cannot sign in from here',
    noAccess: 'You do not have access',
    start: 'Start at the app',
    passcode: 'Check your e-mail',
    another: 'You need another code',
    signOut: 'Sign out?',
    signedOut: 'You are signed out here',
  },
  de: {
    signIn: 'Anmelden',
    goHome: 'Weiter zu Contoso',
    enrol: 'Zweiten Schritt einrichten',
    goBack: 'Weiter zu Woodgrove',
    challenge: 'Code eingeben',
    over: 'Sie haben sich schon angemeldet',
    blocked: 'Von hier aus können Sie sich nicht anmelden',
    noAccess: 'Sie haben keinen Zugang',
    start: 'Beginnen Sie in der App',
    passcode: 'Sehen Sie in Ihr Postfach',
    another: 'Sie brauchen einen weiteren Code',
    signOut: 'Abmelden?',
    signedOut: 'Sie sind hier abgemeldet',
  },
} as const;

/** A partner that is not open: its people find no way in. */
const withClosedPartner = (files: Record<string, string>) => ({
  ...files,
  'partners/nowhere.json': JSON.stringify({
    id: 'nowhere',
    displayName: 'Nowhere',
    enabled: false,
    issuer: 'https://id.nowhere.example',
    clientId: 'vestibule',
    domains: ['nowhere.example'],
  }),
});

describe.skipIf(skipsBrowserTests)(
  'every page of the journey, on phone and desk, light and dark',
  () => {
    const hal = mailGuest('Hal');
    const house = useHouse({ seed: (files) => withClosedPartner(withMailGuests([hal])(files)) });
    const faults: string[] = [];
    afterEach(() => {
      expect(faults.splice(0)).toEqual([]);
    });

    const look = async (page: Page, name: string, language: Language = 'en') => {
      faults.push(
        ...(await lookAt(page, `${language}-${name}`, language === 'en' ? 'every' : 'one')),
      );
    };

    /** A page of the gateway, which must speak the guest's language. */
    async function lookInside(
      page: Page,
      name: string,
      language: Language,
      expected: keyof (typeof headings)['en'],
    ): Promise<void> {
      expect(await heading(page)).toBe(headings[language][expected]);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      await look(page, name, language);
    }

    /** Stays on a page that goes on by itself, and goes on by its button. */
    async function onTheWay(
      { page, context }: Visitor,
      to: RegExp,
      leave: () => Promise<void>,
      seen: () => Promise<void>,
    ): Promise<void> {
      await context.route(to, (route) => route.fulfill({ status: 204 }));
      const tried = page.waitForRequest(to);
      await leave();
      await tried;
      await seen();
      await context.unroute(to);
      await page.getByRole('main').locator('a, button').click();
    }

    it.each([
      ['en', 'en-GB', 'Ann'],
      ['de', 'de-AT', 'Ben'],
    ] as const)('in %s', async (language, locale, name) => {
      const visitor = await house.visitor({ locale });
      const { page } = visitor;
      const { world, clock } = house;
      const person = house.person(name);
      const toContoso = new RegExp(`^${world.partner.issuer}/auth\\?`);
      const toApp = new RegExp(`^${world.app.replaceAll(/[[\]]/g, String.raw`\$&`)}/callback`);
      const isEnglish = language === 'en';

      await page.goto(world.app);
      if (isEnglish) await look(page, '01-app');
      await openApp(house, page);
      await lookInside(page, '02-sign-in', language, 'signIn');
      await giveMail(page, 'somebody@nowhere.example', language);
      await lookInside(page, '03-no-way-in', language, 'signIn');
      await onTheWay(
        visitor,
        toContoso,
        () => giveMail(page, person.mail, language),
        () => lookInside(page, '04-go-home', language, 'goHome'),
      );
      await page.waitForURL(`${world.partner.issuer}/interaction/**`);
      if (isEnglish) {
        await look(page, '05-contoso');
        await page.getByLabel('Password').fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        expect(await page.getByRole('alert').innerText()).toContain('is wrong');
        await look(page, '06-contoso-wrong');
      }
      await logIn(house, page, person);

      await lookInside(page, '07-enrol', language, 'enrol');
      const authenticator: Authenticator = { secret: await readKey(page, language) };
      await look(page, '08-enrol-key', language);
      await enterCode(page, clock.wrongCode(authenticator.secret ?? ''), language);
      await lookInside(page, '09-enrol-wrong', language, 'enrol');
      await onTheWay(
        visitor,
        toApp,
        () => enterCode(page, clock.freshCode(authenticator), language),
        () => lookInside(page, '10-go-back', language, 'goBack'),
      );
      await page.waitForURL(`${world.app}/`);
      if (isEnglish) await look(page, '11-app-signed-in');

      await openApp(house, page, { asForm: true });
      await giveMail(page, person.mail, language);
      await page.waitForURL(`${world.issuer}/callback/**`);
      const callback = page.url();
      await lookInside(page, '12-challenge', language, 'challenge');
      await enterCode(page, clock.wrongCode(authenticator.secret ?? ''), language);
      await lookInside(page, '13-challenge-wrong', language, 'challenge');
      await onTheWay(
        visitor,
        toApp,
        () => enterCode(page, clock.freshCode(authenticator), language),
        () => lookInside(page, '14-form-post', language, 'goBack'),
      );
      await page.waitForURL(`${world.app}/`);
      await page.goto(callback);
      await lookInside(page, '15-already-signed-in', language, 'over');
    });

    it.each([
      ['en', 'en-GB'],
      ['de', 'de-CH'],
    ] as const)('in %s, where the way ends', async (language, locale) => {
      for (const [name, page, expected] of [
        ['Cho', '16-blocked', 'blocked'],
        ['Dora', '17-no-access', 'noAccess'],
      ] as const) {
        const visitor = await house.visitor({ locale });
        await openApp(house, visitor.page);
        await giveMail(visitor.page, house.person(name).mail, language);
        await logIn(house, visitor.page, house.person(name));
        await lookInside(visitor.page, page, language, expected);
      }
      const { page } = await house.visitor({ locale });
      await page.goto(`${house.world.issuer}/mfa/verify`);
      await lookInside(page, '18-start-at-app', language, 'start');
      if (language !== 'en') return;
      await page.goto(`${house.world.app}/signin?prompt=none`);
      await look(page, '19-app-told');
      await page.goto(house.world.partner.issuer);
      await look(page, '20-contoso-front');
    });

    // last: from here on the gateway's clock is not Contoso's
    it.each([
      ['en', 'en-GB', gus],
      ['de', 'de-AT', hal],
    ] as const)(
      'in %s, by a mailed code and out again',
      async (language, locale, { mail }) => {
        const { page, context } = await house.visitor({ locale });
        const { world, clock } = house;
        const at = copyOf(language).passcode.problems;
        const problem = async (kind: keyof typeof at) =>
          expect(await page.getByRole('alert').innerText()).toContain(at[kind].summary);

        await openApp(house, page);
        await giveMail(page, mail.replace('.example', ''), language);
        expect(await page.getByRole('alert').count()).toBe(1);
        await lookInside(page, '21-sign-in-malformed', language, 'signIn');
        await giveMail(page, mail, language);
        await atPasscode(page, language);
        await lookInside(page, '22-passcode', language, 'passcode');
        const first = await mailComes(house, mail);
        const code = await readMailedCode(house, context, mail);
        await page.bringToFront();
        await enterCode(page, '1234', language);
        await problem('malformed');
        await lookInside(page, '23-passcode-malformed', language, 'passcode');
        await sendAgain(page, language);
        await lookInside(page, '24-passcode-too-early', language, 'passcode');
        for (let nth = 1; nth <= 4; nth++)
          await enterCode(page, wrongPasscode(code, nth), language);
        await problem('wrong');
        await lookInside(page, '25-passcode-wrong', language, 'passcode');
        await enterCode(page, wrongPasscode(code, 5), language);
        await problem('tooManyTries');
        await lookInside(page, '26-passcode-five-wrong', language, 'another');
        await sendAgain(page, language);
        await lookInside(page, '27-passcode-five-wrong-too-early', language, 'another');

        const { page: beside } = await house.visitor({ locale });
        await openApp(house, beside);
        await giveMail(beside, mail, language);
        await lookInside(beside, '28-passcode-held-back', language, 'another');
        await page.bringToFront();
        clock.forward(61_000);
        await sendAgain(page, language);
        await atPasscode(page, language);
        await mailComes(house, mail, first);
        clock.forward(10 * 60_000);
        await enterCode(page, code, language);
        await problem('expired');
        await lookInside(page, '29-passcode-too-old', language, 'another');
        const last = lastMail(house, mail);
        await sendAgain(page, language);
        await atPasscode(page, language);
        const third = await readMailedCode(house, context, mail, last);

        // the mail program of the local world speaks English; the mail is the guest's
        const mailbox = await openMailbox(house, context, mail);
        const subject = copyOf(language).mails.passcode.subject('Fabrikam');
        await look(mailbox, '30-mailbox', language);
        await mailbox.setViewportSize({ width: 1280, height: 800 });
        await mailbox.getByRole('link', { name: subject }).first().click();
        expect(await mailbox.title()).toBe(`${subject} · Mailbox`);
        await look(mailbox, '31-mail', language);
        await mailbox.getByRole('link', { name: 'Plain text' }).click();
        await look(mailbox, '32-mail-as-text', language);
        // out of its sandbox, where axe can look at it
        await mailbox.goto('about:blank');
        await mailbox.setContent(lastMail(house, mail)?.html ?? '');
        expect(await mailbox.locator('html').getAttribute('lang')).toBe(language);
        await look(mailbox, '33-mail-by-itself', language);

        await page.bringToFront();
        await enterCode(page, third, language);
        await lookInside(page, '34-enrol', language, 'enrol');
        const authenticator: Authenticator = { secret: await readKey(page, language) };
        await enterCode(page, clock.freshCode(authenticator), language);
        await page.waitForURL(`${world.app}/`);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await lookInside(page, '35-sign-out', language, 'signOut');
        await page.getByRole('button').click();
        await lookInside(page, '36-signed-out', language, 'signedOut');
        // sixteen pages, each in four forms
      },
      240_000,
    );
  },
);
