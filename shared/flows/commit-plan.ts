import { randomToken } from '../core/ids.ts';
import type { Change, Partition, Store } from '../ports.ts';

/** What a plan wants written, and what may be said once it is. */
export type Plan<Answer> = { readonly changes: readonly Change[]; readonly answer: Answer };

const rounds = 3;

/**
 * Load, plan, commit (a plan that needs a signature waits for it); at most three times while others change the same rows. The answer of a plan
 * leaves only after its commit. Undefined = others came first three times: nothing is written, and
 * nothing of the last plan may be told.
 */
export async function commitPlan<Loaded, Answer>(
  store: Store,
  partition: Partition,
  load: () => Promise<Loaded>,
  plan: (loaded: Loaded) => Plan<Answer> | Promise<Plan<Answer>>,
): Promise<Answer | undefined> {
  for (let round = 0; round < rounds; round++) {
    const { changes, answer } = await plan(await load());
    if (changes.length === 0) return answer;
    if ((await store.commit(partition, changes, randomToken())) === 'done') return answer;
  }
  return undefined;
}
