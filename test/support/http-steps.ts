import { createHash, randomBytes } from 'node:crypto';
import { formOf } from '../../dev/browser.ts';
import { type Authenticator, codeOf, leavingOf, secretOf } from '../../dev/walk.ts';
import type { HttpBrowser } from './http-browser.ts';
import { authorizationAnswerOf, type Got } from './http-send.ts';
import { basic, type HttpWorld, ownForm } from './http-world.ts';

/** The steps of a sign-in one by one, each a request that a test can change. */

export type ClientName = 'confidential' | 'public' | 'timesheets';

export type Asked = {
  readonly client: ClientName;
  readonly url: string;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
};

export const random = (): string => randomBytes(24).toString('base64url');

export const challengeFor = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** An authorization request written by hand; `undefined` leaves a parameter out. */
export function ask(
  world: HttpWorld,
  changes: Readonly<Record<string, string | undefined>> = {},
  client: ClientName = 'confidential',
): Asked {
  const verifier = random() + random();
  const parameters: Record<string, string | undefined> = {
    client_id: world.clients[client].id,
    redirect_uri: `${world.app}/callback`,
    response_type: 'code',
    scope: 'openid profile email',
    state: random(),
    nonce: random(),
    code_challenge: challengeFor(verifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.set(name, value);
  return {
    client,
    url: `${world.issuer}/authorize?${query.toString()}`,
    redirectUri: parameters['redirect_uri'] ?? '',
    verifier,
    state: parameters['state'] ?? '',
    nonce: parameters['nonce'] ?? '',
  };
}

/** GET /authorize: the sign-in page's form, of a browser whose session is over. */
export async function signInForm(browser: HttpBrowser, asked: Asked): Promise<URLSearchParams> {
  browser.dropCookie(asked.url, '__Host-session');
  const got = await browser.open(asked.url);
  const { action, fields } = formOf(got.text);
  if (action !== '/signin') throw new Error(`no sign-in form, but ${got.status}: ${textOf(got)}`);
  return fields;
}

export async function postOwn(
  world: HttpWorld,
  browser: HttpBrowser,
  path: string,
  fields: URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<Got> {
  return browser.open(`${world.issuer}${path}`, {
    method: 'POST',
    headers: { ...ownForm(world.issuer), ...headers },
    body: fields,
  });
}

/** From /authorize to the address at the partner that the gateway sends the browser to. */
export async function leaveForHome(
  world: HttpWorld,
  browser: HttpBrowser,
  asked: Asked,
  mail = 'ann@contoso.example',
): Promise<string> {
  const fields = await signInForm(browser, asked);
  fields.set('mail', mail);
  const got = await postOwn(world, browser, '/signin', fields);
  const leaving = leavingOf(got.text);
  if (leaving === undefined) throw new Error(`stays here, ${got.status}: ${textOf(got)}`);
  return leaving;
}

/** Mail and password at Contoso; the callback's address, not opened yet. */
export async function proveAtHome(
  world: HttpWorld,
  browser: HttpBrowser,
  url: string,
  mail = 'ann@contoso.example',
): Promise<string> {
  const toGateway = (target: URL) => target.origin === world.issuer;
  const login = await browser.follow(url, {}, toGateway);
  if (!login.got) return login.url;
  const { action, fields } = formOf(login.got.text);
  const person = world.people.find((candidate) => candidate.mail === mail);
  fields.set('mail', mail);
  fields.set('password', person?.password ?? '');
  fields.set('action', 'login');
  const back = await browser.follow(
    new URL(action, world.partner.issuer).href,
    { method: 'POST', body: fields },
    toGateway,
  );
  if (back.got)
    throw new Error(`Contoso keeps the person, ${back.got.status}: ${textOf(back.got)}`);
  return back.url;
}

/** To the callback's answer: the code page, an enrolment, or a refusal. */
export async function comeBack(
  world: HttpWorld,
  browser: HttpBrowser,
  asked: Asked,
  mail = 'ann@contoso.example',
): Promise<Got> {
  const url = await proveAtHome(
    world,
    browser,
    await leaveForHome(world, browser, asked, mail),
    mail,
  );
  return browser.open(url);
}

/** The code page or the enrolment page, answered rightly. A code is good once, so the clock goes on. */
export async function proveHere(
  world: HttpWorld,
  browser: HttpBrowser,
  page: Got,
  authenticator: Authenticator,
): Promise<Got> {
  const { action, fields } = formOf(page.text);
  if (action === '/mfa/enrol') {
    authenticator.secret = secretOf(page.text);
    delete authenticator.lastStep;
  } else if (action === '/mfa/verify') world.advance(30_000);
  else throw new Error(`no second factor is asked, but ${page.status}: ${textOf(page)}`);
  fields.set('code', codeOf({ authenticator, now: world.clock }));
  return postOwn(world, browser, action, fields);
}

export type Person = {
  readonly mail: string;
  readonly authenticator: Authenticator;
  readonly browser: HttpBrowser;
};

/** All the way to the answer for the app. */
export async function signInAs(
  world: HttpWorld,
  person: Person,
  asked: Asked,
): Promise<URLSearchParams> {
  const page = await comeBack(world, person.browser, asked, person.mail);
  const answered = await proveHere(world, person.browser, page, person.authenticator);
  const answer = authorizationAnswerOf(answered, world.issuer);
  if (!answer?.has('code')) throw new Error(`no code, ${answered.status}: ${textOf(answered)}`);
  return answer;
}

/** POST /token for a code; `undefined` leaves a field out. */
export async function redeem(
  world: HttpWorld,
  asked: Asked,
  code: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  as: ClientName = asked.client,
): Promise<Got> {
  const client = world.clients[as];
  const fields: Record<string, string | undefined> = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: asked.redirectUri,
    code_verifier: asked.verifier,
    ...('secret' in client ? {} : { client_id: client.id }),
    ...changes,
  };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) body.set(name, value);
  return world.send('/token', {
    method: 'POST',
    headers: 'secret' in client ? basic(client.id, client.secret) : {},
    body,
  });
}

export const userinfo = (world: HttpWorld, token: unknown): Promise<Got> =>
  world.send('/userinfo', { headers: { authorization: `Bearer ${String(token)}` } });

/** A page as a person reads it, for messages of failing tests. */
export const textOf = (got: Got): string =>
  got.text
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 300);

/** The reference code on a page. */
export const referenceOn = (got: Got): string | undefined =>
  /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}\b/.exec(got.text)?.[0];
