import { passcodeTries } from '../../checks/passcode.ts';
import { secondsUntil } from '../../checks/send-limits.ts';
import { writeSignInHandle } from '../../core/handles.ts';
import type { SignInId } from '../../core/ids.ts';
import { isBefore } from '../../core/time.ts';
import type { Partition } from '../../ports.ts';
import type { MailSignIn } from '../../rows/sign-in.ts';
import type { Answer, PasscodeProblem } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { frameOf } from '../sign-in/frame.ts';

/** A passcode sign-in as its browser finds it. */
export type AtMailbox = {
  readonly partition: Partition;
  /** Of the row. */
  readonly key: string;
  readonly id: SignInId;
};

/** The page that asks for the mailed code: the same for an address that nobody has. */
export function passcodePage(
  house: House,
  configuration: Configuration,
  { partition, id }: AtMailbox,
  signIn: MailSignIn,
  shown: {
    readonly address: string;
    readonly sent?: boolean;
    readonly problem?: PasscodeProblem | undefined;
  },
  now: Date,
): Answer {
  const { request, stepNonce, nextSendAt } = signIn;
  return {
    kind: 'page',
    page: 'passcode',
    frame: frameOf(configuration, configuration.apps.get(request.clientId), request),
    step: { handle: writeSignInHandle({ partition: partition.key, id }), nonce: stepNonce },
    address: shown.address,
    sender: house.mail?.sender ?? '',
    sent: shown.sent ?? true,
    code: stateOf(signIn, now),
    nextSendSeconds: secondsUntil(new Date(nextSendAt), now),
    minutes: configuration.settings.passcode.lifeMinutes,
    problem: shown.problem,
  };
}

/** Why the code that is out opens nothing any more, whatever is typed. */
export function deadCode({ code }: MailSignIn, now: Date): 'expired' | 'tooManyTries' | undefined {
  if (!code || !isBefore(now, code.expiresAt)) return 'expired';
  return code.tries >= passcodeTries ? 'tooManyTries' : undefined;
}

function stateOf(signIn: MailSignIn, now: Date): 'good' | 'dead' | 'none' {
  if (!signIn.code) return 'none';
  return deadCode(signIn, now) ? 'dead' : 'good';
}
