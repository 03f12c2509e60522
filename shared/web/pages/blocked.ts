import type { BlockCause, PageAnswer } from '../../flows/answers.ts';
import { html } from '../html.ts';
import { endPage } from './end.ts';
import type { Page, PageContext } from './layout.ts';

type Blocked = Extract<PageAnswer, { page: 'blocked' }>;

/** What the guest's own organisation can resolve or explain, before anyone here. */
const homeCanHelp: ReadonlySet<BlockCause> = new Set([
  'resolveAtHome',
  'homeDeclined',
  'homeStepUpNotAvailable',
  'reauthenticationNotAvailable',
]);

export function blockedPage(answer: Blocked, { copy }: PageContext): Page {
  const { name } = answer.frame.organisation;
  const text = copy.blocked[answer.cause](name);
  const here = answer.sponsor
    ? copy.end.askSponsor(answer.sponsor, name)
    : copy.end.askOrganisation(name);
  return endPage({
    copy,
    text,
    sign: 'stop',
    next: html`<p>${text.next}</p>`,
    ask: homeCanHelp.has(answer.cause) ? [copy.end.askHome, here] : [here],
    reference: answer.reference,
  });
}
