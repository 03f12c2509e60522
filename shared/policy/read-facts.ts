import { parseAddress } from './addresses.ts';
import { parseInstant } from './dates.ts';
import type {
  IdSet,
  KnownApp,
  KnownDevice,
  KnownFacts,
  KnownMethod,
  KnownTarget,
  Management,
  ProvedMethod,
} from './known-facts.ts';
import { readMode } from './methods.ts';
import {
  clientAppTypes,
  devicePlatforms,
  guestTypes,
  insiderRiskLevels,
  riskLevels,
  type SignInFacts,
  transferMethods,
  userActions,
} from './sign-in-facts.ts';
import { isObject, type JsonObject, wordReader } from './wire.ts';

const nothing: JsonObject = {};
const readGuestType = wordReader(guestTypes);
const readClientApp = wordReader([...clientAppTypes, 'modern']);
const readPlatform = wordReader(devicePlatforms);
const readRisk = wordReader(riskLevels);
const readInsiderRisk = wordReader(insiderRiskLevels);
const readFlow = wordReader(transferMethods);
const readAction = wordReader(userActions);
const readManagement = wordReader(['resource', 'home', 'other']);
const contextValue = /^c([1-9]|[1-9]\d)$/;

function object(value: unknown): JsonObject {
  return isObject(value) ? value : nothing;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readId(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : undefined;
}

function readIds(value: unknown): IdSet | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = readAll(value, readId);
  return { ids, complete: ids.length === value.length };
}

function readApp(target: JsonObject): KnownApp {
  const given = target['customSecurityAttributes'];
  return {
    appId: readId(target['appId']),
    attributes: isObject(given)
      ? new Map(Object.keys(given).map((name) => [name.toLowerCase(), given[name]]))
      : undefined,
  };
}

function readTarget(value: unknown): KnownTarget | undefined {
  if (!isObject(value)) return undefined;
  const { kind } = value;
  if (kind === 'application') return { kind, ...readApp(value) };
  if (kind === 'userAction') return { kind, action: readAction(value['action']) };
  if (kind !== 'authenticationContext') return undefined;
  const name = readId(value['value']);
  return {
    kind,
    ...readApp(value),
    value: name !== undefined && contextValue.test(name) ? name : undefined,
  };
}

function readManager(device: JsonObject): Management {
  if (device['managedBy'] === null) return 'unmanaged';
  return readManagement(device['managedBy']) ?? 'notKnown';
}

function readDevice(value: unknown): KnownDevice | undefined {
  return isObject(value) ? { managedBy: readManager(value), properties: value } : undefined;
}

function readMethod(value: unknown): KnownMethod | undefined {
  const mode = isObject(value) ? readMode(value['mode']) : undefined;
  return mode === undefined ? undefined : { mode, aaguid: readId(object(value)['aaguid']) };
}

function readProved(value: unknown): ProvedMethod | undefined {
  const method = readMethod(value);
  if (method === undefined) return undefined;
  const { where, at } = object(value);
  const known = where === 'home' || where === 'resource' ? where : undefined;
  return { ...method, at: parseInstant(at), where: known };
}

function readAll<T>(value: unknown, read: (entry: unknown) => T | undefined): readonly T[] {
  return list(value)
    .map(read)
    .filter((entry) => entry !== undefined);
}

function readRegistered(value: unknown): KnownFacts['registered'] {
  if (!Array.isArray(value)) return undefined;
  const methods = readAll(value, readMethod);
  return { methods, complete: methods.length === value.length };
}

function readAcceptance(value: unknown): KnownFacts['termsAccepted'][number] | undefined {
  const { id, at } = object(value);
  const known = readId(id);
  return known === undefined ? undefined : { id: known, at: parseInstant(at) };
}

function readCountry(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : undefined;
}

/** Never throws and changes nothing: what cannot be read becomes "not known". */
export function readFacts(facts: SignInFacts): KnownFacts {
  const given: JsonObject = object(facts);
  const user = object(given['user']);
  const authentication = object(given['authentication']);
  const claims = object(authentication['homeClaims']);
  const trust = object(given['inboundTrust']);
  const clientApp = readClientApp(given['clientAppType']);
  return {
    now: parseInstant(given['now']),
    userId: readId(user['id']),
    guestType: readGuestType(user['guestOrExternalUserType']),
    homeTenantId: user['homeTenantId'] === null ? null : readId(user['homeTenantId']),
    groups: readIds(user['groupIds']),
    roles: readIds(user['roleTemplateIds']),
    target: readTarget(given['target']),
    clientAppType: clientApp === 'modern' ? 'mobileAppsAndDesktopClients' : clientApp,
    devicePlatform: readPlatform(given['devicePlatform']),
    address: parseAddress(given['ipAddress']),
    country: readCountry(given['country']),
    device: readDevice(given['device']),
    signInRiskLevel: readRisk(given['signInRiskLevel']),
    userRiskLevel: readRisk(given['userRiskLevel']),
    insiderRiskLevel: readInsiderRisk(given['insiderRiskLevel']),
    authenticationFlow: readFlow(given['authenticationFlow']),
    methods: readAll(authentication['methods'], readProved),
    homeClaims: {
      mfa: claims['mfa'] === true,
      mfaAt: parseInstant(claims['mfaAt']),
      compliantDevice: claims['compliantDevice'] === true,
      hybridJoinedDevice: claims['hybridAzureADJoinedDevice'] === true,
    },
    registered: readRegistered(given['registeredMethods']),
    registrable: readAll(given['registrableMethods'], readMode),
    trust: {
      mfa: trust['isMfaAccepted'] === true,
      compliantDevice: trust['isCompliantDeviceAccepted'] === true,
      hybridJoinedDevice: trust['isHybridAzureADJoinedDeviceAccepted'] === true,
    },
    homeStepUp: given['homeStepUp'] === true,
    deviceRegistrationEnabled: given['deviceRegistrationEnabled'] === true,
    termsAccepted: readAll(given['termsOfUseAccepted'], readAcceptance),
  };
}
