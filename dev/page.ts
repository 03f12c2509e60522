import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Html, html } from './html.ts';

type Page = { title: string; brand: string; accent: string; body: Html; status?: number };

type Document = { title: string; style: string; body: Html; status?: number };

const maxFormBytes = 64 * 1024;

/** A whole page of the local world, without script and without anything fetched. */
export function sendPage(response: ServerResponse, page: Page): void {
  sendDocument(response, {
    ...page,
    title: `${page.title} · ${page.brand}`,
    style: styleSheet(page.accent),
    body: html`<header><span class="brand">${page.brand}</span></header>
<main><h1>${page.title}</h1>
${page.body}</main>`,
  });
}

/** The same with a look of its own. */
export function sendDocument(response: ServerResponse, page: Document): void {
  const hash = createHash('sha256').update(page.style).digest('base64');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>${{ html: page.style }}</style>
</head>
<body>
${page.body}
</body>
</html>
`;
  response.writeHead(page.status ?? 200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // no form-action: browsers apply it to every redirect after a form, and these lead elsewhere
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  response.end(document.html);
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}

/** A form as the browser sent it; throws when it is longer than any of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxFormBytes) throw new Error('the form is too long');
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function styleSheet(accent: string): string {
  return `
:root { color-scheme: light dark; --accent: ${accent}; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f4f5f7, #16181c); color: light-dark(#1b1d21, #e8eaed); }
header { background: var(--accent); color: #fff; padding: .75rem 1.25rem; }
.brand { font-weight: 600; letter-spacing: .02em; }
main { max-width: 44rem; margin: 2rem auto; padding: 1.5rem; background: light-dark(#fff, #202329); border-radius: .5rem; box-shadow: 0 1px 4px #0003; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
label.inline { font-weight: 400; }
input:not([type=checkbox]) { width: 100%; padding: .5rem; font: inherit; border: 1px solid #8a8f98; border-radius: .25rem; background: transparent; color: inherit; }
button, .button { display: inline-block; margin: 1rem .5rem 0 0; padding: .5rem 1rem; font: inherit; border: 1px solid var(--accent); border-radius: .25rem; background: var(--accent); color: #fff; text-decoration: none; cursor: pointer; }
.ways > * { display: flex; flex-wrap: wrap; align-items: baseline; gap: .5rem 1rem; margin: 1rem 0 0; }
.ways .button { margin: 0; }
button.plain, .button.plain { background: transparent; color: inherit; }
:focus-visible { outline: 3px solid light-dark(#1b6ac9, #9cc4ff); outline-offset: 2px; }
.error { border-left: .3rem solid #b3261e; padding: .5rem .75rem; background: #b3261e1a; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #8883; overflow-wrap: anywhere; }
th { font-weight: 600; }
th[scope=row] { width: 11.5rem; }
a:not(.button) { color: inherit; text-underline-offset: .2em; }
@media (max-width: 44rem) {
  body { background: light-dark(#fff, #202329); }
  main { margin: 0; padding: 1.25rem; border-radius: 0; box-shadow: none; }
  tr:has(th[scope=row]) > * { display: block; width: auto; padding: .3rem 0 0; border: 0; }
  tr:has(th[scope=row]) { display: block; padding-bottom: .3rem; border-bottom: 1px solid #8883; }
}
`;
}
