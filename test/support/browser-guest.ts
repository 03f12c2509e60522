import type { Page } from 'playwright-core';
import type { Person } from '../../dev/partner/people.ts';
import { type Authenticator, walk } from '../../dev/walk.ts';
import { copyOf, type Language } from '../../shared/web/copy/index.ts';
import type { House } from './browser-house.ts';

/** What a guest does, by what stands on the page and not by its markup. */

/** Guests without an account anywhere, who prove their mailbox. */
export type MailGuest = { readonly name: string; readonly mail: string };

const labels = {
  confidential: 'Sign in: Woodgrove',
  public: 'Sign in: Woodgrove Desktop (public client)',
  timesheets: 'Sign in: Timesheets (only from the office)',
} as const;

type AppOptions = { readonly client?: keyof typeof labels; readonly asForm?: boolean };

/** The app's link, in a browser whose session at the gateway is over: its sign-in page comes. */
export async function openApp(house: House, page: Page, options: AppOptions = {}): Promise<void> {
  await page.context().clearCookies({ name: '__Host-session' });
  await followLink(house, page, options);
  await page.waitForURL(`${house.world.issuer}/authorize?**`);
}

/** The app's link, wherever it leads: with a session, straight back to the app. */
export async function followLink(house: House, page: Page, options: AppOptions = {}) {
  const { client = 'confidential', asForm = false } = options;
  await page.goto(house.world.app);
  const line = page
    .getByRole('paragraph')
    .filter({ has: page.getByRole('link', { name: labels[client], exact: true }) });
  const link = asForm ? 'with the answer as a form' : labels[client];
  await line.getByRole('link', { name: link, exact: true }).click();
}

export async function giveMail(page: Page, mail: string, language: Language = 'en') {
  const copy = copyOf(language).signIn;
  await page.getByLabel(copy.mailLabel).fill(mail);
  await page.getByRole('button', { name: copy.submit, exact: true }).click();
}

/** At Contoso, as far as the gateway's next page. */
export async function logIn(house: House, page: Page, person: Person): Promise<void> {
  await page.waitForURL(`${house.world.partner.issuer}/**`);
  await page.getByLabel('Mail address').fill(person.mail);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${house.world.issuer}/**`);
}

/** Contoso still knows this browser: no password is asked. */
export async function comeBack(
  house: House,
  page: Page,
  person: Person,
  options: Parameters<typeof openApp>[2] = {},
): Promise<void> {
  await openApp(house, page, options);
  await giveMail(page, person.mail);
  await page.waitForURL(`${house.world.issuer}/callback/**`);
}

/** As far as the gateway's page after Contoso. */
export async function comeIn(
  house: House,
  page: Page,
  person: Person,
  options: Parameters<typeof openApp>[2] & { readonly mail?: string } = {},
): Promise<void> {
  await openApp(house, page, options);
  await giveMail(page, options.mail ?? person.mail);
  await logIn(house, page, person);
}

/** Off the page, as a person types it into the app. */
export async function readKey(page: Page, language: Language = 'en'): Promise<string> {
  const copy = copyOf(language).enrol;
  await page.getByText(copy.typeKey).click();
  const key = await page.locator('dt', { hasText: copy.key }).locator('+ dd').innerText();
  return key.replaceAll(/\s/g, '');
}

export async function enterCode(page: Page, code: string, language: Language = 'en') {
  const copy = copyOf(language);
  const button = page.getByRole('button', {
    name: new RegExp(`^(${copy.enrol.submit}|${copy.challenge.submit})$`),
  });
  await page.locator('#code').fill(code);
  await button.click();
}

/** Not through a browser: for tests that begin with the second sign-in. */
export async function enrolled(house: House, name: 'Ann' | 'Ben'): Promise<Authenticator> {
  const authenticator: Authenticator = {};
  const person = house.person(name);
  const walked = await walk(house.world, { person, authenticator, now: house.clock.now });
  if (!walked.result) throw new Error(`${name} did not arrive: ${walked.page}`);
  return authenticator;
}

/** Sets up the authenticator app on the enrolment page and goes on to the app. */
export async function enrol(house: House, page: Page, authenticator: Authenticator) {
  authenticator.secret = await readKey(page);
  delete authenticator.lastStep;
  await enterCode(page, house.clock.freshCode(authenticator));
  await page.waitForURL(`${house.world.app}/`);
}

export const heading = (page: Page): Promise<string> =>
  page.getByRole('heading', { level: 1 }).innerText();

/** The app's table of what the ID token says. */
export async function claimsOnPage(page: Page): Promise<Readonly<Record<string, string>>> {
  const read =
    "Object.fromEntries([...document.querySelector('table').rows].map((row) => [...row.cells].map((cell) => cell.textContent)))";
  return page.evaluate(read);
}

/** What has the keyboard: its id, or what it says. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()');
