import type { CompiledPolicy } from './compiled/compiled-policies.ts';
import type { Judgement } from './controls/control.ts';
import {
  type JudgedControl,
  judgeControls,
  judgePolicy,
  type PolicyVerdict,
} from './judge-policy.ts';

interface Judged {
  readonly controls: readonly JudgedControl[];
  readonly verdict: PolicyVerdict;
}

/** Judges the policies of one sign-in, once for all that ask the same. */
export class Judge {
  readonly #judgement: Judgement;
  readonly #judged = new Map<number, Judged>();

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  judge({ policy, demand }: CompiledPolicy): Judged {
    const before = this.#judged.get(demand);
    if (before !== undefined) return before;
    const controls = judgeControls(policy, this.#judgement);
    const judged = { controls, verdict: judgePolicy(policy, controls, this.#judgement) };
    this.#judged.set(demand, judged);
    return judged;
  }
}
