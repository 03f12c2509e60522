import { totpUri } from '../../checks/totp.ts';
import { writeAuthorizationHandle } from '../../core/handles.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { Answer, CodeProblem } from '../answers.ts';
import { frameOf } from './frame.ts';
import type { Parties } from './judged.ts';
import type { Stage } from './stage.ts';

/** The page of the step that an open sign-in waits at. */
export function stepPage(
  stage: Stage,
  parties: Parties,
  authorization: Authorization,
  shown: {
    readonly problem?: CodeProblem | undefined;
    readonly freshSecret?: string | undefined;
  } = {},
): Answer {
  const guest = stage.rows.guest.value;
  const frame = frameOf(stage.configuration, parties.app, authorization.request);
  const common = {
    kind: 'page',
    frame,
    step: {
      handle: writeAuthorizationHandle({ guest: stage.guestId, id: stage.id }),
      nonce: authorization.stepNonce,
    },
    home: parties.partner?.displayName,
    problem: shown.problem,
  } as const;
  if (authorization.next?.action !== 'register') return { ...common, page: 'challenge' };
  // a secret sealed by another step of this sign-in counts, not the one made for this plan
  const secret =
    stage.secrets.get(authorization.enrolling?.methodId ?? '') ?? shown.freshSecret ?? '';
  const account = guest.mail ?? guest.displayName;
  return {
    ...common,
    page: 'enrol',
    account,
    secret,
    otpauth: totpUri(secret, stage.configuration.settings.organisation.displayName, account),
  };
}
