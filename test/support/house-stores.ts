import type { Store } from '../../shared/ports.ts';

export type Interrupted = Store & {
  /** Calls so far, and whether the moment came. */
  readonly calls: () => number;
  readonly happened: () => boolean;
};

/**
 * A store before whose n-th call (from 0) something else happens, all of it: so a test can put an
 * act of somebody else between any two of a step's own calls, between load and commit above all.
 */
export function interrupted(store: Store, n: number, act: () => Promise<unknown>): Interrupted {
  let calls = 0;
  let happened = false;
  const turn = async (): Promise<void> => {
    if (calls++ !== n) return;
    happened = true;
    await act();
  };
  return {
    calls: () => calls,
    happened: () => happened,
    async load(partition, query) {
      await turn();
      return store.load(partition, query);
    },
    async commit(partition, changes, operationId) {
      await turn();
      return store.commit(partition, changes, operationId);
    },
  };
}

/** A store whose n-th call (from 0) is not made at all: the process dies, or storage is gone. */
export function failing(store: Store, fails: (n: number) => boolean, fault: () => Error): Store {
  let calls = 0;
  const turn = (): void => {
    if (fails(calls++)) throw fault();
  };
  return {
    async load(partition, query) {
      turn();
      return store.load(partition, query);
    },
    async commit(partition, changes, operationId) {
      turn();
      return store.commit(partition, changes, operationId);
    },
  };
}
