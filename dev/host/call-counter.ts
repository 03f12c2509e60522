import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<{ calls: number }>();

/** Runs `work` and counts what it, and everything it starts and awaits, reports by `countCall`. */
export async function runCounted<T>(work: () => Promise<T>): Promise<{ result: T; calls: number }> {
  const counter = { calls: 0 };
  const result = await running.run(counter, work);
  return { result, calls: counter.calls };
}

/** One table call more for the running invocation; outside of one it counts for nobody. */
export function countCall(): void {
  const counter = running.getStore();
  if (counter) counter.calls++;
}
