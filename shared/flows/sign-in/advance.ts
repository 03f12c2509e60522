import { newTotpSecret } from '../../checks/totp.ts';
import { randomToken } from '../../core/ids.ts';
import { seal } from '../../core/seal.ts';
import { isBefore, later, minutesMs } from '../../core/time.ts';
import { decide } from '../../policy/index.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { shownAtOf } from '../../rows/first-factor.ts';
import { type Method, totpSealAad } from '../../rows/method.ts';
import { block, over } from './block.ts';
import { blockCause } from './block-cause.ts';
import { forRegistration, gatherFacts } from './facts.ts';
import { grant, sessionEnd } from './grant.ts';
import { type Advanced, canKeep, type JudgedStep, type Parties, recordOf } from './judged.ts';
import type { Stage } from './stage.ts';
import { stepPage } from './step-page.ts';

/**
 * The one function after every step: facts → decide → grant, interrupt or block. It plans and
 * writes nothing; the caller commits its changes together with the step's own.
 */

/** A registration offered later than this after the first factor needs a fresh one. */
const registrationMs = 10 * minutesMs;

export function advance(
  stage: Stage,
  parties: Parties,
  authorization: Authorization,
  methods: readonly Method[],
): Advanced {
  const { house, now, configuration } = stage;
  const facts = gatherFacts(
    {
      geo: house.geo,
      configuration,
      guest: stage.rows.guest.value,
      methods,
      authorization,
      ...parties,
    },
    now,
  );
  const decision = decide(configuration.policySet, facts, { trace: false });
  const judged: Authorization = {
    ...authorization,
    decision: recordOf(decision, configuration.setVersion, now),
    previousNonce: authorization.stepNonce,
    stepNonce: randomToken(),
  };
  const step = { stage, parties, facts, decision };
  // a session would be over before it began: only a fresh first factor helps
  if (!isBefore(now, sessionEnd(configuration, authorization))) return tooOld(step, judged);
  if (decision.outcome === 'grant')
    return canKeep(decision) ? grant(step, judged) : block(step, judged, 'controlNotAvailable');
  if (decision.outcome === 'block') return block(step, judged, blockCause(decision));
  return interrupt(step, judged);
}

// ── interrupt ────────────────────────────────────────────────────────────────────────────────

function interrupt(step: JudgedStep, authorization: Authorization): Advanced {
  const next = step.decision.next;
  switch (next?.action) {
    case 'challenge':
      return next.methods?.includes('softwareOath')
        ? ask(step, {
            ...withoutEnrolment(authorization),
            next: { action: 'challenge', methods: [...next.methods] },
          })
        : block(step, authorization, 'controlNotAvailable');
    case 'register':
      return next.methods?.includes('softwareOath')
        ? offerRegistration(step, authorization, next.methods)
        : block(step, authorization, 'controlNotAvailable');
    // what has no page yet ends here and says so: never a way past
    case 'acceptTerms':
      return block(step, authorization, 'termsNotAvailable');
    case 'registerDevice':
      return block(step, authorization, 'deviceRegistrationNotAvailable');
    case 'stepUpAtHome':
      return block(step, authorization, 'homeStepUpNotAvailable');
    case 'reauthenticate':
      return tooOld(step, authorization);
    case undefined:
      return block(step, authorization, 'controlNotAvailable');
  }
}

/** Blocked as it stands; a first factor shown now leads on. */
const tooOld = (step: JudgedStep, authorization: Authorization): Advanced =>
  freshFirst(block(step, authorization, 'reauthenticationNotAvailable'));

const freshFirst = (advanced: Advanced): Advanced => ({ ...advanced, needsFreshFactor: true });

/** Registering is an act of its own: policies for it are judged before the secret is shown. */
function offerRegistration(
  step: JudgedStep,
  authorization: Authorization,
  methods: readonly string[],
) {
  const { now, configuration, guestId, totpKey } = step.stage;
  const { firstFactor } = authorization;
  if (!isBefore(now, later(new Date(firstFactor.cameAt), registrationMs).toISOString()))
    return freshFirst(over(step, authorization));
  const { cameAt } = firstFactor;
  const shownAt = shownAtOf(firstFactor);
  if (shownAt && Date.parse(cameAt) - Date.parse(shownAt) >= registrationMs)
    return tooOld(step, authorization);
  const facts = forRegistration(step.facts);
  const decision = decide(configuration.policySet, facts, { trace: false });
  if (decision.outcome !== 'grant') {
    const cause = decision.outcome === 'block' ? blockCause(decision) : 'registrationNotPossible';
    return block({ ...step, facts, decision }, authorization, cause);
  }
  const methodId = randomToken();
  const secret = newTotpSecret();
  return ask(
    step,
    {
      ...authorization,
      next: { action: 'register', methods: [...methods] },
      enrolling: authorization.enrolling ?? {
        methodId,
        secretSealed: seal(totpKey, totpSealAad(guestId, methodId), secret),
      },
      events: authorization.enrolling
        ? authorization.events
        : withEvent(authorization.events, now, 'enrolmentOffered'),
    },
    secret,
  );
}

function ask(step: JudgedStep, authorization: Authorization, freshSecret?: string): Advanced {
  return {
    authorization,
    changes: [],
    answer: stepPage(step.stage, step.parties, authorization, { freshSecret }),
  };
}

const withoutEnrolment = ({ enrolling: _, ...rest }: Authorization): Authorization => rest;
