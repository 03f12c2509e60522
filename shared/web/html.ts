/** Markup that is safe to send as it is. Made by `html` only, or by `trusted` from our own text. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
  toString(): string {
    return this.markup;
  }
}

export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/**
 * Every value is escaped for text and for quoted attributes alike; `undefined` and `false` are
 * nothing. What escaping cannot make safe is refused: an unquoted attribute. Values of `href`,
 * `action` and refresh targets must be checked by scheme before (see `links.ts`).
 * @see https://html.spec.whatwg.org/multipage/parsing.html
 */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = literals[0] ?? '';
  for (const [index, value] of values.entries()) {
    if (/\s[\w:-]+\s*=\s*$/.test(literals[index] ?? ''))
      throw new TypeError('html: attribute without quotes');
    markup += render(value) + (literals[index + 1] ?? '');
  }
  return new Html(markup);
}

/** For text of our own making that must not be escaped: style sheet, script, path data. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(render).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // as a bare character the parser would make it a line feed
  '\r': '&#13;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"'\r]/g, (c) => entities[c] ?? c);
}
