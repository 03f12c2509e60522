import { generateSync } from 'otplib';
import { createBrowser, formOf } from './browser.ts';
import type { DeliveredMail } from './mail/delivered-mail.ts';
import type { World } from './world.ts';

/**
 * Signs a guest in over HTTP as a browser would, without script: the app, the gateway's pages, the
 * home's login or the mailbox, the code. Each step says what was asked and answered.
 */
export type WalkStep = { readonly step: string; readonly status: number };

export type Walked = {
  readonly steps: readonly WalkStep[];
  /** The app's JSON: tokens and claims, or the error it was told. */
  readonly result: unknown;
  /** The page the walk ended on, where it did not reach the app. */
  readonly page?: string;
};

export type Authenticator = { secret?: string; lastStep?: number };

export type Walker = {
  /** Without a password: somebody who proves the mailbox. */
  readonly person: { readonly mail: string; readonly password?: string };
  /** The authenticator app: filled by an enrolment, read by a challenge. */
  readonly authenticator: Authenticator;
  readonly browser?: ReturnType<typeof createBrowser>;
  /** Query of the app's /signin, `client` and `response_mode` for two. */
  readonly query?: string;
  readonly now?: () => Date;
};

const atCallback = 'GET /callback/contoso';
const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Vestibule-Walk/1';
/** The headers that a browser adds to a form of the page's own origin. */
export const ownForm = (origin: string) => ({
  origin,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
});

export const walkingBrowser = () => createBrowser({ 'user-agent': userAgent });

export async function walk(world: World, walker: Walker): Promise<Walked> {
  const browser = walker.browser ?? walkingBrowser();
  const steps: WalkStep[] = [];
  const { issuer } = world;
  const atApp = (url: URL) => url.href.startsWith(`${world.app}/callback`);
  const note = (step: string, response: Response | undefined) => {
    steps.push({ step, status: response?.status ?? 303 });
  };

  async function post(path: string, fields: URLSearchParams): Promise<string> {
    const body = fields.toString();
    const { response } = await browser.follow(
      `${issuer}${path}`,
      { method: 'POST', headers: ownForm(issuer), body },
      atApp,
    );
    note(`POST ${path}`, response);
    return (await response?.text()) ?? '';
  }

  const lastMail = world.mailbox.mailsTo(walker.person.mail).at(-1);
  const start = await browser.follow(`${world.app}/signin?${walker.query ?? ''}`, {}, atApp);
  note('GET /authorize', start.response);
  // a session does: the gateway asks for nothing
  if (!start.response) return { steps, result: await appAnswer(start.url.href) };
  let page = (await start.response?.text()) ?? '';
  for (let round = 0; round < 8; round++) {
    const form = formOf(page);
    if (form.action === '/signin') {
      form.fields.set('mail', walker.person.mail);
      page = await post('/signin', form.fields);
      continue;
    }
    if (form.action === '/otp/verify') {
      form.fields.set('code', await mailedCode(world, walker.person.mail, lastMail));
      page = await post('/otp/verify', form.fields);
      continue;
    }
    if (form.action === '/mfa/enrol') {
      walker.authenticator.secret = secretOf(page);
      delete walker.authenticator.lastStep;
      form.fields.set('code', codeOf(walker));
      page = await post('/mfa/enrol', form.fields);
      continue;
    }
    if (form.action === '/mfa/verify') {
      form.fields.set('code', codeOf(walker));
      page = await post('/mfa/verify', form.fields);
      continue;
    }
    // once: a wrong password shows the same page again
    if (form.action.includes('/interaction/') && !steps.some(({ step }) => step === atCallback)) {
      page = await atHome(form);
      continue;
    }
    const leaving = leavingOf(page);
    if (leaving?.startsWith(world.partner.issuer)) {
      const login = await browser.follow(leaving);
      note('partner: login page', login.response);
      page = (await login.response?.text()) ?? '';
      continue;
    }
    if (form.action.startsWith(`${world.app}/callback`))
      return { steps, result: await appAnswer(form.action, { method: 'POST', body: form.fields }) };
    if (leaving && atApp(new URL(leaving))) return { steps, result: await appAnswer(leaving) };
    return { steps, result: undefined, page };
  }
  throw new Error(`the walk went round in circles: ${JSON.stringify(steps)}`);

  async function atHome({ action, fields }: ReturnType<typeof formOf>): Promise<string> {
    fields.set('mail', walker.person.mail);
    fields.set('password', walker.person.password ?? '');
    fields.set('action', 'login');
    const back = await browser.follow(new URL(action, world.partner.issuer).href, {
      method: 'POST',
      body: fields.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    note(atCallback, back.response);
    return (await back.response?.text()) ?? '';
  }

  async function appAnswer(url: string, init: RequestInit = {}): Promise<unknown> {
    const response = await browser.open(url, { ...init, headers: { accept: 'application/json' } });
    note('app: callback', response);
    return response.json();
  }
}

/** As a person reads it in the mail that came after another: twice four digits. */
export async function mailedCode(
  world: Pick<World, 'mailbox'>,
  address: string,
  after?: DeliveredMail,
): Promise<string> {
  const { plainText } = await world.mailbox.waitForMail(address, after ? { after } : {});
  const code = /\b(\d{4}) (\d{4})\b/.exec(plainText);
  if (!code) throw new Error('the mail holds no code');
  return `${code[1]}${code[2]}`;
}

/** The code shown now; where that one was used already, the next one, which counts a step early. */
export function codeOf({
  authenticator,
  now = () => new Date(),
}: Pick<Walker, 'authenticator' | 'now'>): string {
  const { secret, lastStep = 0 } = authenticator;
  if (!secret) throw new Error('the page asks for a code, but no authenticator app is set up');
  const step = Math.max(Math.floor(now().getTime() / 30_000), lastStep + 1);
  authenticator.lastStep = step;
  return generateSync({ secret, epoch: step * 30 });
}

/** As a person reads it off the page: the key, blanks left out. */
export function secretOf(page: string): string {
  const uri = /otpauth:\/\/totp\/[^"]*?[?&](?:amp;)?secret=([A-Z2-7]+)/.exec(page);
  if (!uri?.[1]) throw new Error('the page shows no key');
  return uri[1];
}

/** Where a page that goes on by itself goes. */
export function leavingOf(page: string): string | undefined {
  const url = /<meta http-equiv="refresh" content="\d+;\s*url=([^"]*)"/i.exec(page)?.[1];
  return url?.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}
