import type { MailMessage, MailText } from '../../ports.ts';
import { pickLanguage } from '../copy/index.ts';
import { type Letter, letterOf } from './letter.ts';
import { mailHtml } from './mail-html.ts';

/** In the reader's language. No mail has a link: nobody shall learn to follow one to sign in. */
export function renderMail(message: MailMessage): MailText {
  const { uiLocales, acceptLanguage } = message.languages;
  const language = pickLanguage(uiLocales, acceptLanguage);
  const letter = letterOf(message, language);
  return {
    subject: letter.subject,
    plainText: plainText(letter),
    html: mailHtml(letter, language, message.organisation.accentColour),
  };
}

function plainText({ organisation, heading, paragraphs }: Letter): string {
  return `${[organisation, heading, ...paragraphs.map(({ text }) => text)].join('\n\n')}\n`;
}
