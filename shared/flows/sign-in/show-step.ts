import { type BrowserSecret, readGuestId, type SignInId } from '../../core/ids.ts';
import { isBefore } from '../../core/time.ts';
import type { Authorization } from '../../rows/authorization.ts';
import {
  type Answer,
  type Browser,
  blockCauses,
  type CodeProblem,
  type Frame,
} from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { blockedPage } from './block.ts';
import { deriveGrant } from './codes.ts';
import { frameOf } from './frame.ts';
import { grantedAnswer } from './grant.ts';
import { authorizationOf } from './guest-rows.ts';
import type { Parties } from './judged.ts';
import { message } from './messages.ts';
import { loadStage, type Stage } from './stage.ts';
import { partiesOf } from './standing.ts';
import { stepPage } from './step-page.ts';

/**
 * Where a sign-in stands, for the browser it belongs to: nothing is judged, counted or spent. A
 * reload, a form sent twice and the way back all end here.
 */
export function currentAnswer(stage: Stage, problem?: CodeProblem): Answer {
  const authorization = authorizationOf(stage.rows, stage.h)?.value;
  if (!authorization) return message('otherBrowser', { frame: frameOf(stage.configuration) });
  const app = stage.configuration.apps.get(authorization.request.clientId);
  const frame = frameOf(stage.configuration, app, authorization.request);
  if (authorization.state === 'over') return overAgain(stage, authorization, frame);
  const parties = partiesOf(stage.configuration, stage.rows.guest.value, authorization);
  if (!parties || !isBefore(stage.now, authorization.expiresAt))
    return message('signInOver', { frame });
  switch (authorization.state) {
    case 'open':
      return stepPage(stage, parties, authorization, { problem });
    case 'code':
      return codeAgain(stage, parties, authorization) ?? message('alreadySignedIn', { frame });
    case 'redeemed':
      return message('alreadySignedIn', { frame });
    case 'revoked':
      return message('signInOver', { frame });
  }
}

/** A refusal once more, with the reference it was given. */
function overAgain(stage: Stage, { over }: Authorization, frame: Frame): Answer {
  const cause = blockCauses.find((known) => known === over?.cause);
  if (!cause || over?.reference === undefined) return message('signInOver', { frame });
  return blockedPage(frame, cause, over.reference, stage.rows.guest.value.sponsor);
}

/** The same code once more, as long as nobody has used it. */
function codeAgain(
  stage: Stage,
  parties: Parties,
  authorization: Authorization,
): Answer | undefined {
  const { code } = authorization;
  if (!code || !isBefore(stage.now, code.expiresAt)) return undefined;
  const granted = deriveGrant(stage.grant, stage.guestId, stage.h, code.salt);
  return grantedAnswer(stage, parties, authorization, granted);
}

export async function showStep(
  house: House,
  configuration: Configuration,
  input: {
    readonly guest: string;
    readonly id: SignInId;
    readonly secret: BrowserSecret;
    readonly browser: Browser;
  },
  now: Date,
): Promise<Answer> {
  const guestId = readGuestId(input.guest);
  const stage = guestId && (await loadStage(house, configuration, { ...input, guestId }, now));
  // the sign-in is this browser's, so where nothing came of it, it is over
  return stage && authorizationOf(stage.rows, stage.h)
    ? currentAnswer(stage)
    : message('signInOver', { frame: frameOf(configuration) });
}
