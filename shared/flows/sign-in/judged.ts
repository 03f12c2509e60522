import type { Decision, SignInFacts } from '../../policy/index.ts';
import type { Change } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import type { Answer } from '../answers.ts';
import type { SignInLogLine } from '../log.ts';
import type { Stage } from './stage.ts';

/** What a running sign-in belongs to, as the configuration has it now. */
export type Parties = {
  readonly app: App;
  /** Undefined: the guest came by a mailed code. */
  readonly partner: Partner | undefined;
};

export type Advanced = {
  /** The authorization as it must be written; no answer before. */
  readonly authorization: Authorization;
  /** Rows beside it: the session at a grant. */
  readonly changes: readonly Change[];
  readonly answer: Answer;
  /** Only a first factor shown now can lead on: whoever can, shows it first. */
  readonly needsFreshFactor?: true;
  /** To be written to the log once the commit is in. */
  readonly log?: SignInLogLine | undefined;
};

/** A step with what was decided on it. */
export type JudgedStep = {
  readonly stage: Stage;
  readonly parties: Parties;
  readonly facts: SignInFacts;
  readonly decision: Decision;
};

export const recordOf = (decision: Decision, setVersion: string, now: Date) => ({
  outcome: decision.outcome,
  code: decision.reason?.code ?? null,
  setVersion,
  at: now.toISOString(),
});

/** A session control that means "refuse" where it cannot be kept: tokens are not bound to a key yet. */
export const canKeep = (decision: Decision): boolean =>
  decision.sessionControls.secureSignInSession !== true;
