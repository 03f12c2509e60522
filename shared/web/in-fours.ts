/** As a person reads a code or a key; what takes it back ignores the blanks. */
export function inFours(text: string): string {
  return text.match(/.{1,4}/g)?.join(' ') ?? '';
}
