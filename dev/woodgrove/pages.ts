import type { ServerResponse } from 'node:http';
import { type Html, html } from '../html.ts';
import { sendPage } from '../page.ts';
import type { Clients, SignedIn } from './sign-ins.ts';

const look = { brand: 'Woodgrove', accent: '#1f6f4a' } as const;

export function sendFrontPage(response: ServerResponse, clients: Clients): void {
  sendPage(response, {
    ...look,
    title: 'Woodgrove, the demo app',
    body: html`<p>An app of Fabrikam’s that guests use. It knows nobody’s password: it sends you to
Fabrikam’s gateway and reads the token that comes back.</p>
${signInLinks(clients)}`,
  });
}

export function sendSignedInPage(
  response: ServerResponse,
  session: SignedIn,
  clients: Clients,
): void {
  const { claims, userinfo, tokens } = session;
  const name = userinfo?.name ?? claims.sub;
  sendPage(response, {
    ...look,
    title: `Hello, ${name}`,
    body: html`<p>You are signed in to ${labelOf(session.client, clients)}.</p>
<h2>What the ID token says</h2>
${claimsTable(claims)}
${
  userinfo &&
  html`<h2>What userinfo says</h2>
${claimsTable(userinfo)}`
}
<h2>What next</h2>
${signInLinks(clients)}
${
  tokens.refresh_token !== undefined &&
  html`<form method="post" action="/refresh"><button class="plain">Refresh the tokens</button></form>`
}
<form method="post" action="/logout"><button class="plain">Sign out</button></form>`,
  });
}

export function sendErrorPage(
  response: ServerResponse,
  fault: { error: string; description: string },
  clients: Clients,
): void {
  sendPage(response, {
    ...look,
    title: 'You are not signed in',
    status: 400,
    body: html`<p class="error" role="alert"><strong>${fault.error}</strong>: ${fault.description}</p>
${signInLinks(clients)}`,
  });
}

function signInLinks(clients: Clients): Html {
  const links = Object.keys(clients).map((client) => {
    const href = `/signin?client=${encodeURIComponent(client)}`;
    return html`<p><a class="button" href="${href}">Sign in: ${labelOf(client, clients)}</a>
<a href="${href}&amp;response_mode=form_post">with the answer as a form</a></p>
`;
  });
  return html`<div class="ways">
${links}</div>`;
}

function labelOf(client: string, clients: Clients): string {
  return clients[client]?.label ?? `${client} client`;
}

function claimsTable(claims: Readonly<Record<string, unknown>>): Html {
  const rows = Object.entries(claims).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${textOf(name, value)}</td></tr>
`,
  );
  return html`<table>
${rows}</table>`;
}

function textOf(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (!['iat', 'exp', 'auth_time', 'updated_at'].includes(name)) return text;
  return `${text} (${new Date(Number(value) * 1000).toISOString()})`;
}
