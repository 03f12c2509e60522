/** A state that is no known word is evaluated as enabled, so it counts as such wherever it matters. */
export function isEnabled(policy: Readonly<Record<string, unknown>>): boolean {
  const state = Object.entries(policy).find(([name]) => name.toLowerCase() === 'state')?.[1];
  if (state === undefined || state === null) return false;
  const word = typeof state === 'string' ? state.toLowerCase() : 'enabled';
  return word !== 'disabled' && word !== 'enabledforreportingbutnotenforced';
}
