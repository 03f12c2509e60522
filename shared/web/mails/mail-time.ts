import type { Language } from '../copy/index.ts';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** `27 November 2026, 14:05 UTC`: where the reader is, nobody here knows. */
export function mailTime(at: Date, language: Language): string {
  const write = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locales[language], { ...style, timeZone: 'UTC' }).format(at);
  // both at once would be joined by a word
  return `${write({ dateStyle: 'long' })}, ${write({ timeStyle: 'short' })} UTC`;
}
