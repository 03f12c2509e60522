import { hoursMs, type Instant, isBefore, later, secondsMs } from '../../core/time.ts';
import type { Change } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { insert, replace } from '../../rows/row.ts';
import { type Session, sessionCap, sessionKey } from '../../rows/session.ts';
import type { Answer } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { deriveGrant, newSalt } from './codes.ts';
import { frameOf } from './frame.ts';
import type { Advanced, JudgedStep, Parties } from './judged.ts';
import { newDevice, type Stage } from './stage.ts';

/** The session and the code come to be here, and only here. */
export function grant({ stage, parties }: JudgedStep, authorization: Authorization): Advanced {
  const { configuration, now, guestId, h, rows } = stage;
  const { settings } = configuration;
  const salt = newSalt(stage.grant);
  const granted = deriveGrant(stage.grant, guestId, h, salt);
  const session: Session = {
    state: 'live',
    authorization: h,
    createdAt: now.toISOString(),
    expiresAt: sessionEnd(configuration, authorization),
  };
  const key = sessionKey(granted.sessionSecret);
  const { next: _next, enrolling: _enrolling, ...rest } = authorization;
  return {
    authorization: {
      ...rest,
      state: 'code',
      code: {
        hash: granted.codeHash,
        salt,
        issuedAt: now.toISOString(),
        expiresAt: later(now, settings.codeSeconds * secondsMs).toISOString(),
        session: key,
      },
      events: withEvent(authorization.events, now, 'granted'),
    },
    changes: [insert(key, session), ...overCap(rows.sessions, now)],
    answer: grantedAnswer(stage, parties, authorization, granted),
  };
}

/**
 * Sessions end with the home authentication's age. Without `auth_time`, or with one that lies ahead,
 * it counts from the home's answer.
 */
export function sessionEnd(configuration: Configuration, { firstFactor }: Authorization): Instant {
  const { authenticatedAt, cameAt } = firstFactor;
  const came = new Date(cameAt);
  const from =
    authenticatedAt && isBefore(came, authenticatedAt) ? came : (authenticatedAt ?? came);
  const { federatedSessionHours } = configuration.settings;
  return later(new Date(from), federatedSessionHours * hoursMs).toISOString();
}

/** The oldest live sessions beyond the cap end, so that a new one fits. */
function overCap(sessions: Stage['rows']['sessions'], now: Date): readonly Change[] {
  const live = sessions
    .filter(({ value }) => value.state === 'live' && isBefore(now, value.expiresAt))
    .sort((a, b) => a.value.createdAt.localeCompare(b.value.createdAt));
  return live
    .slice(0, Math.max(0, live.length - (sessionCap - 1)))
    .map((row) => replace(row, { ...row.value, state: 'ended' as const }));
}

export function grantedAnswer(
  stage: Stage,
  parties: Parties,
  { request, proofs }: Authorization,
  granted: { readonly code: string; readonly session: string },
): Answer {
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
    cookies: [
      { cookie: 'session', value: granted.session },
      // only a second factor makes a browser known
      ...(proofs.length > 0 && !stage.device.known
        ? [{ cookie: 'device' as const, value: newDevice(stage.device.key, stage.guestId) }]
        : []),
    ],
  };
}
