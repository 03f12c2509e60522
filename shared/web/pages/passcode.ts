import type { PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import { passcodeSubject } from '../mails/letter.ts';
import type { Page, PageContext } from './layout.ts';
import { codeField, problemSummary, stepFields } from './parts.ts';

type Passcode = Extract<PageAnswer, { page: 'passcode' }>;

/** INVARIANT: nothing here depends on whether the address is known. */
export function passcodePage(answer: Passcode, { copy }: PageContext): Page {
  const text = copy.passcode;
  const { name } = answer.frame.organisation;
  const problem = answer.problem && text.problems[answer.problem];
  const { codeLabel, codeHint } = text;
  return {
    heading: text.heading,
    hasProblem: problem !== undefined,
    main: html`${problemSummary(problem, 'code', copy)}
<div class="opening">
<h1>${text.heading}</h1>
<p>${(answer.sent ? text.onItsWay : text.notSent)(name, answer.address)}</p>
<p>${text.lookFor}</p>
<dl class="facts">
<dt>${text.sender}</dt><dd>${answer.sender}</dd>
<dt>${text.subject}</dt><dd>${passcodeSubject(copy, name)}</dd>
</dl>
</div>
<form method="post" action="/otp/verify" novalidate autocomplete="off">
${stepFields(answer.step)}
${codeField(
  { codeLabel, codeHint: codeHint(answer.minutes) },
  { problem, autofocus: true, maxLength: 32 },
)}
<button>${text.submit}</button>
</form>
<section class="stack">
<div class="section">
<h2>${text.noMailHeading}</h2>
<p>${text.noMail}${answer.nextSendSeconds > 0 && ` ${text.sendAgainIn(answer.nextSendSeconds)}`}</p>
</div>
<form method="post" action="/otp/send">
${stepFields(answer.step)}
<button class="quiet">${text.sendAgain}</button>
</form>
</section>`,
  };
}
