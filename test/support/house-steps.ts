import { randomBytes } from 'node:crypto';
import { challengeOf } from '../../shared/checks/pkce.ts';
import { type ResetInput, resetMfa } from '../../shared/flows/admin/reset-mfa.ts';
import type { Answer } from '../../shared/flows/answers.ts';
import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { callback } from '../../shared/flows/sign-in/callback.ts';
import { secondFactor } from '../../shared/flows/sign-in/second-factor.ts';
import { signIn } from '../../shared/flows/sign-in/sign-in.ts';
import { token } from '../../shared/flows/token/token.ts';
import type { TokenAnswer } from '../../shared/flows/token/token-client.ts';
import type { At, TestHouse } from './house.ts';
import {
  codeOf,
  newBrowser,
  type PageNamed,
  pageOf,
  type TestBrowser,
  take,
} from './house-browser.ts';
import { appIds, redirectUri, secrets } from './house-folder.ts';
import { guestIds, type Person } from './house-home.ts';
import { stepMs, totpCode } from './house-totp.ts';

/** Steps of a sign-in, as a guest, a browser and an app take them: a test reads as a story. */

export type Parameters = Readonly<Record<string, string>>;
type AppName = keyof typeof appIds;

export const given = (parameters: Parameters, duplicates: readonly string[] = []) => ({
  values: new Map(Object.entries(parameters)),
  duplicates,
});

/** What an app sends a browser to /authorize with; an empty string takes a parameter away. */
export function requestOf(app: AppName, more: Parameters = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters: Parameters = {
    client_id: appIds[app],
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    state: 'state-of-the-app',
    nonce: 'nonce-of-the-app',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...more,
  };
  const kept = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
  return { app, verifier, parameters: kept };
}

/** A sign-in on its way: what the app keeps of it, the form that was posted, where it went. */
export type Trip = {
  readonly app: AppName;
  readonly verifier: string;
  readonly fields: Parameters;
  readonly url: string;
  readonly state: string;
};

export type TripOptions = {
  readonly app?: AppName;
  readonly mail?: string;
  readonly parameters?: Parameters;
};

/** A browser whose session has ended: what asks for the first factor anew. */
const sessionOver = (browser: TestBrowser): TestBrowser => ({ ...browser, session: undefined });

/** GET /authorize: the page with the form. */
export async function openForm(
  at: At,
  browser: TestBrowser,
  { app = 'woodgrove', parameters = {} }: TripOptions = {},
) {
  const request = requestOf(app, parameters);
  const shown = sessionOver(browser);
  const answer = await authorize(at.house, given(request.parameters), shown, at.now());
  const { fields } = pageOf(take(browser, answer), 'signIn');
  return { ...request, fields };
}

export async function postForm(at: At, browser: TestBrowser, fields: Parameters): Promise<Answer> {
  return take(browser, await signIn(at.house, given(fields), browser, at.now()));
}

/** From the app to the home's identity provider. */
export async function authorizeAndSignIn(
  at: At,
  browser: TestBrowser,
  options: TripOptions = {},
): Promise<Trip> {
  const form = await openForm(at, browser, options);
  const fields = { ...form.fields, mail: options.mail ?? 'someone@contoso.example' };
  const answer = await postForm(at, browser, fields);
  if (answer.kind !== 'goHome') throw new Error(`expected goHome, got ${JSON.stringify(answer)}`);
  const state = new URL(answer.url).searchParams.get('state') ?? '';
  return { app: form.app, verifier: form.verifier, fields, url: answer.url, state };
}

/** GET /callback/contoso, as the home sends the browser back. */
export async function comeBack(
  at: At,
  browser: TestBrowser,
  { state }: { readonly state: string },
  who: Person | (string & {}),
  partnerId = 'contoso',
): Promise<Answer> {
  const parameters = new URLSearchParams({ state, code: who });
  return take(browser, await callback(at.house, { partnerId, parameters, browser }, at.now()));
}

type CodePage = PageNamed<'enrol'> | PageNamed<'challenge'>;

/** POST /mfa/enrol or /mfa/verify, whichever the page is for. */
export async function sendCode(
  at: At,
  browser: TestBrowser,
  page: Pick<CodePage, 'page' | 'step'>,
  code: string,
): Promise<Answer> {
  const input = {
    action: page.page === 'enrol' ? ('register' as const) : ('challenge' as const),
    handle: page.step.handle,
    nonce: page.step.nonce,
    code,
    browser,
  };
  return take(browser, await secondFactor(at.house, input, at.now()));
}

export const enrol = (at: At, browser: TestBrowser, page: PageNamed<'enrol'>): Promise<Answer> =>
  sendCode(at, browser, page, totpCode(page.secret, at.now()));

export const verify = (
  at: At,
  browser: TestBrowser,
  page: PageNamed<'challenge'>,
  secret: string,
): Promise<Answer> => sendCode(at, browser, page, totpCode(secret, at.now()));

/** POST /token, as the app that began the trip does; `form` and `client` change what it sends. */
export async function redeem(
  at: At,
  trip: Pick<Trip, 'app' | 'verifier'>,
  code: string,
  more: { readonly form?: Parameters; readonly client?: AppName } = {},
): Promise<TokenAnswer> {
  const client = more.client ?? trip.app;
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: trip.verifier,
    ...(client === 'desktop'
      ? { client_id: appIds.desktop }
      : { client_id: appIds[client], client_secret: secrets[client] }),
    ...more.form,
  };
  const kept = new Map(Object.entries(form).filter(([, value]) => value !== ''));
  return token(at.house, { form: kept, duplicates: [], authorization: undefined }, at.now());
}

/** 200, or the error's name: for comparing outcomes. */
export const status = (answer: TokenAnswer): string =>
  answer.kind === 'tokens' ? '200' : answer.error;

export function tokensOf(answer: TokenAnswer) {
  if (answer.kind !== 'tokens') throw new Error(`expected tokens, got ${JSON.stringify(answer)}`);
  const { access_token: access, id_token: id } = answer.body;
  if (typeof access !== 'string' || typeof id !== 'string') throw new Error('a token is missing');
  return {
    body: answer.body,
    accessToken: access,
    idToken: id,
    access: claimsOf(access),
    id: claimsOf(id),
  };
}

/** Not verified: for looking at what was issued. */
export function claimsOf(jwt: string): Record<string, unknown> {
  const [, payload] = jwt.split('.');
  return JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
}

// ── whole stretches ──────────────────────────────────────────────────────────────────────────

/** As far as the page that follows the first factor. */
export async function arrive(
  at: At,
  who: Person,
  options: TripOptions & { readonly browser?: TestBrowser } = {},
) {
  const { browser = newBrowser() } = options;
  const trip = await authorizeAndSignIn(at, browser, options);
  return { browser, trip, answer: await comeBack(at, browser, trip, who) };
}

export async function arriveAtEnrolment(...story: Story) {
  const { answer, ...arrived } = await arrive(...story);
  return { ...arrived, page: pageOf(answer, 'enrol') };
}

export async function arriveAtChallenge(...story: Story) {
  const { answer, ...arrived } = await arrive(...story);
  return { ...arrived, page: pageOf(answer, 'challenge') };
}

type Story = [at: At, who: Person, options?: StoryOptions];
type StoryOptions = TripOptions & { readonly browser?: TestBrowser };

/**
 * A guest who enrolled and signed in, long enough ago that the next code counts: their browser, the
 * secret in their authenticator app, and the code that the app has not redeemed.
 */
export async function registered(world: TestHouse, who: Person, options: StoryOptions = {}) {
  const { browser, trip, page } = await arriveAtEnrolment(world, who, options);
  const code = codeOf(await enrol(world, browser, page));
  world.clock.advance(2 * stepMs);
  return { browser, trip, secret: page.secret, code };
}

/** Signed in once more with a second factor, up to the code. */
export async function granted(
  world: TestHouse,
  who: Person,
  secret: string,
  options: StoryOptions = {},
) {
  const { browser, trip, page } = await arriveAtChallenge(world, who, options);
  const code = codeOf(await verify(world, browser, page, secret));
  return { browser, trip, code };
}

// ── administrators ───────────────────────────────────────────────────────────────────────────

const administrator = {
  name: 'app:test-administrator',
  roles: ['UserAuthenticationMethod.ReadWrite.All'],
} as const;

export const reset = (at: At, who: keyof typeof guestIds, more: Partial<ResetInput> = {}) =>
  resetMfa(
    at.house,
    { guest: { id: guestIds[who] }, reason: 'lost the phone', administrator, ...more },
    at.now(),
  );
