import { hoursMs, isBefore, later, secondsMs } from '../../core/time.ts';
import type { Change } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { insert, replace } from '../../rows/row.ts';
import { type Session, sessionCap, sessionKey } from '../../rows/session.ts';
import type { Answer } from '../answers.ts';
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
    expiresAt: later(
      homeAuthentication(authorization),
      settings.federatedSessionHours * hoursMs,
    ).toISOString(),
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

/** Sessions end with the home authentication's age; without `auth_time` counted from its answer. */
const homeAuthentication = ({ firstFactor }: Authorization): Date =>
  new Date(firstFactor.authenticatedAt ?? firstFactor.cameAt);

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
    frame: frameOf(stage.configuration, parties.app, request),
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
