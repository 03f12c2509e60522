import type { PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import { inFours } from '../in-fours.ts';
import { qrCode } from '../qr.ts';
import type { Page, PageContext } from './layout.ts';
import { codeField, codeProblem, problemSummary, stepFields, whyNote } from './parts.ts';

type Enrol = Extract<PageAnswer, { page: 'enrol' }>;

/** Three ways to the same secret: by camera, by link (a phone cannot scan itself), by hand. */
export function enrolPage(answer: Enrol, { copy }: PageContext): Page {
  const text = copy.enrol;
  const { name } = answer.frame.organisation;
  const problem = codeProblem(answer.problem, copy);
  return {
    heading: text.heading,
    hasProblem: problem !== undefined,
    wide: true,
    main: html`${problemSummary(problem, 'code', copy)}
<div class="opening">
<h1>${text.heading}</h1>
<p>${text.lead(name)}</p>
</div>
${whyNote(copy, name, answer.home)}
<ol class="steps">
<li>
<h2>${text.appHeading}</h2>
<p>${text.appText}</p>
</li>
<li>
<h2>${text.addHeading}</h2>
<div class="ways">
<p class="scan">${text.scan}</p>
<figure class="qr">${qrCode(answer.otpauth, text.qrTitle(name))}</figure>
${
  answer.otpauth.startsWith('otpauth://') &&
  html`<div class="link">
<p class="muted">${text.openLinkHint}</p>
<a class="button quiet" href="${answer.otpauth}">${text.openLink}</a>
</div>`
}
</div>
<details>
<summary>${text.typeKey}</summary>
<p>${text.typeKeyHint}</p>
<dl class="facts">
<dt>${text.account}</dt><dd>${answer.account}</dd>
<dt>${text.key}</dt><dd class="key">${inFours(answer.secret)}</dd>
<dt>${text.kind}</dt><dd>${text.kindValue}</dd>
</dl>
</details>
</li>
<li>
<form method="post" action="/mfa/enrol" novalidate autocomplete="off">
${stepFields(answer.step)}
${codeField(copy.secondStep, { problem, autofocus: problem !== undefined, heading: text.codeHeading, maxLength: 16 })}
<button>${text.submit}</button>
</form>
</li>
</ol>`,
  };
}
