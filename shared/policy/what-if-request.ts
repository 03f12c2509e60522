import {
  clientAppTypes,
  devicePlatforms,
  type FactName,
  type SignInFacts,
  type SignInTarget,
} from './sign-in-facts.ts';
import {
  isConfigured,
  isGuid,
  isObject,
  type JsonObject,
  member,
  readFlags,
  wordReader,
} from './wire.ts';

/**
 * Graph's body of `evaluate`, as it came, and the guest it names if the caller's directory knows
 * them. Without `user` the identity is hypothetical: its groups and roles are not known.
 *
 * @see Graph: conditionalAccessRoot: evaluate
 */
export interface WhatIfRequest {
  readonly signInIdentity?: unknown;
  readonly signInContext?: unknown;
  readonly signInConditions?: unknown;
  readonly appliedPoliciesOnly?: unknown;
  readonly user?: SignInFacts['user'];
}

/** What a request asks. */
export interface Question {
  /** One for each application asked about; a policy applies when it does for any. */
  readonly facts: readonly SignInFacts[];
  readonly targetReason: 'application' | 'userActions' | 'authenticationContext';
  /** A service principal or an agent, to which no user policy applies. */
  readonly workload: boolean;
  readonly supplied: ReadonlySet<FactName>;
}

const readAction = wordReader(['registerSecurityInformation', 'registerOrJoinDevices']);
const actions = {
  registerSecurityInformation: 'urn:user:registersecurityinfo',
  registerOrJoinDevices: 'urn:user:registerdevice',
} as const;
const readClientApp = wordReader(clientAppTypes);
const readPlatform = wordReader(devicePlatforms);

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function typeOf(value: JsonObject): string {
  const type = value['@odata.type'];
  return typeof type === 'string' ? type.slice(type.lastIndexOf('.') + 1).toLowerCase() : '';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The user as facts: what the caller resolved, else what can be said of a guest nobody named. */
function readUser(identity: JsonObject, known: SignInFacts['user']): SignInFacts['user'] {
  if (isObject(known)) return known;
  const id = member(identity, 'userId');
  const types = readFlags(member(identity, 'externalUserType'), text);
  const given = isConfigured(member(identity, 'externalUserType'));
  const single = types.entries.length === 1 ? types.entries[0] : undefined;
  const tenant = text(member(identity, 'externalTenantId'));
  return {
    ...(isGuid(id) ? { id } : {}),
    // Several kinds at once are no kind: reading the facts drops what is no single word of the list.
    guestOrExternalUserType: (given ? single : 'none') as 'none',
    ...(tenant === undefined ? {} : { homeTenantId: tenant }),
  };
}

function isWorkload(identity: JsonObject): boolean {
  const type = typeOf(identity);
  if (type !== '') return type !== 'usersignin';
  return ['servicePrincipalId', 'agentId'].some(
    (name) => text(member(identity, name)) !== undefined,
  );
}

function readTargets(context: JsonObject): Pick<Question, 'targetReason'> & {
  readonly targets: readonly SignInTarget[];
} {
  const type = typeOf(context);
  const action = member(context, 'userAction');
  if (type === 'useractioncontext' || (type === '' && action !== undefined)) {
    const word = readAction(action);
    const target = { kind: 'userAction', action: word === undefined ? '' : actions[word] } as const;
    return { targetReason: 'userActions', targets: [target] };
  }
  const value = member(context, 'authenticationContextValue');
  if (type === 'authcontext' || (type === '' && value !== undefined)) {
    const target = { kind: 'authenticationContext', value: text(value) ?? '' } as const;
    return { targetReason: 'authenticationContext', targets: [target] };
  }
  const apps = member(context, 'includeApplications');
  const ids = Array.isArray(apps) && apps.length > 0 ? apps.map(text) : [undefined];
  const targets = ids.map((appId) => ({ kind: 'application', appId }) as const);
  return { targetReason: 'application', targets };
}

/** The device described is one this tenant manages, and not compliant unless the request says so. */
function readDevice(info: unknown): SignInFacts['device'] {
  if (!isObject(info)) return null;
  const { ownership, ...rest } = info;
  const owned = ownership === undefined ? {} : { deviceOwnership: ownership };
  return { isCompliant: false, ...rest, ...owned, managedBy: 'resource' };
}

/** Reads a request with the defaults Graph documents: no risk, no flow, any client, any platform. */
export function readQuestion(request: WhatIfRequest): Question {
  const given = object(request);
  const known = given['user'] as SignInFacts['user'];
  const identity = object(given['signInIdentity']);
  const conditions = object(given['signInConditions']);
  const { targetReason, targets } = readTargets(object(given['signInContext']));
  const flow = member(object(member(conditions, 'authenticationFlow')), 'transferMethod');
  const give = (name: string): unknown => member(conditions, name) ?? undefined;
  const facts = {
    user: readUser(identity, known),
    clientAppType: readClientApp(give('clientAppType')),
    devicePlatform: readPlatform(give('devicePlatform')),
    ipAddress: text(give('ipAddress')),
    country: text(give('country')),
    device: readDevice(give('deviceInfo')),
    // Words outside the lists stay what they are: reading the facts makes them "not known".
    signInRiskLevel: (give('signInRiskLevel') ?? 'none') as 'none',
    userRiskLevel: (give('userRiskLevel') ?? 'none') as 'none',
    insiderRiskLevel: (give('insiderRiskLevel') ?? 'none') as 'none',
    authenticationFlow: (flow ?? 'none') as 'none',
  };
  const supplied = new Set<FactName>(['target']);
  if (isObject(known)) supplied.add('user');
  if (flow !== undefined && flow !== null) supplied.add('authenticationFlow');
  if (give('deviceInfo') !== undefined) supplied.add('device');
  for (const name of ['signInRiskLevel', 'userRiskLevel', 'insiderRiskLevel'] as const)
    if (give(name) !== undefined) supplied.add(name);
  for (const name of ['clientAppType', 'devicePlatform', 'ipAddress', 'country'] as const)
    if (facts[name] !== undefined) supplied.add(name);
  return {
    facts: targets.map((target) => ({ ...facts, target })),
    targetReason,
    workload: isWorkload(identity),
    supplied,
  };
}
