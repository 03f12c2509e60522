import type { ReasonCode } from './codes.ts';
import type { Control, ControlVerdict, Judgement, StepAction } from './controls/control.ts';
import { satisfied, unsatisfiable } from './controls/control.ts';
import { controlDefinitions } from './controls/registry.ts';
import { holdsNone } from './controls/second-factor.ts';
import { isOver } from './frequency.ts';
import { firstFactors } from './methods.ts';
import type { Policy } from './policy.ts';

/** A control that is open or cannot be met, with its place in the order in which guests are asked. */
export interface OpenStep {
  readonly control: string;
  readonly place: number;
  readonly action: StepAction;
  readonly methods: readonly string[] | undefined;
  readonly termsOfUseId: string | undefined;
}

export interface Failure {
  readonly place: number;
  readonly code: ReasonCode;
}

export interface JudgedControl {
  readonly control: Control;
  readonly place: number;
  readonly verdict: ControlVerdict;
}

/** One applying policy, judged alone. */
export interface PolicyVerdict {
  readonly result: 'success' | 'interrupted' | 'failure';
  readonly steps: readonly OpenStep[];
  readonly failures: readonly Failure[];
}

const firstPlace = -1;
const lastPlace = controlDefinitions.length;

/** Whether doing the action the guest asks for is what meets the control. */
function metByAction(policy: Policy, control: Control, judgement: Judgement): boolean {
  const { target } = judgement.facts;
  const action = target?.kind === 'userAction' ? target.action : undefined;
  if (action === undefined || control.metBy !== action) return false;
  // A policy that names the action means it; one about all applications would lock everybody out.
  if (!policy.scope.allApplications || policy.scope.names(action)) return false;
  if (action !== 'urn:user:registersecurityinfo') return true;
  return holdsNone(judgement) && !judgement.riskApplies;
}

/** Every grant control of a policy, judged in asking order. */
export function judgeControls(policy: Policy, judgement: Judgement): readonly JudgedControl[] {
  return policy.grant.controls.map(({ control, place }) => ({
    control,
    place,
    verdict: metByAction(policy, control, judgement)
      ? satisfied('met by the action itself')
      : control.judge(judgement),
  }));
}

function stepOf({ control, place, verdict }: JudgedControl): OpenStep | undefined {
  if (verdict.kind !== 'open') return undefined;
  const { action, methods } = verdict;
  const { name, termsOfUseId } = control;
  return { control: name, place, action, methods, termsOfUseId };
}

function failureOf({ place, verdict }: JudgedControl): Failure | undefined {
  return verdict.kind === 'unsatisfiable' ? { place, code: verdict.code } : undefined;
}

interface GrantVerdict {
  readonly steps: readonly OpenStep[];
  readonly failures: readonly Failure[];
}

function judgeGrant(policy: Policy, judged: readonly JudgedControl[]): GrantVerdict {
  const steps = judged.map(stepOf).filter((step) => step !== undefined);
  const failures = judged.map(failureOf).filter((failure) => failure !== undefined);
  if (policy.grant.blocks || policy.grant.operator === 'AND') return { steps, failures };
  if (judged.some(({ verdict }) => verdict.kind === 'satisfied'))
    return { steps: [], failures: [] };
  // The first control that can still be met is the one to ask for; a step of another policy may serve
  // one of the alternatives.
  return steps.length > 0 ? { steps, failures: [] } : { steps, failures };
}

/** Whether the first factor is older than the policy's own limit. */
function isPrimaryOver(policy: Policy, { facts }: Judgement): boolean {
  const limit = policy.session.frequency?.primary;
  if (limit === undefined) return false;
  const newest = facts.methods
    .filter(({ mode, where }) => where === 'home' || firstFactors.has(mode))
    .reduce<number | undefined>((last, { at }) => {
      if (at === undefined) return last;
      return last === undefined ? at : Math.max(last, at);
    }, undefined);
  return isOver(limit, newest, facts.now);
}

const reauthenticate: OpenStep = {
  control: 'signInFrequency',
  place: firstPlace,
  action: 'reauthenticate',
  methods: undefined,
  termsOfUseId: undefined,
};

/** Judges an applying policy by itself: what fails it, else what is still to do. */
export function judgePolicy(
  policy: Policy,
  judged: readonly JudgedControl[],
  judgement: Judgement,
): PolicyVerdict {
  const grant = judgeGrant(policy, judged);
  // No operator joins a session control: one that nobody knows cannot be traded for another control.
  const unknown: Failure[] = policy.session.unknown.map(() => ({ place: lastPlace, code: 50158 }));
  const failures = [...grant.failures, ...unknown];
  if (failures.length > 0) return { result: 'failure', steps: [], failures };
  const steps = isPrimaryOver(policy, judgement) ? [reauthenticate, ...grant.steps] : grant.steps;
  return { result: steps.length > 0 ? 'interrupted' : 'success', steps, failures };
}

/** The verdict on a session control nobody knows, for the trace. */
export const unknownSessionControl = unsatisfiable(50158, 'the session control is not known here');
