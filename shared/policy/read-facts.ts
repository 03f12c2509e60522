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

/** In lower case; a text that is so already stays the same object, whose hash is known. */
function readId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const lower = value.toLowerCase();
  return lower === value ? value : lower;
}

function readIds(value: unknown): IdSet | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids: string[] = [];
  for (const entry of value) {
    const id = readId(entry);
    if (id !== undefined) ids.push(id);
  }
  return { ids, complete: ids.length === value.length };
}

/** Attributes are looked at by few policies: read when they are. */
class ReadApp implements KnownApp {
  readonly appId: string | undefined;
  readonly #given: unknown;

  constructor(target: JsonObject) {
    this.appId = readId(target['appId']);
    this.#given = target['customSecurityAttributes'];
  }

  get attributes(): KnownApp['attributes'] {
    const given = this.#given;
    return isObject(given)
      ? new Map(Object.keys(given).map((name) => [name.toLowerCase(), given[name]]))
      : undefined;
  }
}

function readTarget(value: unknown): KnownTarget | undefined {
  if (!isObject(value)) return undefined;
  const { kind } = value;
  if (kind === 'application') return { kind, app: new ReadApp(value) };
  if (kind === 'userAction') return { kind, action: readAction(value['action']) };
  if (kind !== 'authenticationContext') return undefined;
  const name = readId(value['value']);
  return {
    kind,
    app: new ReadApp(value),
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

/** When it was proved is asked only where a policy limits its age. */
class ReadProved implements ProvedMethod {
  readonly mode: string;
  readonly aaguid: string | undefined;
  readonly where: ProvedMethod['where'];
  readonly #at: unknown;

  constructor({ mode, aaguid }: KnownMethod, { where, at }: JsonObject) {
    this.mode = mode;
    this.aaguid = aaguid;
    this.where = where === 'home' || where === 'resource' ? where : undefined;
    this.#at = at;
  }

  get at(): number | undefined {
    return parseInstant(this.#at);
  }
}

function readProved(value: unknown): ProvedMethod | undefined {
  const method = readMethod(value);
  return method && new ReadProved(method, object(value));
}

function readAll<T>(value: unknown, read: (entry: unknown) => T | undefined): readonly T[] {
  const found: T[] = [];
  for (const entry of list(value)) {
    const item = read(entry);
    if (item !== undefined) found.push(item);
  }
  return found;
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

function readTrust(value: unknown): KnownFacts['trust'] {
  const trust = object(value);
  return {
    mfa: trust['isMfaAccepted'] === true,
    compliantDevice: trust['isCompliantDeviceAccepted'] === true,
    hybridJoinedDevice: trust['isHybridAzureADJoinedDeviceAccepted'] === true,
  };
}

function readClaims(value: unknown): KnownFacts['homeClaims'] {
  const claims = object(value);
  return {
    mfa: claims['mfa'] === true,
    mfaAt: parseInstant(claims['mfaAt']),
    compliantDevice: claims['compliantDevice'] === true,
    hybridJoinedDevice: claims['hybridAzureADJoinedDevice'] === true,
  };
}

/**
 * The facts, read when they are asked for: what finds the applying policies at once, the rest, which
 * most sign-ins do not need, the first time.
 */
class ReadFacts implements KnownFacts {
  readonly userId: KnownFacts['userId'];
  readonly guestType: KnownFacts['guestType'];
  readonly homeTenantId: KnownFacts['homeTenantId'];
  readonly groups: KnownFacts['groups'];
  readonly roles: KnownFacts['roles'];
  readonly target: KnownFacts['target'];
  readonly clientAppType: KnownFacts['clientAppType'];
  readonly devicePlatform: KnownFacts['devicePlatform'];
  readonly address: KnownFacts['address'];
  readonly country: KnownFacts['country'];
  readonly signInRiskLevel: KnownFacts['signInRiskLevel'];
  readonly userRiskLevel: KnownFacts['userRiskLevel'];
  readonly insiderRiskLevel: KnownFacts['insiderRiskLevel'];
  readonly authenticationFlow: KnownFacts['authenticationFlow'];
  // Not #private: what is made of these facts with one of them replaced reads them too.
  private readonly given: JsonObject;
  private readMethods: KnownFacts['methods'] | undefined;
  private readHomeClaims: KnownFacts['homeClaims'] | undefined;
  private readTrusted: KnownFacts['trust'] | undefined;
  private readHeld: KnownFacts['registered'] | undefined;

  constructor(given: JsonObject) {
    const user = object(given['user']);
    const clientApp = readClientApp(given['clientAppType']);
    this.userId = readId(user['id']);
    this.guestType = readGuestType(user['guestOrExternalUserType']);
    this.homeTenantId = user['homeTenantId'] === null ? null : readId(user['homeTenantId']);
    this.groups = readIds(user['groupIds']);
    this.roles = readIds(user['roleTemplateIds']);
    this.target = readTarget(given['target']);
    this.clientAppType = clientApp === 'modern' ? 'mobileAppsAndDesktopClients' : clientApp;
    this.devicePlatform = readPlatform(given['devicePlatform']);
    this.address = parseAddress(given['ipAddress']);
    this.country = readCountry(given['country']);
    this.signInRiskLevel = readRisk(given['signInRiskLevel']);
    this.userRiskLevel = readRisk(given['userRiskLevel']);
    this.insiderRiskLevel = readInsiderRisk(given['insiderRiskLevel']);
    this.authenticationFlow = readFlow(given['authenticationFlow']);
    this.given = given;
    this.readMethods = undefined;
    this.readHomeClaims = undefined;
    this.readTrusted = undefined;
    this.readHeld = undefined;
  }

  get now(): KnownFacts['now'] {
    return parseInstant(this.given['now']);
  }
  get device(): KnownFacts['device'] {
    return readDevice(this.given['device']);
  }
  get methods(): KnownFacts['methods'] {
    this.readMethods ??= readAll(object(this.given['authentication'])['methods'], readProved);
    return this.readMethods;
  }
  get homeClaims(): KnownFacts['homeClaims'] {
    this.readHomeClaims ??= readClaims(object(this.given['authentication'])['homeClaims']);
    return this.readHomeClaims;
  }
  get trust(): KnownFacts['trust'] {
    this.readTrusted ??= readTrust(this.given['inboundTrust']);
    return this.readTrusted;
  }
  get registered(): KnownFacts['registered'] {
    this.readHeld ??= readRegistered(this.given['registeredMethods']);
    return this.readHeld;
  }
  get registrable(): KnownFacts['registrable'] {
    return readAll(this.given['registrableMethods'], readMode);
  }
  get homeStepUp(): boolean {
    return this.given['homeStepUp'] === true;
  }
  get deviceRegistrationEnabled(): boolean {
    return this.given['deviceRegistrationEnabled'] === true;
  }
  get termsAccepted(): KnownFacts['termsAccepted'] {
    return readAll(this.given['termsOfUseAccepted'], readAcceptance);
  }
}

/** Never throws and changes nothing: what cannot be read becomes "not known". */
export function readFacts(facts: SignInFacts): KnownFacts {
  return new ReadFacts(object(facts));
}
