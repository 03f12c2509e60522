import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { readForm } from '../page.ts';
import { sendLoginPage } from './login-page.ts';
import type { Person } from './people.ts';

/** What the relying party asked for when it sent the person here. */
export type Asked = { acrValues: readonly string[]; prompt?: string; maxAgeSeconds?: number };

/** How someone signed in, as the ID token will tell it; no `amr` leaves the claim out. */
export type SignInClaims = { amr?: readonly string[]; acr?: string };

export type SignIn = {
  provider: Provider;
  people: readonly Person[];
  claimsOf: (person: Person, asked: Asked, approved: boolean) => SignInClaims;
  /** Where a second factor is asked for and the person can give it. */
  asksApproval: (asked: Asked) => boolean;
};

/** GET shows the login page, POST is its form. */
export async function serveInteraction(
  request: IncomingMessage,
  response: ServerResponse,
  { provider, people, claimsOf, asksApproval }: SignIn,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  const { params } = interaction;
  const asked = askedBy(params);
  const client = await provider.Client.find(String(params['client_id']));
  const page = {
    action: `/interaction/${interaction.uid}`,
    clientName: client?.clientName ?? client?.clientId ?? 'the app',
    mail: typeof params['login_hint'] === 'string' ? params['login_hint'] : '',
    asksApproval: asksApproval(asked),
    again: interaction.session !== undefined,
  };
  if (request.method !== 'POST') {
    sendLoginPage(response, page);
    return;
  }

  const form = await readForm(request);
  const options = { mergeWithLastSubmission: false };
  if (form.get('action') === 'cancel') {
    const error = { error: 'access_denied', error_description: 'the person cancelled' };
    await provider.interactionFinished(request, response, error, options);
    return;
  }
  const mail = (form.get('mail') ?? '').trim().toLowerCase();
  const person = people.find((candidate) => candidate.mail === mail);
  if (!person || person.password !== form.get('password')) {
    const error = 'The mail address or the password is wrong.';
    sendLoginPage(response, { ...page, mail, error });
    return;
  }
  const { amr, acr } = claimsOf(person, asked, form.get('approve') === 'yes');
  const login = {
    accountId: person.subject,
    ...(amr && { amr: [...amr] }),
    ...(acr !== undefined && { acr }),
  };
  await provider.interactionFinished(request, response, { login }, options);
}

function askedBy(params: Readonly<Record<string, unknown>>): Asked {
  const { prompt, max_age: maxAge, acr_values: acrValues } = params;
  return {
    acrValues: typeof acrValues === 'string' ? acrValues.split(' ') : [],
    ...(typeof prompt === 'string' && { prompt }),
    ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
  };
}
