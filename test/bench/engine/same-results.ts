import { createHash } from 'node:crypto';
import { decide, type PolicySet, type SignInFacts } from '../../../shared/policy/index.ts';
import type { HandDecision } from './hand-loop.ts';

/** Throws where the two do not decide alike; answers how the compared sign-ins ended. */
export function sameResults(
  set: PolicySet,
  hand: (facts: SignInFacts) => HandDecision,
  signIns: readonly SignInFacts[],
): string {
  const counts = { grant: 0, interrupt: 0, block: 0 };
  const hashes = [createHash('sha256'), createHash('sha256')] as const;
  for (const facts of signIns) {
    const decided = decide(set, facts, { trace: false });
    const { outcome, policyIds, policies } = hand(facts);
    counts[outcome]++;
    const ours = [decided.outcome, decided.reason?.policyIds ?? [], decided.policies];
    hashes[0].update(JSON.stringify(ours));
    hashes[1].update(JSON.stringify([outcome, policyIds, policies]));
  }
  if (hashes[0].digest('hex') !== hashes[1].digest('hex'))
    throw new Error(`the engine and the loop differ over ${set.policies.length} policies`);
  return `${counts.grant} / ${counts.interrupt} / ${counts.block}`;
}
