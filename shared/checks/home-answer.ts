const maxValueLength = 8192;

/**
 * The shape of a callback's query, before its values are compared: no parameter twice, no array
 * notation, nothing oversized. Answers the name of the failed check. `state`, `iss` and `code`
 * themselves have **not** been checked.
 *
 * @see RFC 6749 §3.1 (parameters must not be included more than once)
 */
export function answerShapeFault(parameters: URLSearchParams): string | undefined {
  const names = new Set<string>();
  for (const [name, value] of parameters) {
    if (names.has(name)) return 'parameterTwice';
    if (name.includes('[') || name.includes(']')) return 'parameterArray';
    if (value.length > maxValueLength) return 'parameterLength';
    names.add(name);
  }
  return undefined;
}

/** An `error` code that may be logged and shown; anything outside the registry's form is `other`. */
export function errorCode(value: unknown): string {
  return typeof value === 'string' && /^[a-z][a-z0-9_.-]{0,63}$/i.test(value) ? value : 'other';
}
