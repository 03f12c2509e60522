import { newLogPlace, writeReference } from '../../core/reference.ts';
import { later, minutesMs } from '../../core/time.ts';
import type { Decision, SignInFacts } from '../../policy/index.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import type { SignInLog } from '../../rows/log.ts';
import type { Answer, BlockCause, Frame } from '../answers.ts';
import { frameOf } from './frame.ts';
import type { Advanced, JudgedStep } from './judged.ts';
import { message } from './messages.ts';

export function block(step: JudgedStep, authorization: Authorization, cause: BlockCause): Advanced {
  const { stage, parties } = step;
  const place = newLogPlace(stage.now);
  const reference = writeReference(place);
  const ended = endedBy(authorization, stage.now, cause, reference);
  return {
    authorization: ended,
    changes: [],
    answer: blockedPage(
      frameOf(stage.configuration, parties.app, authorization.request),
      cause,
      reference,
      stage.rows.guest.value.sponsor,
    ),
    log: { place, entry: blockEntry(step, ended, cause) },
  };
}

/** Ends a sign-in that may simply be begun again. */
export function over({ stage, parties }: JudgedStep, authorization: Authorization): Advanced {
  const frame = frameOf(stage.configuration, parties.app, authorization.request);
  return {
    authorization: endedBy(authorization, stage.now, 'signInOver'),
    changes: [],
    answer: message('signInOver', { frame }),
  };
}

/** An ended sign-in stays this long, so that a form sent twice is told the same. */
const shownMs = 10 * minutesMs;

export function endedBy(
  authorization: Authorization,
  now: Date,
  cause: string,
  reference?: string,
): Authorization {
  const { next: _next, enrolling: _enrolling, ...rest } = authorization;
  return {
    ...rest,
    state: 'over',
    expiresAt: later(now, shownMs).toISOString(),
    over: { cause, ...(reference ? { reference } : {}) },
    events: withEvent(authorization.events, now, 'blocked', cause),
  };
}

export const blockedPage = (
  frame: Frame,
  cause: BlockCause,
  reference: string,
  sponsor?: string,
): Answer => ({
  kind: 'page',
  page: 'blocked',
  status: cause === 'tooManyCodes' ? 429 : 403,
  frame,
  cause,
  reference,
  sponsor,
});

/** Facts, version and outcome: the trace can be computed again from these. */
function blockEntry(
  { stage, facts, decision }: JudgedStep,
  authorization: Authorization,
  cause: BlockCause,
): SignInLog {
  return {
    kind: 'signIn',
    at: stage.now.toISOString(),
    result: 'failure',
    guest: stage.guestId,
    app: authorization.request.clientId,
    cause,
    ...decisionEntry(facts, decision, stage.configuration.setVersion),
    events: authorization.events,
  };
}

export const decisionEntry = (facts: SignInFacts, decision: Decision, setVersion: string) => ({
  code: decision.reason?.code ?? null,
  facts: facts as unknown as NonNullable<SignInLog['facts']>,
  setVersion,
  outcome: decision.outcome,
  policies: Object.fromEntries(decision.policies.map((policy) => [policy.id, policy.result])),
});
