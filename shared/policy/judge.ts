import type { CompiledPolicy } from './compiled/compiled-policies.ts';
import type { Judgement } from './controls/control.ts';
import {
  type JudgedControl,
  judgeControls,
  judgePolicy,
  type PolicyVerdict,
} from './judge-policy.ts';

/** Judges the policies of one sign-in, once for all that ask the same. */
export class Judge {
  readonly #judgement: Judgement;
  readonly #controls = new Map<number, readonly JudgedControl[]>();
  readonly #verdicts = new Map<number, PolicyVerdict>();

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  controlsOf({ policy, demand }: CompiledPolicy): readonly JudgedControl[] {
    const before = this.#controls.get(demand);
    if (before !== undefined) return before;
    const judged = judgeControls(policy, this.#judgement);
    this.#controls.set(demand, judged);
    return judged;
  }

  verdictOn(compiled: CompiledPolicy): PolicyVerdict {
    const before = this.#verdicts.get(compiled.demand);
    if (before !== undefined) return before;
    const verdict = judgePolicy(compiled.policy, this.controlsOf(compiled), this.#judgement);
    this.#verdicts.set(compiled.demand, verdict);
    return verdict;
  }
}
