import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Bytes of what is still reachable, after a collection. */
export function liveHeapBytes(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // what a first collection lets go of, a second one frees
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
