import { html } from '../html.ts';
import type { Page, PageContext } from './layout.ts';

/** Goes on by itself, without a script; the button is for browsers that refuse to. */
export function goOnPage(target: string, name: string | undefined, { copy }: PageContext): Page {
  return {
    heading: copy.goOn.heading(name),
    goesOnTo: target,
    main: html`<div class="going">
<div class="opening">
<h1>${copy.goOn.heading(name)}</h1>
<p class="muted">${copy.goOn.lead}</p>
</div>
<div class="bar" aria-hidden="true"></div>
<a class="button" href="${target}" rel="noreferrer">${copy.goOn.submit(name)}</a>
</div>`,
  };
}
