// §4: every configured condition of a policy.
import { applicationsMatch } from './applications.ts';
import { devicesMatch } from './devices.ts';
import type { Facts } from './facts.ts';
import { allOf, anyOf, fromBoolean, listMatches, not, type Three } from './kleene.ts';
import { locationsMatch } from './locations.ts';
import { flagsOf, hasUnknownMember, isConfigured, isObject, type Json, wordOf } from './reading.ts';
import { usersMatch } from './users.ts';

export interface Surroundings {
  readonly facts: Facts;
  readonly locations: readonly Json[];
  readonly appGroups: Json;
}

/** §4: empty or missing = all; §11.3: `modern` and `exchangeActiveSync`. */
function clientAppTypes(value: unknown, { facts }: Surroundings): Three {
  return listMatches(value, (entry) => {
    const type = wordOf(entry, [
      'all',
      'browser',
      'mobileAppsAndDesktopClients',
      'modern',
      'exchangeActiveSync',
      'easSupported',
      'easUnsupported',
      'other',
    ]);
    if (type === undefined) return 'unknown';
    if (type === 'all') return 'match';
    if (facts.clientApp === undefined) return 'unknown';
    if (type === 'modern') return fromBoolean(facts.clientApp === 'mobileAppsAndDesktopClients');
    if (type === 'exchangeActiveSync')
      return fromBoolean(
        ['exchangeActiveSync', 'easSupported', 'easUnsupported'].includes(facts.clientApp),
      );
    return fromBoolean(type === facts.clientApp);
  });
}

/** §4: an unknown platform matches `all` only; only excludes → include = all. */
function platforms(value: unknown, { facts }: Surroundings): Three {
  if (!isObject(value)) return 'unknown';
  if (hasUnknownMember(value, ['includePlatforms', 'excludePlatforms'])) return 'unknown';
  const entry = (listed: unknown): Three => {
    const platform = wordOf(listed, [
      'all',
      'android',
      'iOS',
      'windows',
      'windowsPhone',
      'macOS',
      'linux',
    ]);
    if (platform === undefined) return 'unknown';
    return fromBoolean(platform === 'all' || platform === facts.platform);
  };
  const included = isConfigured(value['includePlatforms'])
    ? listMatches(value['includePlatforms'], entry)
    : 'match';
  return allOf([included, not(listMatches(value['excludePlatforms'], entry))]);
}

/** §4: `hidden` and `unknownFutureValue` never match; §11.1: the condition needs the fact. */
function riskLevels(value: unknown, risk: string | undefined): Three {
  if (risk === undefined) return 'unknown';
  return listMatches(value, (entry) => {
    const level = wordOf(entry, ['none', 'low', 'medium', 'high', 'hidden', 'unknownFutureValue']);
    if (level === undefined) return 'unknown';
    if (level === 'hidden' || level === 'unknownFutureValue') return 'noMatch';
    return fromBoolean(level === risk);
  });
}

/** §11.3: `none` is an entry that cannot be read. */
function insiderRiskLevels(value: unknown, { facts }: Surroundings): Three {
  const flags = flagsOf(value);
  if (flags === undefined) return 'unknown';
  return anyOf(
    flags.map((flag) => {
      const level = wordOf(flag, ['minor', 'moderate', 'elevated']);
      if (level === undefined || facts.insiderRisk === undefined) return 'unknown';
      return fromBoolean(level === facts.insiderRisk);
    }),
  );
}

function authenticationFlows(value: unknown, { facts }: Surroundings): Three {
  if (!isObject(value)) return 'unknown';
  if (hasUnknownMember(value, ['transferMethods'])) return 'unknown';
  const flags = flagsOf(value['transferMethods']);
  if (flags === undefined) return 'unknown';
  return anyOf(
    flags.map((flag) => {
      const method = wordOf(flag, ['none', 'deviceCodeFlow', 'authenticationTransfer']);
      if (method === undefined || facts.flow === undefined) return 'unknown';
      return fromBoolean(method === facts.flow);
    }),
  );
}

/** §11.3: `transferMethods: "none"` alone = not configured. */
function saysNoFlow(value: unknown): boolean {
  if (!isObject(value) || hasUnknownMember(value, ['transferMethods'])) return false;
  const flags = flagsOf(value['transferMethods']) ?? [];
  return flags.length > 0 && flags.every((flag) => wordOf(flag, ['none']) !== undefined);
}

const known: Readonly<Record<string, (value: unknown, around: Surroundings) => Three>> = {
  applications: (value, { facts, appGroups }) => applicationsMatch(value, facts, appGroups),
  clientAppTypes,
  platforms,
  locations: (value, { facts, locations }) => locationsMatch(value, facts, locations),
  devices: (value, { facts }) => devicesMatch(value, facts),
  authenticationFlows,
  signInRiskLevels: (value, { facts }) => riskLevels(value, facts.signInRisk),
  userRiskLevels: (value, { facts }) => riskLevels(value, facts.userRisk),
  insiderRiskLevels,
  // §11.3: workloads and agents, never a guest.
  clientApplications: () => 'noMatch',
  servicePrincipalRiskLevels: () => 'noMatch',
  agentIdRiskLevels: () => 'noMatch',
};

/** The names are the properties under `conditions`; `users` is always among them (§11.16). */
export function conditionOutcomes(
  conditions: unknown,
  around: Surroundings,
): Readonly<Record<string, Three>> {
  // §11.3: missing or not an object = one unknown condition.
  if (!isObject(conditions)) return { conditions: 'unknown' };
  const outcomes: Record<string, Three> = { users: usersMatch(conditions['users'], around.facts) };
  for (const [name, value] of Object.entries(conditions)) {
    if (name === 'users' || !isConfigured(value)) continue;
    if (name === 'authenticationFlows' && saysNoFlow(value)) continue;
    const evaluate = known[name];
    outcomes[name] = evaluate === undefined ? 'unknown' : evaluate(value, around);
  }
  return outcomes;
}

/** The configured conditions, without evaluating them. */
export function configuredConditions(conditions: unknown): readonly string[] {
  if (!isObject(conditions)) return ['conditions'];
  return Object.entries(conditions)
    .filter(([name, value]) => name !== 'authenticationFlows' || !saysNoFlow(value))
    .filter(([name, value]) => name === 'users' || isConfigured(value))
    .map(([name]) => name);
}
