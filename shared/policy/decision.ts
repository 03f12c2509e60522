import type { ReasonCode } from './codes.ts';
import type { StepAction } from './controls/control.ts';
import type { PolicyState } from './policy.ts';
import type { SessionControlName, SessionControls } from './session/session-control.ts';
import type { Ternary } from './ternary.ts';

/** The one thing to do now. */
export interface NextStep {
  /** A grant control, `authenticationStrength`, `termsOfUse` or `signInFrequency`. */
  readonly control: string;
  readonly action: StepAction;
  /** Sorted. Challenge: acceptable and registered here; register: acceptable and registrable. */
  readonly methods?: readonly string[];
  readonly termsOfUseId?: string;
  /** Sorted: every policy this step serves. */
  readonly policyIds: readonly string[];
}

/** Why a sign-in does not go on as it is. */
export interface DecisionReason {
  /** A number of Entra's error reference; null where it has none (accepting terms). */
  readonly code: ReasonCode | null;
  readonly name: string;
  /** Sorted: what fails, or what the step serves. */
  readonly policyIds: readonly string[];
  readonly remedy: string;
}

/** @see Graph: appliedConditionalAccessPolicyResult */
export type PolicyResult =
  | 'success'
  | 'failure'
  | 'interrupted'
  | 'notApplied'
  | 'notEnabled'
  | 'reportOnlySuccess'
  | 'reportOnlyFailure'
  | 'reportOnlyInterrupted'
  | 'reportOnlyNotApplied';

export interface ConditionTrace {
  readonly name: string;
  readonly outcome: Ternary;
  readonly because: string;
}

export interface ControlTrace {
  readonly control: string;
  readonly satisfied: boolean;
  readonly satisfiable: boolean;
  readonly because: string;
}

/** How one policy stands. The lists are there when a trace was asked for. */
export interface DecidedPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly state: PolicyState;
  readonly result: PolicyResult;
  /** Every configured condition, not only the first that failed. */
  readonly conditions?: readonly ConditionTrace[];
  readonly controls?: readonly ControlTrace[];
  readonly sessionControls?: readonly SessionControlName[];
  /** Of these, what another policy's stricter value replaced. */
  readonly overruledSessionControls?: readonly SessionControlName[];
}

export interface Decision {
  readonly outcome: 'grant' | 'interrupt' | 'block';
  /** Only for interrupt. */
  readonly next?: NextStep;
  /** For interrupt and block. */
  readonly reason?: DecisionReason;
  readonly sessionControls: SessionControls;
  readonly conditionalAccessStatus: 'success' | 'failure' | 'notApplied';
  /** In the order of the input. */
  readonly policies: readonly DecidedPolicy[];
  readonly setVersion: string;
}
