import { Fault } from '../../shared/core/errors.ts';
import type { Partition, Store } from '../../shared/ports.ts';

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

export type Outage = Store & { readonly happened: () => boolean };

/**
 * A store that is out of reach from its n-th call (from 0) on. `lost`: that call, where it is a commit,
 * is still carried out and only its answer never comes, which is the worst that a deadline can hide.
 */
export function outage(store: Store, n: number, lost: boolean): Outage {
  let calls = 0;
  const isOver = () => calls++ >= n;
  const fault = () => new Fault('storageUnavailable', { detail: 'made by the test' });
  return {
    happened: () => calls > n,
    async load(partition, query) {
      if (isOver()) throw fault();
      return store.load(partition, query);
    },
    async commit(partition, changes, operationId) {
      const isFirst = calls === n;
      if (!isOver()) return store.commit(partition, changes, operationId);
      if (isFirst && lost) await store.commit(partition, changes, operationId);
      throw fault();
    },
  };
}

/** A store whose calls of one sort never succeed. */
export function failingOn(
  store: Store,
  fails: (partition: Partition, verb: 'load' | 'commit') => boolean,
): Store {
  const fault = () => new Fault('storageUnavailable', { detail: 'made by the test' });
  return {
    async load(partition, query) {
      if (fails(partition, 'load')) throw fault();
      return store.load(partition, query);
    },
    async commit(partition, changes, operationId) {
      if (fails(partition, 'commit')) throw fault();
      return store.commit(partition, changes, operationId);
    },
  };
}
