import type { Copy, EndText } from '../copy/index.ts';
import { type Html, html } from '../html.ts';
import type { Page } from './layout.ts';

type End = {
  readonly copy: Copy;
  readonly text: EndText;
  readonly sign: 'stop' | 'hint';
  readonly next: Html;
  /** Who can help; nobody where no help is needed. */
  readonly ask: readonly string[];
  readonly reference: string | undefined;
};

/** Where a way ends: plain cause, next step, who to ask, and what to tell them. */
export function endPage({ copy, text, sign, next, ask, reference }: End): Page {
  return {
    heading: text.heading,
    main: html`<div class="opening">
${signs[sign]}
<h1>${text.heading}</h1>
<p>${text.cause}</p>
</div>
<section class="section">
<h2>${copy.end.nextHeading}</h2>
${next}
</section>
${
  ask.length > 0 &&
  html`<section class="section">
<h2>${copy.end.askHeading}</h2>
${ask.map((paragraph) => html`<p>${paragraph}</p>`)}
</section>`
}
${
  reference &&
  html`<dl class="reference">
<dt>${copy.end.reference}</dt>
<dd class="value">${reference}</dd>
<dd class="hint">${copy.end.referenceHint}</dd>
</dl>`
}`,
  };
}

const signs = {
  stop: html`<svg class="sign" aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"><circle cx="12" cy="12" r="9.5"/><path d="M12 7v6M12 16.5v.01"/></svg>`,
  hint: html`<svg class="sign" aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"><circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.5v.01"/></svg>`,
} as const;
