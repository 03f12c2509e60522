import type { MessageKey, PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import { endPage } from './end.ts';
import type { Page, PageContext } from './layout.ts';

type Message = Extract<PageAnswer, { page: 'message' }>;

/** Faults of the app's own request: nobody but its people can do anything about them. */
const appsOwn: ReadonlySet<MessageKey> = new Set([
  'unknownClient',
  'redirectUriMismatch',
  'requestInvalid',
]);

const notRefused: ReadonlySet<MessageKey> = new Set(['startAtApp', 'alreadySignedIn', 'signedOut']);

export function messagePage(answer: Message, { copy }: PageContext): Page {
  const text = copy.messages[answer.message];
  const organisation = answer.frame?.organisation.name;
  const ask =
    organisation && !appsOwn.has(answer.message)
      ? copy.end.askOrganisation(organisation)
      : copy.end.askApp;
  return endPage({
    copy,
    text,
    sign: notRefused.has(answer.message) ? 'hint' : 'stop',
    next: html`<p>${
      answer.retryAfterSeconds === undefined
        ? text.next
        : copy.end.tryAgainIn(answer.retryAfterSeconds)
    }</p>
${answer.parameter && html`<p class="muted small">${copy.end.parameter} <span class="mono">${answer.parameter}</span></p>`}`,
    ask: answer.reference ? [ask] : [],
    reference: answer.reference,
  });
}
