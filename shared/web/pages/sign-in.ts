import type { PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import type { Page, PageContext } from './layout.ts';
import { hiddenFields, problemSummary } from './parts.ts';

type SignIn = Extract<PageAnswer, { page: 'signIn' }>;

/** One form for both ways: the mail address first, since Enter takes a form's first button. */
export function signInPage(answer: SignIn, { copy }: PageContext): Page {
  const text = copy.signIn;
  const { name } = answer.frame.organisation;
  const problem = answer.problem && text.problems[answer.problem](name);
  return {
    heading: text.heading,
    hasProblem: problem !== undefined,
    main: html`${problemSummary(problem, 'mail', copy)}
<div class="opening">
<h1>${text.heading}</h1>
<p>${text.lead(name, answer.frame.app?.name)}</p>
</div>
<form method="post" action="/signin" novalidate>
${hiddenFields(answer.fields)}
<div class="field">
<label for="mail">${text.mailLabel}</label>
<p class="muted small" id="mail-hint">${text.mailHint(name)}</p>
${problem && html`<p class="help-wrong" id="mail-problem">${problem.help}</p>`}
<input id="mail" name="mail" type="email" autocomplete="email" autocapitalize="off" spellcheck="false" maxlength="254" value="${answer.mail}" aria-describedby="${
      problem ? 'mail-problem mail-hint' : 'mail-hint'
    }"${problem && html` aria-invalid="true"`} autofocus>
</div>
<button>${text.submit}</button>
${
  answer.partners.length > 0 &&
  html`<p class="or">${text.or}</p>
<div class="stack">
${answer.partners.map(
  (partner) =>
    html`<button class="quiet" name="partner" value="${partner.id}">${text.partner(partner.name)}</button>`,
)}
</div>`
}
</form>
<p class="muted small">${text.passwordNote(name, answer.byMail)}</p>`,
  };
}
