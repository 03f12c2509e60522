import type { Language } from '../copy/index.ts';
import { html, trusted } from '../html.ts';
import type { Letter } from './letter.ts';
import { mailStyles } from './mail-styles.ts';

/**
 * A whole document that asks for nothing from elsewhere. Where a mail program drops the styles,
 * heading and paragraphs stay, in the same order.
 */
export function mailHtml(letter: Letter, language: Language, accentColour: string): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${letter.subject}</title>
<style>${trusted(mailStyles(accentColour))}</style>
</head>
<body>
<main class="mail">
<p class="from">${letter.organisation}</p>
<div class="letter">
<h1>${letter.heading}</h1>
${letter.paragraphs.map(({ kind, text }) => html`<p class="${kind}">${text}</p>\n`)}</div>
</main>
</body>
</html>
`.markup;
}
