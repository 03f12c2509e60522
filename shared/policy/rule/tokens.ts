/** One token of a filter rule. Words keep their case; operators lose the optional hyphen later. */
export type Token =
  | { readonly kind: 'mark'; readonly text: '(' | ')' | '[' | ']' | ',' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string };

// Sticky and free of nested repetition: one pass whatever the input.
const blank = /[ \t\r\n]+/y;
const mark = /[()[\],]/y;
const quoted = /"((?:[^"`]|`[\s\S])*)"/y;
const word = /-?[A-Za-z][A-Za-z0-9_.]*/y;

/** Splits a rule; undefined when a character belongs to no token or a text does not end. */
export function tokenize(rule: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(rule);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < rule.length) {
    if (take(blank) !== null) continue;
    const marked = take(mark);
    if (marked !== null) {
      tokens.push({ kind: 'mark', text: marked[0] as '(' });
      continue;
    }
    const text = take(quoted);
    if (text !== null) {
      // A backtick makes the character after it an ordinary one.
      tokens.push({ kind: 'text', text: (text[1] ?? '').replace(/`([\s\S])/g, '$1') });
      continue;
    }
    const name = take(word);
    if (name === null) return undefined;
    tokens.push({ kind: 'word', text: name[0] });
  }
  return tokens;
}
