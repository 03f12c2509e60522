// §11.5: conditions.devices, and what a device filter sees of a device.
import type { Facts } from './facts.ts';
import { not, type Three } from './kleene.ts';
import { hasUnknownMember, isConfigured, isObject, wordOf } from './reading.ts';
import { deviceRule, type Value } from './rule.ts';

type ManagedBy = 'resource' | 'home' | 'other' | 'nobody' | 'unknown';

/** §11.8: unmanaged is a device that is null, absent or has `managedBy` null. */
export function managedBy(facts: Facts): ManagedBy {
  if (facts.device === undefined) return 'nobody';
  const manager = facts.device['managedBy'];
  if (manager === null) return 'nobody';
  // §11.1: absent is not unmanaged.
  return wordOf(manager, ['resource', 'home', 'other']) ?? 'unknown';
}

function propertyOf(facts: Facts, name: string): Value {
  if (facts.device === undefined) return null;
  const manager = managedBy(facts);
  const trustedHome = manager === 'home' && (facts.trustCompliant || facts.trustHybrid);
  // A device of the home is unknown without such trust, one managed by others always.
  if (manager === 'other' || (manager === 'home' && !trustedHome)) return null;
  const vouched = manager === 'resource' || trustedHome;
  const guarded = name === 'isCompliant' || name.startsWith('extensionAttribute');
  if (guarded && !vouched) return null;
  const value = facts.device[name];
  // §11.1: an absent property of a given device is null.
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? value
    : undefined;
}

export function devicesMatch(condition: unknown, facts: Facts): Three {
  if (!isObject(condition)) return 'unknown';
  if (hasUnknownMember(condition, ['deviceFilter'])) return 'unknown';
  const filter = condition['deviceFilter'];
  if (!isConfigured(filter) || !isObject(filter)) return 'unknown';
  if (hasUnknownMember(filter, ['mode', 'rule'])) return 'unknown';
  const mode = wordOf(filter['mode'], ['include', 'exclude']);
  const rule = deviceRule(filter['rule']);
  if (mode === undefined || rule === undefined) return 'unknown';
  const met = rule((name) => propertyOf(facts, name));
  return mode === 'include' ? met : not(met);
}
