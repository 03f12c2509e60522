import { requestParameters } from '../../checks/authorization-request.ts';
import { newSignInId } from '../../core/handles.ts';
import { type BrowserSecret, newBrowserSecret, readBrowserSecret } from '../../core/ids.ts';
import { namedMac } from '../../core/seal.ts';
import type { Answer, Browser, SetCookie } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { signInBySession } from '../session/sign-in-by-session.ts';
import { type Asked, type GivenParameters, readRequest } from './asked-request.ts';
import { frameOf } from './frame.ts';
import { isMailDoorOpen, partnerNamed } from './home-realm.ts';
import { goHome, startAtHome } from './start-at-home.ts';
import { tellApp } from './tell-app.ts';

/**
 * GET /authorize: validates and stores nothing. The page's form carries the request itself, a
 * sign-in id and a CSRF value; POST /signin validates them again, as if new. A request that names
 * its partner goes straight on; one of a browser with a session needs no first factor.
 */
export async function authorize(
  house: House,
  given: GivenParameters,
  browser: Browser,
  now: Date,
): Promise<Answer> {
  const configuration = await house.configuration();
  const asked = readRequest(house, configuration, given, now);
  if (asked.kind === 'answer') return asked.answer;
  const { app, request, hints } = asked;
  const session = await signInBySession(house, configuration, { asked, browser }, now);
  if (session.kind === 'answer') return session.answer;
  if (request.prompt.includes('none')) {
    const frame = frameOf(configuration, app, request);
    return tellApp(house, request, 'login_required', 'nobody is signed in', frame);
  }

  const held = readBrowserSecret(browser.secret);
  const secret = held ?? newBrowserSecret();
  const cookies: readonly SetCookie[] = held ? [] : [{ cookie: 'browser', value: secret }];
  const partner = partnerNamed(configuration, hints.domain);
  // over somebody's session no link leads on by itself: it could change who is signed in
  if (partner?.enabled && session.kind === 'none') {
    const [id, ipAddress] = [newSignInId(now), browser.ipAddress];
    const started = { request, partner, id, secret, mail: hints.login, ipAddress };
    const signIn = await startAtHome(house, started, now);
    return { ...(await goHome(house, configuration, signIn, now)), cookies };
  }
  return signInPage(house, configuration, { ...asked, given, secret, now }, { cookies });
}

type PageInput = Asked & {
  readonly given: GivenParameters;
  readonly secret: BrowserSecret;
  readonly now: Date;
};

export async function signInPage(
  house: House,
  configuration: Configuration,
  { app, request, hints, given, secret, now }: PageInput,
  more: {
    readonly cookies?: readonly SetCookie[];
    readonly mail?: string;
    readonly problem?: 'mailMalformed' | 'noWayIn';
  } = {},
): Promise<Answer> {
  const id = newSignInId(now);
  const carried = [...given.values].filter(([name]) => requestParameters.includes(name));
  const enabled = [...configuration.partners.values()].filter((partner) => partner.enabled);
  return {
    kind: 'page',
    page: 'signIn',
    frame: frameOf(configuration, app, request),
    fields: {
      ...Object.fromEntries(carried),
      signin_id: id,
      csrf: namedMac(await keyFor(house.keys, 'csrf'), id, secret),
    },
    partners: enabled.map(({ id: partner, displayName }) => ({ id: partner, name: displayName })),
    byMail: isMailDoorOpen(house, configuration),
    mail: more.mail ?? hints.login,
    problem: more.problem,
    cookies: more.cookies,
  };
}
