import type { BrowserContext, Page } from 'playwright-core';
import type { DeliveredMail } from '../../dev/mail/delivered-mail.ts';
import type { WorldOptions } from '../../dev/world.ts';
import { copyOf, type Language } from '../../shared/web/copy/index.ts';
import { enterCode, giveMail, type MailGuest, openApp } from './browser-guest.ts';
import type { House } from './browser-house.ts';

export const gus: MailGuest = { name: 'Gus Greve', mail: 'gus@smallshop.example' };

/** Another one like Gus: each mailbox has limits of its own, so each test takes its own. */
export const mailGuest = (name: string): MailGuest => ({
  name: `${name} Greve`,
  mail: `${name.toLowerCase()}@smallshop.example`,
});

/** The seeded folder with more guests like Gus, and a gateway that answers sooner. */
export const withMailGuests =
  (guests: readonly MailGuest[]): NonNullable<WorldOptions['seed']> =>
  (files) => {
    const rows = guests.map(({ name, mail }, index) => ({
      id: `a00001${String(index).padStart(2, '0')}-2f4e-4b6d-8a9c-1d3e5f7a9b05`,
      userPrincipalName: `${mail.replace('@', '_')}#EXT#@fabrikam.onmicrosoft.example`,
      displayName: name,
      mail,
      identities: [{ partner: 'mail', subject: mail }],
      groupIds: [],
    }));
    const added = rows.map((row) => [`guests/${row.mail.split('@')[0]}.json`, JSON.stringify(row)]);
    const settings = files['settings.json']?.replace(
      '"enabled": true',
      '"enabled": true, "answerMilliseconds": 800',
    );
    return { ...files, ...Object.fromEntries(added), 'settings.json': settings ?? '' };
  };

/** From the app to the page that asks for the mailed code. */
export async function comeToMailbox(
  house: House,
  page: Page,
  mail: string,
  options: Parameters<typeof openApp>[2] & { readonly language?: Language } = {},
): Promise<void> {
  const { language = 'en', ...app } = options;
  await openApp(house, page, app);
  await giveMail(page, mail, language);
  await atPasscode(page, language);
}

/** The answer comes at its moment: waited for by what is seen. */
export const atPasscode = (page: Page, language: Language = 'en'): Promise<void> =>
  page.getByRole('heading', { level: 1, name: copyOf(language).passcode.heading }).waitFor();

/**
 * The mail that came after another. Where a busy machine had no time for it in the request, the timer
 * sends it, which nothing but this fires here.
 */
export async function mailComes(
  house: House,
  address: string,
  after?: DeliveredMail,
): Promise<DeliveredMail> {
  const { mailbox, fireTimer } = house.world;
  const wait = (timeoutMs: number) =>
    mailbox.waitForMail(address, { timeoutMs, ...(after ? { after } : {}) });
  for (let tries = 0; tries < 10; tries++) {
    const mail = await wait(500).catch(() => undefined);
    if (mail) return mail;
    await fireTimer('mail-outbox');
  }
  return wait(500);
}

/** In a tab of its own, as a person looks for it: the newest message of this mailbox. */
export async function openMailbox(
  house: House,
  context: BrowserContext,
  mail: string,
): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(house.world.mailbox.url);
  await tab
    .getByRole('navigation', { name: 'Messages' })
    .getByRole('link', { name: new RegExp(`^${mail} `) })
    .click();
  return tab;
}

/** The code as it stands there, `1234 5678`; the tab is closed again. */
export async function readMailedCode(
  house: House,
  context: BrowserContext,
  mail: string,
  after?: DeliveredMail,
): Promise<string> {
  await mailComes(house, mail, after);
  const tab = await openMailbox(house, context, mail);
  const code = await tab.frameLocator('iframe').locator('.code').innerText();
  await tab.close();
  return code;
}

/** From the app past the mailbox, to the page that follows. */
export async function comeInByMail(
  house: House,
  page: Page,
  mail: string,
  options: Parameters<typeof comeToMailbox>[3] = {},
): Promise<void> {
  const last = lastMail(house, mail);
  await comeToMailbox(house, page, mail, options);
  const code = await readMailedCode(house, page.context(), mail, last);
  await page.bringToFront();
  await enterCode(page, code, options.language);
}

export const lastMail = (house: House, mail: string): DeliveredMail | undefined =>
  house.world.mailbox.mailsTo(mail).at(-1);

export const sendAgain = (page: Page, language: Language = 'en'): Promise<void> =>
  page.getByRole('button', { name: copyOf(language).passcode.sendAgain, exact: true }).click();

/** Another code than this one, another for each `nth`. */
export const wrongPasscode = (code: string, nth = 1): string =>
  String((Number(code.replaceAll(/\D/g, '')) + nth) % 100_000_000).padStart(8, '0');
