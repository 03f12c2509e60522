import { hoursMs, type Instant, isBefore, later, minutesMs, secondsMs } from '../../core/time.ts';
import type { Change } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { shownAtOf } from '../../rows/first-factor.ts';
import { insert, replace } from '../../rows/row.ts';
import { type Session, sessionCap, sessionKey } from '../../rows/session.ts';
import type { Answer, SetCookie } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { deriveGrant, newSalt } from './codes.ts';
import { frameOf } from './frame.ts';
import type { Advanced, JudgedStep, Parties } from './judged.ts';
import { newDevice, type Stage } from './stage.ts';

/** The session and the code come to be here, and only here. */
export function grant(
  { stage, parties, decision }: JudgedStep,
  authorization: Authorization,
): Advanced {
  const { configuration, now, guestId, h } = stage;
  const { settings } = configuration;
  const salt = newSalt(stage.grant);
  const granted = deriveGrant(stage.grant, guestId, h, salt);
  const session: Session = {
    state: 'live',
    authorization: h,
    ...(stage.session ? { from: stage.session.key } : {}),
    firstFactor: authorization.firstFactor,
    proofs: authorization.proofs,
    begunAt: authorization.createdAt,
    createdAt: now.toISOString(),
    expiresAt: sessionEnd(configuration, authorization),
  };
  const key = sessionKey(granted.sessionSecret);
  const { next: _next, enrolling: _enrolling, ...rest } = authorization;
  const { persistentBrowser } = decision.sessionControls;
  const code = {
    hash: granted.codeHash,
    salt,
    issuedAt: now.toISOString(),
    expiresAt: later(now, settings.codeSeconds * secondsMs).toISOString(),
    session: key,
    ...(persistentBrowser === undefined ? {} : { persistentBrowser }),
  };
  const answered: Authorization = {
    ...rest,
    state: 'code',
    code,
    events: withEvent(authorization.events, now, 'granted'),
  };
  return {
    authorization: answered,
    changes: [insert(key, session), ...relieved(stage), ...overCap(stage)],
    answer: grantedAnswer(stage, parties, answered, granted),
  };
}

/** Entra's rule for one-time passcodes, whatever the policies say. */
const passcodeSessionHours = 24;

/**
 * Sessions end with the first factor's age. Without `auth_time`, or with one that lies ahead, a home's
 * counts from its answer.
 */
export function sessionEnd(configuration: Configuration, { firstFactor }: Authorization): Instant {
  const shownAt = shownAtOf(firstFactor);
  const came = new Date(firstFactor.cameAt);
  const from = shownAt && isBefore(came, shownAt) ? came : (shownAt ?? came);
  const hours =
    firstFactor.kind === 'mail'
      ? passcodeSessionHours
      : configuration.settings.federatedSessionHours;
  return later(new Date(from), hours * hoursMs).toISOString();
}

/** What the browser asked for at the same time as this may still come with the session before. */
const relievedMs = minutesMs;

function relieved({ session, now }: Stage): readonly Change[] {
  const end = later(now, relievedMs).toISOString();
  return session && end < session.value.expiresAt
    ? [replace(session, { ...session.value, expiresAt: end })]
    : [];
}

/** The oldest live sessions beyond the cap end, so that a new one fits. */
function overCap({ rows, session, now }: Stage): readonly Change[] {
  const live = rows.sessions
    .filter(({ key, value }) => key !== session?.key && value.state === 'live')
    .filter(({ value }) => isBefore(now, value.expiresAt))
    .sort((a, b) => a.value.createdAt.localeCompare(b.value.createdAt));
  return live
    .slice(0, Math.max(0, live.length - (sessionCap - 1)))
    .map((row) => replace(row, { ...row.value, state: 'ended' as const }));
}

export function grantedAnswer(
  stage: Stage,
  parties: Parties,
  authorization: Authorization,
  granted: { readonly code: string; readonly session: string },
): Answer {
  const { request } = authorization;
  return {
    kind: 'authorizationResponse',
    // the page that carries a code away leads nowhere else
    frame: { ...frameOf(stage.configuration, parties.app, request), anotherAccount: undefined },
    redirectUri: request.redirectUri,
    responseMode: request.responseMode,
    parameters: {
      code: granted.code,
      ...(request.state === undefined ? {} : { state: request.state }),
      iss: stage.house.issuer,
    },
    cookies: grantedCookies(stage, authorization, granted.session),
  };
}

/**
 * What outlives the browser's window is for the policies to say: the session only under `always`, and
 * under `never` nothing that knows the guest.
 * @see Graph: persistentBrowserSessionControl
 */
function grantedCookies(
  { configuration, device, guestId }: Stage,
  authorization: Authorization,
  session: string,
): readonly SetCookie[] {
  const { code, proofs } = authorization;
  const persistentUntil =
    code?.persistentBrowser === 'always'
      ? new Date(sessionEnd(configuration, authorization))
      : undefined;
  const transient = code?.persistentBrowser === 'never';
  const cookies: SetCookie[] = [{ cookie: 'session', value: session, persistentUntil }];
  // only a second factor makes a browser known; one that is known already goes on until its window closes
  if (proofs.length > 0 && (!device.known || transient))
    cookies.push({ cookie: 'device', value: newDevice(device.key, guestId), transient });
  return cookies;
}
