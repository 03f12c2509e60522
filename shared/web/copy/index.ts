import type { Copy } from './copy.ts';
import { de } from './de.ts';
import { en } from './en.ts';

export type { Copy, EndText, ProblemText } from './copy.ts';

const copies = { en, de } as const satisfies Record<string, Copy>;

export type Language = keyof typeof copies;

export const languages = Object.keys(copies) as readonly Language[];

export function copyOf(language: Language): Copy {
  return copies[language];
}

/**
 * The app's `ui_locales` first (in its order), then the browser's languages (by their weight),
 * else English.
 * @see OIDC Core §3.1.2.1
 * @see RFC 9110 §12.5.4
 */
export function pickLanguage(
  uiLocales: string | undefined,
  acceptLanguage: string | null | undefined,
): Language {
  const wanted = [...(uiLocales ?? '').split(' '), ...byWeight(acceptLanguage ?? '')];
  for (const tag of wanted) {
    const primary = tag.split('-')[0]?.toLowerCase();
    const language = languages.find((each) => each === primary);
    if (language) return language;
  }
  return 'en';
}

function byWeight(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().split(/\s*;\s*/);
      const q = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      const weight = q === undefined ? 1 : Number(q);
      return { tag, weight: Number.isFinite(weight) ? weight : 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
