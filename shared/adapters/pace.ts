import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from '../ports.ts';

/** Leaves a little to write down what came of the work. */
const workShare = 0.8;

/** By this machine's clock: how long a request lasts has nothing to do with what time it is. */
export const wallPace: Pace = (afterMs) => {
  const end = performance.now() + afterMs;
  return {
    signal: AbortSignal.timeout(Math.floor(afterMs * workShare)),
    due: async () => {
      const leftMs = end - performance.now();
      if (leftMs > 0) await sleep(leftMs);
    },
  };
};
