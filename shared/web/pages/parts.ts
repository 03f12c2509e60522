import type { CodeProblem, Step } from '../../flows/answers.ts';
import type { Copy, ProblemText } from '../copy/index.ts';
import { type Html, html } from '../html.ts';

export function hiddenFields(fields: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}

export function stepFields(step: Step): Html {
  return hiddenFields({ handle: step.handle, nonce: step.nonce });
}

/** First thing in the page, with a link to the field. */
export function problemSummary(problem: ProblemText | undefined, field: string, copy: Copy): Html {
  if (!problem) return html``;
  return html`<div class="problem" role="alert">
<h2>${copy.frame.problemHeading}</h2>
<p><a href="#${field}">${problem.summary}</a></p>
</div>`;
}

export function codeProblem(problem: CodeProblem | undefined, copy: Copy): ProblemText | undefined {
  return problem && copy.secondStep.problems[problem];
}

/** A `heading` is the label itself. */
export function codeField(
  text: { readonly codeLabel: string; readonly codeHint: string },
  options: {
    readonly problem: ProblemText | undefined;
    readonly autofocus: boolean;
    readonly heading?: string;
    /** With room for blanks, as the code is shown and pasted. */
    readonly maxLength: number;
  },
): Html {
  const { problem } = options;
  return html`<div class="field">
${
  options.heading
    ? html`<h2><label for="code">${options.heading}</label></h2>`
    : html`<label for="code">${text.codeLabel}</label>`
}
<p class="muted small" id="code-hint">${text.codeHint}</p>
${problem && html`<p class="help-wrong" id="code-problem">${problem.help}</p>`}
<input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="${options.maxLength}" required aria-describedby="${
    problem ? 'code-problem code-hint' : 'code-hint'
  }"${problem && html` aria-invalid="true"`}${options.autofocus && html` autofocus`}>
</div>`;
}

export function whyNote(copy: Copy, organisation: string, home: string | undefined): Html {
  return html`<p class="why"><b>${copy.secondStep.whyHeading}</b> ${copy.secondStep.why(organisation, home)}</p>`;
}
