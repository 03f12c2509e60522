/** Results in the list's order; at most `limit` under way. After the first fault none is begun. */
export async function inParallel<T, R>(
  list: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const rest = oneByOne(list);
  const lane = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}

/** A generator, unlike an array's own iterator, is over for every lane once one has thrown. */
function* oneByOne<T>(list: readonly T[]): Generator<[number, T]> {
  yield* list.entries();
}
