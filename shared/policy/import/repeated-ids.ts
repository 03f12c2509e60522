/** Ids, in lower case, that more than one element has. */
export function repeatedIds(ids: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const id of ids.map((i) => i.toLowerCase())) (seen.has(id) ? repeated : seen).add(id);
  return repeated;
}
