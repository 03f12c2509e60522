/**
 * What a line of the journal may hold of a value that came from outside: never a mail address, a query
 * string or more than a few characters. What cannot be told in full is left out.
 */

/** Scheme, host and path of an address; less where a part of it may be a mail address. */
export function urlPlace(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? '');
  if (!url) return undefined;
  const parts = [url.protocol, url.host && `//${url.host}`, url.pathname];
  const unfit = parts.findIndex((part) => /@|%40/i.test(part));
  return parts
    .slice(0, unfit < 0 ? parts.length : unfit)
    .join('')
    .slice(0, 200);
}

/** A name that a partner gave something, a key or itself, byte for byte. */
export const plainName = (name: unknown): string | undefined =>
  typeof name === 'string' && /^[\w.~+/=:{}-]{1,200}$/.test(name) ? name : undefined;

/** Words of a fault that is not ours. A parser's quote what it could not read: of these the name alone. */
export function faultText(thrown: Error): string {
  if (thrown instanceof SyntaxError) return thrown.name;
  return `${thrown.name}: ${thrown.message}`
    .replaceAll(/[^\s"'<>(),;]+(?:@|%40)[^\s"'<>(),;]+/gi, '…')
    .replaceAll(/\?[^\s"')]+/g, '?…')
    .slice(0, 500);
}

/** Where in the code, without the message that a stack begins with. */
export const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
    .slice(0, 2000);
