import { randomToken } from '../../core/ids.ts';
import { newLogPlace, writeReference } from '../../core/reference.ts';
import { hoursMs, later } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { FirstFactor } from '../../rows/first-factor.ts';
import { guestPartition } from '../../rows/guest.ts';
import type { SignInLog } from '../../rows/log.ts';
import type { SignIn } from '../../rows/sign-in.ts';
import type { Answer } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { logLines, logSignIn, refuseUnstored } from '../log.ts';
import { advance } from './advance.ts';
import { blockedPage } from './block.ts';
import { isFull, type Stepped, stepped } from './commit-step.ts';
import type { BrowserFacts } from './facts.ts';
import { frameOf } from './frame.ts';
import { authorizationOf } from './guest-rows.ts';
import { message } from './messages.ts';
import { currentAnswer } from './show-step.ts';
import { loadStage, type Stage, type StageInput } from './stage.ts';
import { mayEnter, partiesOf } from './standing.ts';

type Begin = StageInput & {
  readonly configuration: Configuration;
  /** Terminal by now, and naming this guest. */
  readonly signIn: SignIn;
  readonly firstFactor: FirstFactor;
  readonly facts: BrowserFacts;
  /** Where a fresher first factor can be had, if it can. */
  readonly again?: (() => Promise<Answer>) | undefined;
};

export const authorizationMs = hoursMs;

/** The guest is known: the authorization comes to be in their own partition, and is advanced at once. */
export async function begin(house: House, input: Begin, now: Date): Promise<Answer> {
  const { configuration, signIn } = input;
  const frame = frameOf(
    configuration,
    configuration.apps.get(signIn.request.clientId),
    signIn.request,
  );
  const begun = await commitPlan<Stage | undefined, Begun>(
    house.store,
    guestPartition(input.guestId),
    () => loadStage(house, configuration, input, now),
    (stage) => plan(stage, input, now),
  );
  if (!begun || begun.kind === 'full') {
    const detail = { guest: input.guestId, why: begun?.kind ?? 'contended' };
    const reference = refuseUnstored(house, 'signInRefused', detail, now);
    return message('temporarilyUnavailable', { frame, reference });
  }
  if (begun.kind === 'noAccess') return refuseAccess(house, input, now);
  if (begun.kind === 'again') return begun.again();
  const { guestId, firstFactor } = input;
  house.journal.line('info', 'firstFactor', { guest: guestId, door: firstFactor.kind });
  await logLines(house, begun.logs);
  return begun.answer;
}

type Begun =
  | { readonly kind: 'noAccess' }
  | { readonly kind: 'full' }
  | { readonly kind: 'again'; readonly again: () => Promise<Answer> }
  | { readonly kind: 'answer'; readonly answer: Answer; readonly logs: Stepped['logs'] };

function plan(stage: Stage | undefined, input: Begin, now: Date): Plan<Begun> {
  const nothing = (answer: Begun): Plan<Begun> => ({ changes: [], answer });
  if (!stage) return nothing({ kind: 'noAccess' });
  const { configuration, signIn } = input;
  const frame = frameOf(
    configuration,
    configuration.apps.get(signIn.request.clientId),
    signIn.request,
  );
  const over = { kind: 'answer', answer: message('signInOver', { frame }), logs: [] } as const;
  // come to by another request of the same sign-in
  if (authorizationOf(stage.rows, stage.h))
    return nothing({ kind: 'answer', answer: currentAnswer(stage), logs: [] });
  if (isFull(stage)) return nothing({ kind: 'full' });
  const authorization = newAuthorization(input, now);
  const guest = stage.rows.guest.value;
  const parties = partiesOf(configuration, guest, authorization);
  // whoever may not come in is told what a stranger is told; anything else ended under way
  if (!parties)
    return nothing(mayEnter(guest, authorization.firstFactor) ? over : { kind: 'noAccess' });
  const methods = stage.rows.methods.map(({ value }) => value);
  const advanced = advance(stage, parties, authorization, methods);
  if (advanced.needsFreshFactor && input.again)
    return nothing({ kind: 'again', again: input.again });
  const { changes, logs } = stepped(stage, advanced);
  return { changes, answer: { kind: 'answer', answer: advanced.answer, logs } };
}

/** Takes over what happened so far. Its age counts from the sign-in's start, so that a void in between holds. */
function newAuthorization(
  { signIn, firstFactor, facts, configuration }: Begin,
  now: Date,
): Authorization {
  return {
    state: 'open',
    request: signIn.request,
    createdAt: signIn.startedAt,
    expiresAt: later(now, authorizationMs).toISOString(),
    stepNonce: randomToken(),
    browser: facts,
    firstFactor,
    proofs: [],
    decision: undecided(configuration, now),
    events: signIn.events,
  };
}

export const undecided = ({ setVersion }: Configuration, now: Date): Authorization['decision'] => ({
  outcome: 'interrupt',
  code: null,
  setVersion,
  at: now.toISOString(),
});

/** The same page as for an account that nobody is bound to. */
async function refuseAccess(house: House, input: Begin, now: Date): Promise<Answer> {
  const { configuration, signIn, guestId } = input;
  const place = newLogPlace(now);
  const entry: SignInLog = {
    kind: 'signIn',
    at: now.toISOString(),
    result: 'failure',
    guest: guestId,
    app: signIn.request.clientId,
    cause: 'noAccess',
    code: 50020,
    events: signIn.events,
  };
  await logSignIn(house, place, entry);
  const app = configuration.apps.get(signIn.request.clientId);
  return blockedPage(
    frameOf(configuration, app, signIn.request),
    'noAccess',
    writeReference(place),
  );
}
