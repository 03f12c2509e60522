import type { PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import type { Page, PageContext } from './layout.ts';
import { hiddenFields } from './parts.ts';

type SignOut = Extract<PageAnswer, { page: 'signOut' }>;

/** Asks first: another site may have sent the browser here. */
export function signOutPage(answer: SignOut, { copy }: PageContext): Page {
  const text = copy.signOut;
  return {
    heading: text.heading,
    main: html`<div class="opening">
<h1>${text.heading}</h1>
<p>${text.lead(answer.frame.organisation.name)}</p>
<p>${text.stay}</p>
</div>
<form method="post" action="/logout">
${hiddenFields(answer.fields)}
<button>${text.submit}</button>
</form>`,
  };
}
