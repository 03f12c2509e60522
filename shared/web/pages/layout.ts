import type { Frame } from '../../flows/answers.ts';
import { accentOf } from '../colour.ts';
import type { Copy, Language } from '../copy/index.ts';
import { type Html, html, trusted } from '../html.ts';
import { ownPath } from '../links.ts';
import { styleSheet } from '../styles.ts';

export type PageContext = {
  /** Missing only where nothing is known of who asks. */
  readonly frame: Frame | undefined;
  readonly language: Language;
  readonly copy: Copy;
};

/** What a page adds to the frame they all share. */
export type Page = {
  readonly heading: string;
  readonly main: Html;
  /** Something typed was refused: the title says so first. */
  readonly hasProblem?: boolean;
  readonly wide?: boolean;
  /** Where the browser goes on by itself; checked by `leavingFor`. */
  readonly goesOnTo?: string;
};

/** `style` is the page's inline style as it stands there, for its hash. */
export type LaidOut = { readonly markup: string; readonly style: string };

export function layOut(page: Page, { frame, language, copy }: PageContext): LaidOut {
  const style = styleSheet(frame?.organisation.accentColour);
  const again = ownPath(frame?.anotherAccount);
  const markup = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
<title>${page.hasProblem && copy.frame.errorPrefix}${page.heading} – ${
    frame ? (frame.app?.name ?? frame.organisation.name) : copy.frame.signIn
  }</title>
<link rel="icon" href="${favicon(frame)}">
<style>${trusted(style)}</style>
${page.goesOnTo && html`<meta http-equiv="refresh" content="0;url=${page.goesOnTo}">`}
</head>
<body>
<div class="${page.wide ? 'page wide' : 'page'}">
<header class="brand">${brand(frame, copy)}</header>
<main class="card">
${page.main}
</main>
${again && html`<footer class="below"><a href="${again}">${copy.frame.anotherAccount}</a></footer>`}
</div>
</body>
</html>
`;
  return { markup: markup.markup, style };
}

function brand(frame: Frame | undefined, copy: Copy): Html {
  if (!frame) {
    return html`<span class="mark" aria-hidden="true">${door}</span>
<p class="names"><b>${copy.frame.signIn}</b></p>`;
  }
  return html`<span class="mark" aria-hidden="true">${initialOf(frame)}</span>
<p class="names"><b>${frame.organisation.name}</b><span>${
    frame.app ? copy.frame.signInFor(frame.app.name) : copy.frame.signIn
  }</span></p>`;
}

const door = html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M6 21V9a6 6 0 0 1 12 0v12M3 21h18M14 14v1"/></svg>`;

function initialOf(frame: Frame): string {
  const initial = /[\p{L}\p{N}]/u.exec(frame.organisation.name)?.[0] ?? '•';
  return initial.toUpperCase().slice(0, 2);
}

/** The mark once more: there is no route for an icon. */
function favicon(frame: Frame | undefined): string {
  const { fill, on } = accentOf(frame?.organisation.accentColour, {
    light: '#ffffff',
    dark: '#000000',
  });
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${fill}"/><text x="16" y="23" font-family="system-ui,sans-serif" font-size="20" font-weight="600" text-anchor="middle" fill="${on}">${frame ? initialOf(frame) : '•'}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.markup)}`;
}
