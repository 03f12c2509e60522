import {
  checkAuthorizationRequest,
  requestParameters,
} from '../../checks/authorization-request.ts';
import { newSignInId } from '../../core/handles.ts';
import { type BrowserSecret, newBrowserSecret, readBrowserSecret } from '../../core/ids.ts';
import { namedMac } from '../../core/seal.ts';
import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Answer, Browser, Frame, SetCookie } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { refuseUnstored } from '../log.ts';
import { frameOf } from './frame.ts';
import { partnerNamed } from './home-realm.ts';
import { message } from './messages.ts';
import { goHome, startAtHome } from './start-at-home.ts';

export type GivenParameters = {
  readonly values: ReadonlyMap<string, string>;
  readonly duplicates: readonly string[];
};

/**
 * GET /authorize: validates and stores nothing. The page's form carries the request itself, a
 * sign-in id and a CSRF value; POST /signin validates them again, as if new. A request that names
 * its partner goes straight on.
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
  const { app, request } = asked;
  const frame = frameOf(configuration, app, request);
  if (request.prompt.includes('none'))
    return tellApp(house, request, 'login_required', 'no session can be used yet', frame);

  const held = readBrowserSecret(browser.secret);
  const secret = held ?? newBrowserSecret();
  const cookies: readonly SetCookie[] = held ? [] : [{ cookie: 'browser', value: secret }];
  const partner = partnerNamed(configuration, request.domainHint);
  if (partner?.enabled) {
    const started = { request, partner, id: newSignInId(now), secret, mail: request.loginHint };
    const signIn = await startAtHome(house, started, now);
    return { ...(await goHome(house, configuration, signIn, now)), cookies };
  }
  return signInPage(house, configuration, { app, request, given, secret, now }, { cookies });
}

export type AskedRequest =
  | { readonly kind: 'request'; readonly app: App; readonly request: AuthorizationRequest }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** The request against the apps as they are now: or what the app, or the page, is told instead. */
export function readRequest(
  house: House,
  configuration: Configuration,
  given: GivenParameters,
  now: Date,
): AskedRequest {
  const verdict = checkAuthorizationRequest(given.values, given.duplicates, (id) => {
    const app = configuration.apps.get(id);
    // an app without redirect URIs signs nobody in
    return app && app.redirectUris.length > 0 ? app : undefined;
  });
  if (verdict.kind === 'page') {
    const reference = refuseUnstored(
      house,
      'authorizationRequestRefused',
      {
        message: verdict.message,
        parameter: verdict.parameter,
        clientId: printable(given.values.get('client_id')),
        redirectUri: printable(given.values.get('redirect_uri')),
      },
      now,
    );
    const frame = frameOf(configuration);
    const { parameter } = verdict;
    return { kind: 'answer', answer: message(verdict.message, { frame, parameter, reference }) };
  }
  const { client: app } = verdict;
  if (verdict.kind === 'valid') return { kind: 'request', app, request: verdict.request };
  const frame = frameOf(configuration, app);
  const { error, description } = verdict;
  return { kind: 'answer', answer: tellApp(house, verdict, error, description, frame) };
}

/** RFC 6749 §4.1.2.1, with `iss` (RFC 9207 §2). */
function tellApp(
  house: House,
  to: {
    readonly redirectUri: string;
    readonly responseMode: 'query' | 'form_post';
    readonly state?: string | undefined;
  },
  error: string,
  description: string,
  frame: Frame,
): Answer {
  return {
    kind: 'authorizationResponse',
    frame,
    redirectUri: to.redirectUri,
    responseMode: to.responseMode,
    parameters: {
      error,
      error_description: description,
      ...(to.state === undefined ? {} : { state: to.state }),
      iss: house.issuer,
    },
  };
}

type PageInput = {
  readonly app: App;
  readonly request: AuthorizationRequest;
  readonly given: GivenParameters;
  readonly secret: BrowserSecret;
  readonly now: Date;
};

export async function signInPage(
  house: House,
  configuration: Configuration,
  { app, request, given, secret, now }: PageInput,
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
    mail: more.mail ?? request.loginHint,
    problem: more.problem,
    cookies: more.cookies,
  };
}

/** For the JSON line: short, one line, nothing a terminal would act on. */
const printable = (text: string | undefined): string =>
  (text ?? '').slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?');
