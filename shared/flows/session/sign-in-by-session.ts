import { newSignInId, readSession } from '../../core/handles.ts';
import { randomToken, readBrowserSecret } from '../../core/ids.ts';
import { isBefore, later, secondsMs } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { AuthorizationRequest } from '../../rows/authorization-request.ts';
import { shownAtOf } from '../../rows/first-factor.ts';
import { guestPartition } from '../../rows/guest.ts';
import type { Session } from '../../rows/session.ts';
import type { Answer, Browser } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { logLines, refuseUnstored } from '../log.ts';
import { advance } from '../sign-in/advance.ts';
import type { Asked } from '../sign-in/asked-request.ts';
import { isFull, type Stepped, stepped } from '../sign-in/commit-step.ts';
import { type BrowserFacts, browserFacts } from '../sign-in/facts.ts';
import { authorizationMs, undecided } from '../sign-in/first-factor.ts';
import { frameOf } from '../sign-in/frame.ts';
import { message } from '../sign-in/messages.ts';
import { loadStage, type Stage } from '../sign-in/stage.ts';
import { partiesOf } from '../sign-in/standing.ts';
import { tellApp } from '../sign-in/tell-app.ts';

/**
 * A browser with a live session: its first factor and proofs count as of when they were shown, and the
 * policies are judged as for anybody who has just come.
 */
export type BySession =
  | { readonly kind: 'none' }
  /** There is one, and it does not do for this request. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'answer'; readonly answer: Answer };

type Input = { readonly asked: Asked; readonly browser: Browser };

export async function signInBySession(
  house: House,
  configuration: Configuration,
  { asked, browser }: Input,
  now: Date,
): Promise<BySession> {
  const shown = readSession(browser.session ?? '');
  const secret = readBrowserSecret(browser.secret);
  if (!shown || !secret) return { kind: 'none' };
  if (wantsFresh(asked.request)) return { kind: 'unused' };
  const facts = browserFacts(browser);
  const stageInput = { guestId: shown.guest, id: newSignInId(now), secret, browser };
  const begun = await commitPlan<Stage | undefined, Begun>(
    house.store,
    guestPartition(shown.guest),
    () => loadStage(house, configuration, stageInput, now),
    (stage) => plan(stage, asked.request, facts),
  );
  const frame = frameOf(configuration, asked.app, asked.request);
  if (!begun || begun.kind === 'full') {
    const detail = { guest: shown.guest, why: begun?.kind ?? 'contended' };
    const reference = refuseUnstored(house, 'signInRefused', detail, now);
    return { kind: 'answer', answer: message('temporarilyUnavailable', { frame, reference }) };
  }
  if (begun.kind === 'silent') {
    const why = 'the guest would be asked for something';
    const answer = tellApp(house, asked.request, 'interaction_required', why, frame);
    return { kind: 'answer', answer };
  }
  if (begun.kind !== 'answer') return begun;
  await logLines(house, begun.logs);
  return begun;
}

type Begun =
  | Exclude<BySession, { kind: 'answer' }>
  | (Extract<BySession, { kind: 'answer' }> & { readonly logs: Stepped['logs'] })
  | { readonly kind: 'full' }
  /** `prompt=none`, and something would have to be shown. */
  | { readonly kind: 'silent' };

function plan(
  stage: Stage | undefined,
  request: AuthorizationRequest,
  browser: BrowserFacts,
): Plan<Begun> {
  const nothing = (answer: Begun): Plan<Begun> => ({ changes: [], answer });
  const session = stage?.session?.value;
  if (!stage || !session) return nothing({ kind: 'none' });
  const authorization = fromSession(stage, session, request, browser);
  const parties = partiesOf(stage.configuration, stage.rows.guest.value, authorization);
  if (!parties) return nothing({ kind: 'none' });
  if (!serves(session, request, stage.now)) return nothing({ kind: 'unused' });
  if (isFull(stage)) return nothing({ kind: 'full' });
  const methods = stage.rows.methods.map(({ value }) => value);
  const advanced = advance(stage, parties, authorization, methods);
  if (advanced.needsFreshFactor) return nothing({ kind: 'unused' });
  if (request.prompt.includes('none') && advanced.authorization.state !== 'code')
    return nothing({ kind: 'silent' });
  const { changes, logs } = stepped(stage, advanced);
  return { changes, answer: { kind: 'answer', answer: advanced.answer, logs } };
}

const wantsFresh = ({ prompt }: AuthorizationRequest): boolean =>
  prompt.includes('login') || prompt.includes('select_account');

/** The first factor may not be older than the app asks for (OpenID Connect Core §3.1.2.1). */
function serves({ firstFactor }: Session, request: AuthorizationRequest, now: Date): boolean {
  if (request.maxAgeSeconds === undefined) return true;
  const shownAt = shownAtOf(firstFactor);
  if (shownAt === undefined) return false;
  const end = later(new Date(shownAt), request.maxAgeSeconds * secondsMs);
  return isBefore(now, end.toISOString());
}

function fromSession(
  { configuration, now }: Stage,
  session: Session,
  request: AuthorizationRequest,
  browser: BrowserFacts,
): Authorization {
  const at = now.toISOString();
  return {
    state: 'open',
    request,
    createdAt: session.begunAt,
    expiresAt: later(now, authorizationMs).toISOString(),
    stepNonce: randomToken(),
    browser,
    firstFactor: session.firstFactor,
    proofs: session.proofs,
    decision: undecided(configuration, now),
    events: [
      { at, what: 'started' },
      { at, what: 'session' },
    ],
  };
}
