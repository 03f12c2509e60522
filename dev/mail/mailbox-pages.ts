import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Html, html } from '../html.ts';
import { sendDocument } from '../page.ts';
import { type DeliveredMail, mailsTo } from './delivered-mail.ts';
import { mailboxStyle } from './mailbox-style.ts';

/** What is looked at: one mailbox or all, one message or the newest, as markup or as text. */
type View = { to: string | undefined; id: string | undefined; asText: boolean };

/** The mailboxes, for people as a mail program would show them and for scripts as JSON. */
export function serveMailbox(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
  mails: readonly DeliveredMail[],
): void {
  const to = searchParams.get('to') || undefined;
  const shown = to === undefined ? mails : mailsTo(mails, to);
  const [, id, markup] = /^\/mails\/(\d+)(\/html)?$/.exec(pathname) ?? [];
  if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
  else if (pathname === '/api/mails') sendJson(response, shown);
  else if (markup !== undefined)
    sendMarkup(
      response,
      mails.find((mail) => mail.id === id),
    );
  else if (pathname === '/' || id !== undefined)
    sendMailbox(response, mails, shown, { to, id, asText: searchParams.get('as') === 'text' });
  else response.writeHead(404).end();
}

function sendJson(response: ServerResponse, mails: readonly DeliveredMail[]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(mails));
}

/** What was sent, as it was sent: it may style itself and show what it carries, nothing else. */
function sendMarkup(response: ServerResponse, mail: DeliveredMail | undefined): void {
  response.writeHead(mail ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  response.end(mail?.html);
}

function sendMailbox(
  response: ServerResponse,
  mails: readonly DeliveredMail[],
  shown: readonly DeliveredMail[],
  view: View,
): void {
  const open = view.id === undefined ? shown.at(-1) : mails.find(({ id }) => id === view.id);
  const isGone = view.id !== undefined && open === undefined;
  sendDocument(response, {
    title: `${open && view.id !== undefined ? open.subject : 'Mail'} · Mailbox`,
    status: isGone ? 404 : 200,
    style: mailboxStyle,
    body: html`<header>
<h1><a href="/">Mailbox</a></h1><span class="note">of the local world</span>
<a class="refresh" href="${address({ ...view, id: undefined, asText: false })}">Refresh</a>
</header>
<main${view.id !== undefined && html` class="reading"`}>
<nav class="list" aria-label="Messages">
${mailboxes(mails, view)}
${shown.length === 0 ? html`<p class="empty">No mail yet. What the gateway sends, to whomever, arrives here.</p>` : html`<ol>${shown.toReversed().map((mail) => listEntry(mail, mail === open, view))}</ol>`}
</nav>
<section class="mail" aria-label="Message">
<a class="back" href="${address({ ...view, id: undefined, asText: false })}">‹ All messages</a>
${open ? message(open, view) : html`<p class="empty">${isGone ? 'This message is not here any more.' : 'Nothing to read.'}</p>`}
</section>
</main>`,
  });
}

function mailboxes(mails: readonly DeliveredMail[], { to }: View): Html {
  const counts = Map.groupBy(mails, (mail) => mail.to.toLowerCase());
  const entry = (name: string, count: number, box: string | undefined) =>
    html`<a href="${address({ to: box, id: undefined, asText: false })}"${box === to?.toLowerCase() && html` aria-current="true"`}>${name} <span class="count">${count}</span></a>`;
  return html`<div class="boxes">${entry('All', mails.length, undefined)}${[...counts].map(([box, own]) => entry(box, own.length, box))}</div>`;
}

function listEntry(mail: DeliveredMail, isOpen: boolean, view: View): Html {
  return html`<li><a href="${address({ ...view, id: mail.id })}"${isOpen && html` aria-current="true"`}>
<span class="from">${mail.from}</span> ${time(mail, { timeStyle: 'short' })}
<span class="subject">${mail.subject}</span>
<span class="to">to ${mail.to}</span>
</a></li>`;
}

function message(mail: DeliveredMail, view: View): Html {
  const tab = (name: string, asText: boolean) =>
    html`<a href="${address({ ...view, id: mail.id, asText })}"${asText === view.asText && html` aria-current="true"`}>${name}</a>`;
  return html`<article>
<h2>${mail.subject}</h2>
<dl>
<dt>From</dt><dd>${mail.from}</dd>
<dt>To</dt><dd>${mail.to}</dd>
<dt>Received</dt><dd>${time(mail, { dateStyle: 'long', timeStyle: 'medium' })}</dd>
</dl>
<div class="tabs">${tab('Message', false)}${tab('Plain text', true)}</div>
${view.asText ? html`<pre>${mail.plainText}</pre>` : html`<iframe title="${mail.subject}" src="/mails/${mail.id}/html" sandbox></iframe>`}
</article>`;
}

/** In the time zone of this machine, which is the reader's. */
function time({ receivedAt }: DeliveredMail, style: Intl.DateTimeFormatOptions): Html {
  const text = new Intl.DateTimeFormat('en-GB', style).format(receivedAt);
  return html`<time datetime="${receivedAt.toISOString()}">${text}</time>`;
}

function address({ to, id, asText }: View): string {
  const query = new URLSearchParams({
    ...(to !== undefined && { to }),
    ...(asText && { as: 'text' }),
  });
  const path = id === undefined ? '/' : `/mails/${id}`;
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
