import type { ServerResponse } from 'node:http';
import { html } from '../html.ts';
import { sendPage } from '../page.ts';

export const contosoLook = { brand: 'Contoso', accent: '#7a3e9d' } as const;

export type LoginPage = {
  action: string;
  clientName: string;
  mail: string;
  /** The relying party asks for a second factor, and this person may have one. */
  asksApproval: boolean;
  /** The person is signed in here but must prove it anew. */
  again: boolean;
  error?: string;
};

export function sendLoginPage(response: ServerResponse, page: LoginPage): void {
  sendPage(response, {
    ...contosoLook,
    title: page.again ? 'Sign in again' : 'Sign in with your Contoso account',
    body: html`<p>You go on to <strong>${page.clientName}</strong> afterwards.</p>
${page.error !== undefined && html`<p class="error" role="alert">${page.error}</p>`}
<form method="post" action="${page.action}">
<label for="mail">Mail address</label>
<input id="mail" name="mail" type="email" autocomplete="username" required value="${page.mail}"${page.mail === '' && html` autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${page.mail !== '' && html` autofocus`}>
${page.asksApproval && approval}
<button type="submit" name="action" value="login">Sign in</button>
<button type="submit" name="action" value="cancel" class="plain" formnovalidate>Cancel</button>
</form>`,
  });
}

const approval = html`<label class="inline"><input type="checkbox" name="approve" value="yes"> Approve on my phone (Contoso's second factor)</label>`;
