import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Frame } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';

export function frameOf(
  configuration: Configuration,
  app?: App,
  request?: AuthorizationRequest,
): Frame {
  const { displayName, accentColour } = configuration.settings.organisation;
  return {
    organisation: { name: displayName, accentColour },
    app: app && { name: app.displayName },
    uiLocales: request?.uiLocales,
    anotherAccount: request && authorizePath(request),
  };
}

/** The same request from the start, with a fresh authentication at home. */
function authorizePath(request: AuthorizationRequest): string {
  const parameters = new URLSearchParams({
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    response_mode: request.responseMode,
    scope: request.scope,
    prompt: 'login',
  });
  const optional = {
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    ui_locales: request.uiLocales,
    resource: request.resource,
  };
  for (const [name, value] of Object.entries(optional))
    if (value !== undefined) parameters.set(name, value);
  if (request.codeChallenge) parameters.set('code_challenge_method', 'S256');
  return `/authorize?${parameters.toString()}`;
}
