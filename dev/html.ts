/** Markup that needs no escaping any more. */
export type Html = { readonly html: string };

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes every value that is not markup itself; `undefined` and `false` leave nothing. */
export function html(
  strings: TemplateStringsArray,
  ...values: (Html | readonly Html[] | string | number | false | undefined)[]
): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    text += render(value) + (strings[index + 1] ?? '');
  }
  return { html: text };
}

function render(value: Html | readonly Html[] | string | number | false | undefined): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') {
    return 'html' in value ? value.html : value.map((item) => item.html).join('');
  }
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
