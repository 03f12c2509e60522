import { Fault } from '../core/errors.ts';
import type { Keys, NamedKey } from '../ports.ts';

/**
 * The key that new values are made with or, by id, the one that an existing value names. Throws
 * `Fault('keyUnavailable')`.
 */
export async function keyFor(
  keys: Keys,
  purpose: Parameters<Keys['secret']>[0],
  id?: string,
): Promise<NamedKey> {
  const key = (await keys.secret(purpose, id)) ?? (await keys.secret(purpose));
  if (!key) throw new Fault('keyUnavailable', { detail: purpose });
  return key;
}
