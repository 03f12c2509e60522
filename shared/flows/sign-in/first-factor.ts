import { newSignInId } from '../../core/handles.ts';
import { type BrowserSecret, type GuestId, randomToken, type SignInId } from '../../core/ids.ts';
import { newLogPlace, writeReference } from '../../core/reference.ts';
import { hoursMs, later, minutesMs } from '../../core/time.ts';
import type { HomeIdentity } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { guestPartition } from '../../rows/guest.ts';
import type { SignInLog } from '../../rows/log.ts';
import type { SignIn } from '../../rows/sign-in.ts';
import type { Answer } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { logSignIn, refuseUnstored } from '../log.ts';
import { advance } from './advance.ts';
import { blockedPage } from './block.ts';
import { isFull, stepChanges } from './commit-step.ts';
import type { BrowserFacts } from './facts.ts';
import { frameOf } from './frame.ts';
import { boundSubject } from './guest-of-identity.ts';
import { authorizationOf } from './guest-rows.ts';
import type { Advanced } from './judged.ts';
import { message } from './messages.ts';
import { loadStage, type Stage } from './stage.ts';
import { mayEnter, partiesOf } from './standing.ts';
import { goHome, startAtHome } from './start-at-home.ts';

type Begin = {
  readonly configuration: Configuration;
  readonly partner: Partner;
  /** Terminal by now, and naming this guest. */
  readonly signIn: SignIn;
  readonly identity: HomeIdentity;
  readonly guestId: GuestId;
  readonly id: SignInId;
  readonly secret: BrowserSecret;
  readonly facts: BrowserFacts;
  readonly device: string | undefined;
};

const authorizationMs = hoursMs;

/** The guest is known: the authorization comes to be in their own partition, and is advanced at once. */
export async function begin(house: House, input: Begin, now: Date): Promise<Answer> {
  const { configuration, signIn } = input;
  const frame = frameOf(
    configuration,
    configuration.apps.get(signIn.request.clientId),
    signIn.request,
  );
  const stageInput = {
    guestId: input.guestId,
    id: input.id,
    browser: input.secret,
    device: input.device,
  };
  const begun = await commitPlan<Stage | undefined, Begun>(
    house.store,
    guestPartition(input.guestId),
    () => loadStage(house, configuration, stageInput, now),
    (stage) => plan(stage, input, now),
  );
  if (!begun || begun.kind === 'full') {
    const detail = { guest: input.guestId, why: begun?.kind ?? 'contended' };
    const reference = refuseUnstored(house, 'signInRefused', detail, now);
    return message('temporarilyUnavailable', { frame, reference });
  }
  if (begun.kind === 'noAccess') return refuseAccess(house, input, now);
  if (begun.kind === 'freshHome') return homeAgain(house, input, now);
  if (begun.kind === 'answer') return begun.answer;
  if (begun.advanced.log)
    await logSignIn(house, begun.advanced.log.place, begun.advanced.log.entry);
  return begun.advanced.answer;
}

/** The same request as a new sign-in, with an authentication made now (`prompt=login`). */
async function homeAgain(house: House, input: Begin, now: Date): Promise<Answer> {
  const { configuration, partner, secret, signIn } = input;
  const request: AuthorizationRequest = { ...signIn.request, prompt: ['login'] };
  const mail = signIn.home.loginHint;
  const start = { request, partner, id: newSignInId(now), secret, mail };
  return goHome(house, configuration, await startAtHome(house, start, now), now);
}

type Begun =
  | { readonly kind: 'noAccess' }
  | { readonly kind: 'full' }
  | { readonly kind: 'freshHome' }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'advanced'; readonly advanced: Advanced };

function plan(stage: Stage | undefined, input: Begin, now: Date): Plan<Begun> {
  const nothing = (answer: Begun): Plan<Begun> => ({ changes: [], answer });
  if (!stage) return nothing({ kind: 'noAccess' });
  const { configuration, signIn } = input;
  const frame = frameOf(
    configuration,
    configuration.apps.get(signIn.request.clientId),
    signIn.request,
  );
  const over = { kind: 'answer', answer: message('signInOver', { frame }) } as const;
  if (authorizationOf(stage.rows, stage.h)) return nothing(over);
  if (isFull(stage)) return nothing({ kind: 'full' });
  const authorization = newAuthorization(input, now);
  const guest = stage.rows.guest.value;
  const parties = partiesOf(configuration, guest, authorization);
  // whoever may not come in is told what a stranger is told; anything else ended under way
  if (!parties)
    return nothing(
      mayEnter(guest, input.partner, authorization.firstFactor.subject)
        ? over
        : { kind: 'noAccess' },
    );
  const methods = stage.rows.methods.map(({ value }) => value);
  const advanced = advance(stage, parties, authorization, methods);
  // asked once: whoever came from there already is refused
  if (advanced.needsFreshHome && signIn.home.maxAgeSeconds !== 0)
    return nothing({ kind: 'freshHome' });
  return { changes: stepChanges(stage, advanced), answer: { kind: 'advanced', advanced } };
}

/** Takes over what happened so far. Its age counts from the sign-in's start, so that a void in between holds. */
function newAuthorization(
  { signIn, identity, partner, facts, configuration }: Begin,
  now: Date,
): Authorization {
  return {
    state: 'open',
    request: signIn.request,
    createdAt: signIn.startedAt,
    expiresAt: later(now, authorizationMs).toISOString(),
    stepNonce: randomToken(),
    browser: facts,
    firstFactor: {
      partner: partner.id,
      issuer: partner.issuer,
      subject: boundSubject(partner, identity) ?? '',
      cameAt: now.toISOString(),
      ...authenticatedAt(identity, now),
      amr: [...identity.amr],
      ...(identity.acr === undefined ? {} : { acr: identity.acr }),
      tokenHash: identity.tokenHash,
    },
    proofs: [],
    decision: {
      outcome: 'interrupt',
      code: null,
      setVersion: configuration.setVersion,
      at: now.toISOString(),
    },
    events: signIn.events,
  };
}

/** A time that lies ahead by more than clocks differ says nothing. */
function authenticatedAt({ authTime }: HomeIdentity, now: Date): { authenticatedAt?: string } {
  const isKnown = authTime !== undefined && authTime.getTime() <= now.getTime() + minutesMs;
  return isKnown ? { authenticatedAt: authTime.toISOString() } : {};
}

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
