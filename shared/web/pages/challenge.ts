import type { PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import type { Page, PageContext } from './layout.ts';
import { codeField, codeProblem, problemSummary, stepFields, whyNote } from './parts.ts';

type Challenge = Extract<PageAnswer, { page: 'challenge' }>;

export function challengePage(answer: Challenge, { copy }: PageContext): Page {
  const text = copy.challenge;
  const { name } = answer.frame.organisation;
  const problem = codeProblem(answer.problem, copy);
  return {
    heading: text.heading,
    hasProblem: problem !== undefined,
    main: html`${problemSummary(problem, 'code', copy)}
<div class="opening">
<h1>${text.heading}</h1>
<p>${text.lead(name)}</p>
</div>
<form method="post" action="/mfa/verify" novalidate autocomplete="off">
${stepFields(answer.step)}
${codeField(copy.secondStep, { problem, autofocus: true, maxLength: 16 })}
<button>${text.submit}</button>
</form>
${whyNote(copy, name, answer.home)}
<details>
<summary>${text.helpSummary}</summary>
${text.help(name).map((paragraph) => html`<p>${paragraph}</p>`)}
</details>`,
  };
}
