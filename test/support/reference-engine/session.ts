// §7, §11.10, §11.13: session controls and how they merge.
import { configuredConditions } from './conditions.ts';
import { hasUnknownMember, isConfigured, isObject, type Json, wordOf } from './reading.ts';
import type { Limit } from './second-factors.ts';

/** The session controls of one policy. */
export interface Session {
  readonly primary: Limit;
  readonly secondary: Limit;
  readonly persistentBrowser: 'never' | 'always' | undefined;
  readonly cloudAppSecurity: 'blockDownloads' | 'monitorOnly' | 'mcasConfigured' | undefined;
  readonly continuousAccessEvaluation:
    | 'strictLocation'
    | 'strictEnforcement'
    | 'disabled'
    | undefined;
  readonly applicationEnforcedRestrictions: boolean;
  readonly disableResilienceDefaults: boolean;
  readonly secureSignInSession: boolean;
  /** §11.4: something here cannot be met, whatever the grant controls say. */
  readonly unsatisfiable: boolean;
}

type Writable = { -readonly [K in keyof Session]: Session[K] };

const frequencyMembers = ['isEnabled', 'frequencyInterval', 'type', 'value', 'authenticationType'];

function frequency(value: unknown, session: Writable): void {
  if (isObject(value) && value['isEnabled'] !== true) return;
  if (!isObject(value) || hasUnknownMember(value, frequencyMembers)) {
    session.primary = 'everyTime';
    session.secondary = 'everyTime';
    return;
  }
  const limit = limitOf(value);
  const authentication = value['authenticationType'];
  session.secondary = limit;
  // Of an unreadable type the strictest: it limits both.
  if (wordOf(authentication, ['secondaryAuthentication']) === undefined) session.primary = limit;
}

/** In hours. §11.10: an unreadable frequency is `everyTime`; EF §1.9: no interval is timeBased. */
function limitOf(value: Json): Limit {
  const interval = isConfigured(value['frequencyInterval'])
    ? wordOf(value['frequencyInterval'], ['timeBased', 'everyTime'])
    : 'timeBased';
  if (interval !== 'timeBased') return 'everyTime';
  const type = wordOf(value['type'], ['hours', 'days']);
  const amount = value['value'];
  if (type === undefined || typeof amount !== 'number') return 'everyTime';
  if (!Number.isInteger(amount) || amount < 1) return 'everyTime';
  return type === 'days' ? amount * 24 : amount;
}

/** The controls that are objects, and their members. */
const membersOf: Readonly<Record<string, readonly string[]>> = {
  persistentBrowser: ['isEnabled', 'mode'],
  cloudAppSecurity: ['isEnabled', 'cloudAppSecurityType'],
  applicationEnforcedRestrictions: ['isEnabled'],
  secureSignInSession: ['isEnabled'],
  continuousAccessEvaluation: ['mode'],
};

/** §11.13: may its CAE `disabled` count? */
function mayDisable(conditions: unknown): boolean {
  if (!isObject(conditions)) return false;
  if (configuredConditions(conditions).some((name) => !bareConditions.includes(name))) return false;
  const types = conditions['clientAppTypes'];
  if (isConfigured(types)) {
    if (!Array.isArray(types)) return false;
    if (!types.every((type) => wordOf(type, ['all']) !== undefined)) return false;
  }
  const applications = conditions['applications'];
  if (!isObject(applications)) return false;
  const included = applications['includeApplications'];
  if (!Array.isArray(included)) return false;
  return (
    included.some((app) => wordOf(app, ['All']) !== undefined) &&
    !isConfigured(applications['excludeApplications']) &&
    !isConfigured(applications['applicationFilter'])
  );
}
const bareConditions = ['users', 'applications', 'clientAppTypes'];

/** `certain`: no condition of the policy is unknown (§11.2). */
export function sessionOf(
  sessionControls: unknown,
  conditions: unknown,
  certain: boolean,
): Session {
  const session: Writable = {
    primary: undefined,
    secondary: undefined,
    persistentBrowser: undefined,
    cloudAppSecurity: undefined,
    continuousAccessEvaluation: undefined,
    applicationEnforcedRestrictions: false,
    disableResilienceDefaults: false,
    secureSignInSession: false,
    unsatisfiable: false,
  };
  if (!isConfigured(sessionControls)) return session;
  if (!isObject(sessionControls)) return { ...session, unsatisfiable: true };
  for (const [name, value] of Object.entries(sessionControls)) {
    if (!isConfigured(value)) continue;
    if (name === 'signInFrequency') {
      frequency(value, session);
    } else if (name === 'disableResilienceDefaults') {
      if (typeof value !== 'boolean') session.unsatisfiable = true;
      else session.disableResilienceDefaults = value;
    } else if (!isObject(value) || hasUnknownMember(value, membersOf[name] ?? [])) {
      // §11.4: an unknown member inside is as unknown as one beside.
      session.unsatisfiable = true;
    } else if (name === 'continuousAccessEvaluation') {
      const modes = ['strictLocation', 'strictEnforcement', 'disabled'] as const;
      // An unreadable mode reads as the strictest.
      const mode = wordOf(value['mode'], modes) ?? 'strictLocation';
      if (mode !== 'disabled' || (certain && mayDisable(conditions)))
        session.continuousAccessEvaluation = mode;
    } else if (value['isEnabled'] === true) {
      if (name === 'persistentBrowser') {
        const mode = wordOf(value['mode'], ['always', 'never'] as const) ?? 'never';
        if (mode === 'never' || certain) session.persistentBrowser = mode;
      } else if (name === 'cloudAppSecurity') {
        const types = ['blockDownloads', 'monitorOnly', 'mcasConfigured'] as const;
        session.cloudAppSecurity = wordOf(value['cloudAppSecurityType'], types) ?? 'blockDownloads';
      } else if (name === 'applicationEnforcedRestrictions') {
        session.applicationEnforcedRestrictions = true;
      } else {
        session.secureSignInSession = true;
      }
    }
  }
  return session;
}

/** §7: `everyTime` < any duration; else the smallest. */
export function smallestLimit(limits: readonly Limit[]): Limit {
  if (limits.includes('everyTime')) return 'everyTime';
  const hours = limits.filter((limit) => typeof limit === 'number');
  return hours.length === 0 ? undefined : Math.min(...hours);
}

function first<T>(order: readonly T[], values: readonly unknown[]): T | undefined {
  return order.find((value) => values.includes(value));
}

/** Merged over the applying enabled policies; a member without a value is absent. */
export function mergeSessions(sessions: readonly Session[]): Json {
  const primary = smallestLimit(sessions.map((session) => session.primary));
  const secondary = smallestLimit(sessions.map((session) => session.secondary));
  const frequencies = drop({ primary, secondary });
  const flag = (on: boolean): true | undefined => (on ? true : undefined);
  return drop({
    signInFrequency: Object.keys(frequencies).length > 0 ? frequencies : undefined,
    persistentBrowser: first(
      ['never', 'always'],
      sessions.map((session) => session.persistentBrowser),
    ),
    cloudAppSecurity: first(
      ['blockDownloads', 'monitorOnly', 'mcasConfigured'],
      sessions.map((session) => session.cloudAppSecurity),
    ),
    continuousAccessEvaluation: first(
      ['strictLocation', 'strictEnforcement', 'disabled'],
      sessions.map((session) => session.continuousAccessEvaluation),
    ),
    applicationEnforcedRestrictions: flag(
      sessions.some((session) => session.applicationEnforcedRestrictions),
    ),
    disableResilienceDefaults: flag(sessions.some((session) => session.disableResilienceDefaults)),
    secureSignInSession: flag(sessions.some((session) => session.secureSignInSession)),
  });
}

function drop(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
