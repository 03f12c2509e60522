import { keysAgeMs } from '../../checks/key-life.ts';
import { randomToken } from '../../core/ids.ts';
import { later } from '../../core/time.ts';
import type { ListedSecret, Revocation, SigningRotation } from '../../ports.ts';
import type { House } from '../house.ts';
import { logAudit } from '../log.ts';
import type { Administrator } from './admit.ts';

/** POST /manage/keys: the intent is written before the effect; where that fails, nothing is changed. */
export type KeyAct = { readonly reason: string; readonly administrator: Administrator } & (
  | { readonly action: 'rotate'; readonly keys: 'signing' | 'secrets' }
  | { readonly action: 'revoke'; readonly kid: string }
);

export type KeyResult =
  | ({
      readonly kind: 'done';
      readonly operationId: string;
      /** Every instance knows by then. */
      readonly effectiveBy: Date;
    } & KeyChange)
  | { readonly kind: 'unknownKey' }
  /** The secrets of the local world hang on one key from its environment. */
  | { readonly kind: 'oneSecretHere' };

type KeyChange =
  | { readonly what: 'signing'; readonly rotations: readonly SigningRotation[] }
  | { readonly what: 'secret'; readonly secret: ListedSecret }
  | { readonly what: 'revoked'; readonly revocation: Revocation };

export async function changeKeys(house: House, act: KeyAct, now: Date): Promise<KeyResult> {
  const operationId = randomToken();
  const audit = {
    operationId,
    activity: activityOf(act),
    actor: act.administrator.name,
    reason: act.reason,
    ...(act.action === 'revoke' ? { target: act.kid } : {}),
  };
  await logAudit(house, { ...audit, phase: 'intent' }, now);
  const change = await changed(house, act);
  const result = typeof change === 'string' ? change : resultOf(change);
  await logAudit(house, { ...audit, phase: 'result', result }, now);
  if (typeof change === 'string') return { kind: change };
  return { kind: 'done', operationId, effectiveBy: later(now, keysAgeMs), ...change };
}

const activityOf = (act: KeyAct): string => {
  if (act.action === 'revoke') return 'revokeSigningKey';
  return act.keys === 'signing' ? 'rotateSigningKeys' : 'rotateSecretKey';
};

async function changed(
  { keys: { administration } }: House,
  act: KeyAct,
): Promise<KeyChange | 'unknownKey' | 'oneSecretHere'> {
  if (act.action === 'revoke') {
    const revocation = await administration.revoke(act.kid);
    return revocation ? { what: 'revoked', revocation } : 'unknownKey';
  }
  if (act.keys === 'signing')
    return { what: 'signing', rotations: await administration.rotateSigning() };
  const secret = await administration.rotateSecrets();
  return secret ? { what: 'secret', secret } : 'oneSecretHere';
}

function resultOf(change: KeyChange): string {
  switch (change.what) {
    case 'signing':
      return change.rotations
        .map(({ alg, result, kid }) => [alg, result, kid].filter(Boolean).join(' '))
        .join(', ');
    case 'secret':
      return `done ${change.secret.id}`;
    case 'revoked':
      return `done, current ${change.revocation.current ?? 'none'}`;
  }
}
