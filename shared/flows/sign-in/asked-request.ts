import { checkAuthorizationRequest } from '../../checks/authorization-request.ts';
import { readGuid } from '../../core/ids.ts';
import { urlPlace } from '../../core/journal-text.ts';
import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Answer } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { refuseUnstored } from '../log.ts';
import { frameOf } from './frame.ts';
import { message } from './messages.ts';
import { tellApp } from './tell-app.ts';

export type GivenParameters = {
  readonly values: ReadonlyMap<string, string>;
  readonly duplicates: readonly string[];
};

export type Asked = {
  readonly kind: 'request';
  readonly app: App;
  readonly request: AuthorizationRequest;
  /** Read once and not kept. */
  readonly hints: { readonly login: string | undefined; readonly domain: string | undefined };
};

export type AskedRequest = Asked | { readonly kind: 'answer'; readonly answer: Answer };

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
        clientId: readGuid(given.values.get('client_id') ?? ''),
        redirectUri: urlPlace(given.values.get('redirect_uri')),
      },
      now,
    );
    const frame = frameOf(configuration);
    const { parameter } = verdict;
    return { kind: 'answer', answer: message(verdict.message, { frame, parameter, reference }) };
  }
  const { client: app } = verdict;
  if (verdict.kind === 'valid') {
    const { loginHint: login, domainHint: domain, ...request } = verdict.request;
    return { kind: 'request', app, request, hints: { login, domain } };
  }
  const frame = frameOf(configuration, app);
  const { error, description } = verdict;
  return { kind: 'answer', answer: tellApp(house, verdict, error, description, frame) };
}
