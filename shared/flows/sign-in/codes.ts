import { Fault } from '../../core/errors.ts';
import { writeCode, writeSession } from '../../core/handles.ts';
import type { GuestId, SignInHash } from '../../core/ids.ts';
import { hashOf, randomToken } from '../../core/ids.ts';
import { macOf } from '../../core/seal.ts';
import type { Keys, NamedKey } from '../../ports.ts';

/**
 * The authorization code and the session's secret are derived from a random salt in the row and a
 * key outside the tables. So the table opens nothing, and a form sent twice by the same browser is
 * given the same answer twice.
 */
export type GrantKeys = { readonly code: NamedKey; readonly session: NamedKey };

export async function grantKeys(keys: Keys, salt?: string): Promise<GrantKeys> {
  const id = salt?.split('.')[0];
  const [code, session] = await Promise.all([keys.secret('code', id), keys.secret('session', id)]);
  if (!code || !session) throw new Fault('keyUnavailable');
  return { code, session };
}

export const newSalt = (keys: GrantKeys): string => `${keys.code.id}.${randomToken()}`;

export type Granted = {
  readonly code: string;
  readonly codeHash: string;
  /** The session cookie's value and the secret its row is named after. */
  readonly session: string;
  readonly sessionSecret: string;
};

export function deriveGrant(keys: GrantKeys, guest: GuestId, h: SignInHash, salt: string): Granted {
  const secret = first128(macOf(keys.code.key, guest, h, salt));
  const sessionSecret = first128(macOf(keys.session.key, guest, h, salt));
  return {
    code: writeCode({ guest, h, secret }),
    codeHash: codeHashOf(secret),
    session: writeSession({ guest, secret: sessionSecret }),
    sessionSecret,
  };
}

export const codeHashOf = (secret: string): string => hashOf('code', secret);

const first128 = (mac: string): string => mac.slice(0, 22);
