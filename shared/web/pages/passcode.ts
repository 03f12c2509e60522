import type { PageAnswer } from '../../flows/answers.ts';
import type { ProblemText } from '../copy/index.ts';
import { type Html, html } from '../html.ts';
import { passcodeSubject } from '../mails/letter.ts';
import type { Page, PageContext } from './layout.ts';
import { codeField, problemSummary, stepFields } from './parts.ts';

type Passcode = Extract<PageAnswer, { page: 'passcode' }>;

/** INVARIANT: nothing here depends on whether the address is known. */
export function passcodePage(answer: Passcode, context: PageContext): Page {
  const { passcode } = context.copy;
  const problem = answer.problem && passcode.problems[answer.problem];
  return answer.code === 'good'
    ? enterPage(answer, problem, context)
    : anotherPage(answer, problem, context);
}

function enterPage(
  answer: Passcode,
  problem: ProblemText | undefined,
  { copy }: PageContext,
): Page {
  const text = copy.passcode;
  const { address, frame } = answer;
  const { name } = frame.organisation;
  const { codeLabel, codeHint } = text;
  return {
    heading: text.heading,
    hasProblem: problem !== undefined,
    main: html`${problemSummary(problem, 'code', copy)}
<div class="opening">
<h1>${text.heading}</h1>
${
  answer.sent
    ? html`<p>${text.onItsWay(name, address)}</p>`
    : html`<p class="notice" role="status">${text.notSent}</p>
<p>${text.useLast(name, address)}</p>`
}
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
${sendForm(answer, html`<button class="quiet">${text.sendAgain}</button>`)}
</section>`,
  };
}

/** Whatever is typed is refused until another code is out: nothing can be typed. */
function anotherPage(
  answer: Passcode,
  problem: ProblemText | undefined,
  { copy }: PageContext,
): Page {
  const text = copy.passcode;
  const why = problem?.help ?? (answer.code === 'none' ? text.goodElsewhere : text.dead);
  const { nextSendSeconds: wait } = answer;
  const next = wait > 0 ? text.sendAgainIn(wait) : text.sendAgainNow;
  return {
    heading: text.anotherHeading,
    hasProblem: problem !== undefined,
    main: html`${problemSummary(problem, 'again', copy)}
<div class="opening">
<h1>${text.anotherHeading}</h1>
${!answer.sent && html`<p class="notice" role="status">${text.notSent}</p>`}
<p>${why} ${next}</p>
</div>
${sendForm(answer, html`<button id="again" autofocus>${text.sendAgain}</button>`)}`,
  };
}

const sendForm = (answer: Passcode, button: Html): Html =>
  html`<form method="post" action="/otp/send">
${stepFields(answer.step)}
${button}
</form>`;
