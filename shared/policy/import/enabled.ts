import { readState } from '../compile-policy.ts';
import { configuredMembers, type JsonObject, twice } from '../wire.ts';

/**
 * Whether the engine enforces a policy. A state that is no known word, or that stands twice, is
 * evaluated as enabled, so it counts as such wherever it matters.
 */
export function isEnabled(policy: JsonObject): boolean {
  const members = configuredMembers(policy);
  return members.has(twice('state')) || readState(members.get('state')) === 'enabled';
}
