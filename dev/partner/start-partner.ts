import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { html } from '../html.ts';
import { closeServers, listen } from '../listen.ts';
import { sendPage } from '../page.ts';
import { contosoMfaAcr, createConfiguration } from './configuration.ts';
import { contosoLook } from './login-page.ts';
import { contosoPeople, type Person } from './people.ts';
import { type SignInClaims, serveInteraction } from './sign-in.ts';

export type PartnerOptions = {
  /** 0 takes a free port. */
  port: number;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  people?: readonly Person[];
  log?: (line: string) => void;
};

/** Contoso: an identity provider whose people are Fabrikam's guests. */
export async function startPartner(options: PartnerOptions) {
  const { people = contosoPeople, log = console.log } = options;
  let handle = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end();
  };
  const { port, servers } = await listen((request, response) => handle(request, response), {
    port: options.port,
    addresses: ['127.0.0.1'],
  });
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, await createConfiguration({ ...options, people }));
  provider.on('server_error', (_ctx, error) => log(`Contoso failed: ${error.stack}`));

  const overrides = new Map<string, SignInClaims>();
  const signIn = {
    provider,
    people,
    claimsOf: (person: Person, _asked: unknown, approved: boolean): SignInClaims =>
      overrides.get(person.subject) ?? claimsOf(person, approved),
    asksApproval: ({ acrValues }: { acrValues: readonly string[] }) =>
      acrValues.includes(contosoMfaAcr),
  };
  const serveProtocol = provider.callback();

  handle = (request, response) => {
    if (request.url === '/') return sendFrontPage(response, people);
    if (!request.url?.startsWith('/interaction/')) return void serveProtocol(request, response);
    serveInteraction(request, response, signIn).catch((error: Error) => {
      sendExpiredPage(response, error);
    });
  };

  const close = () => closeServers(servers);
  return {
    issuer,
    people,
    /** How this person signs in from now on, whatever was asked; `undefined` is as usual again. */
    setSignInClaims(subject: string, claims: SignInClaims | undefined): void {
      if (claims) overrides.set(subject, claims);
      else overrides.delete(subject);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function claimsOf(person: Person, approved: boolean): SignInClaims {
  return approved && person.approves
    ? { amr: ['pwd', 'mfa'], acr: contosoMfaAcr }
    : { amr: ['pwd'] };
}

function sendFrontPage(response: ServerResponse, people: readonly Person[]): void {
  sendPage(response, {
    ...contosoLook,
    title: 'Contoso’s people',
    body: html`<p>An identity provider for development. These are the people it knows:</p>
<table><tr><th>Mail address</th><th>Password</th></tr>
${people.map((person) => html`<tr><td>${person.mail}</td><td>${person.password}</td></tr>`)}
</table>`,
  });
}

function sendExpiredPage(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendPage(response, {
    ...contosoLook,
    title: 'This sign-in is over',
    status: 400,
    body: html`<p class="error" role="alert">${error.message}</p>
<p>Go back to the app you came from and start again.</p>`,
  });
}
