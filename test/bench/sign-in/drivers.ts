import { formOf } from '../../../dev/browser.ts';
import { leavingOf, ownForm } from '../../../dev/walk.ts';
import type { Answered, Browser } from '../support/http-client.ts';
import type { Mailboxes } from './mailboxes.ts';
import { codeAt, type Door, mailOf, subjectOf } from './people.ts';
import { authorizationQuery, redirectUri, type State, tokenForm } from './protocol.ts';

/** One sign-in over HTTP, from the app's request to its tokens. */
export type Driver = (
  browser: Browser,
  server: State,
  index: number,
  mailboxes: Mailboxes,
) => Promise<void>;

const atApp = (url: URL | undefined) => url?.href.startsWith(redirectUri) === true;

const at = (url: string, path: string, query: Record<string, string> = {}) =>
  new URL(`${path}?${new URLSearchParams(query).toString()}`, url);

/** Redirects until the app is reached: oidc-provider and the floor. */
export const throughRedirects =
  (paths: { readonly authorize: string; readonly token: string }): Driver =>
  async (browser, { url }, index) => {
    let answer = await browser.get(at(url, paths.authorize, authorizationQuery(`s${index}`)));
    while (answer.status === 303 && !atApp(answer.location))
      answer = await browser.get(answer.location);
    await redeem(browser, at(url, paths.token), answer, answer.location);
  };

/** The sign-in page, the partner (skipped: its answer is made up), the code page where there is one. */
export const throughVestibule: Driver = async (browser, server, index) => {
  const { url } = server;
  const leaving = await chooseDoor(browser, url, 'home', index);
  const home = new URL(leavingOf(leaving.body) ?? fail(leaving));
  const back = { state: home.searchParams.get('state') ?? '', code: subjectOf(index) };
  const answer = await browser.get(at(url, '/callback/contoso', back));
  await toTheApp(browser, server, answer);
};

/** The sign-in page, the mailed code, the code page where there is one. */
export const throughMailbox: Driver = async (browser, server, index, mailboxes) => {
  const { url } = server;
  const asked = formOf((await chooseDoor(browser, url, 'mailbox', index)).body);
  asked.fields.set('code', await mailboxes.take(mailOf('mailbox', index)));
  const answer = await browser.post(at(url, asked.action), asked.fields, ownForm(url));
  await toTheApp(browser, server, answer);
};

async function chooseDoor(
  browser: Browser,
  url: string,
  door: Door,
  index: number,
): Promise<Answered> {
  const asked = await browser.get(at(url, '/authorize', authorizationQuery(`s${index}`)));
  const { action, fields } = formOf(asked.body);
  fields.set('mail', mailOf(door, index));
  return browser.post(at(url, action), fields, ownForm(url));
}

/** After the first factor. */
async function toTheApp(
  browser: Browser,
  { url, aheadMs }: State,
  answered: Answered,
): Promise<void> {
  let answer = answered;
  const { action, fields } = formOf(answer.body);
  if (action === '/mfa/verify') {
    fields.set('code', codeAt(Date.now() + aheadMs));
    answer = await browser.post(at(url, action), fields, ownForm(url));
  }
  const page = leavingOf(answer.body);
  await redeem(browser, at(url, '/token'), answer, page ? new URL(page) : answer.location);
}

/** Four requests that nothing is done for. */
export const throughEmptyFunction: Driver = async (browser, { url }, index) => {
  const form = () => new URLSearchParams(authorizationQuery(`s${index}`));
  await browser.get(at(url, '/empty', authorizationQuery(`s${index}`)));
  await browser.post(at(url, '/empty'), form());
  await browser.get(at(url, '/empty'));
  const last = await browser.post(at(url, '/empty'), form());
  if (last.status !== 200) fail(last);
};

async function redeem(browser: Browser, endpoint: URL, answer: Answered, to: URL): Promise<void> {
  const code = atApp(to) ? to.searchParams.get('code') : null;
  if (code === null) fail(answer);
  const tokens = await browser.post(endpoint, new URLSearchParams(tokenForm(code ?? '')));
  if (tokens.status !== 200 || !tokens.body.includes('"id_token":"ey')) fail(tokens);
}

function fail(answer: Answered): never {
  throw new Error(
    `not expected: ${answer.status} ${answer.location.href} ${answer.body.slice(-1500)}`,
  );
}
