import { html, trusted } from '../html.ts';
import type { Page, PageContext } from './layout.ts';
import { hiddenFields } from './parts.ts';

/** The one script of all pages: the same text every time, so that its hash is all that may run. */
export const submitScript = 'document.forms[0].submit()';

/**
 * Carries the answer to the app in one fixed form, nothing of which a person fills in.
 * @see OAuth 2.0 Form Post Response Mode §2
 */
export function formPostPage(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
  name: string | undefined,
  { copy }: PageContext,
): Page {
  return {
    heading: copy.goOn.heading(name),
    main: html`<div class="going">
<div class="opening">
<h1>${copy.goOn.heading(name)}</h1>
<p class="muted">${copy.goOn.lead}</p>
</div>
<div class="bar" aria-hidden="true"></div>
<form method="post" action="${redirectUri}">
${hiddenFields(parameters)}
<button>${copy.goOn.submit(name)}</button>
</form>
</div>
<script>${trusted(submitScript)}</script>`,
  };
}
