// §2 and §11.1: a fact that is absent, null, of the wrong type or outside its enumeration is not known.
import { isObject, type Json, wordOf } from './reading.ts';
import { timeOf } from './time.ts';

const guestKinds = [
  'none',
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
];
const clientApps = [
  'browser',
  'mobileAppsAndDesktopClients',
  'exchangeActiveSync',
  'easSupported',
  'easUnsupported',
  'other',
];
const platforms = ['android', 'iOS', 'windows', 'windowsPhone', 'macOS', 'linux'];
const risks = ['none', 'low', 'medium', 'high'];
const insiderRisks = ['none', 'minor', 'moderate', 'elevated'];
const flows = ['none', 'deviceCodeFlow', 'authenticationTransfer'];
const actions = ['urn:user:registersecurityinfo', 'urn:user:registerdevice'];

/** EF §1.8, and the recovery code of §11.7. */
export const methodModes = [
  'password',
  'voice',
  'hardwareOath',
  'softwareOath',
  'sms',
  'fido2',
  'windowsHelloForBusiness',
  'microsoftAuthenticatorPush',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'email',
  'x509CertificateSingleFactor',
  'x509CertificateMultiFactor',
  'federatedSingleFactor',
  'federatedMultiFactor',
  'recoveryCode',
];

export interface Ids {
  readonly ids: readonly string[];
  /** Every entry could be read. */
  readonly whole: boolean;
}

export interface Method {
  readonly mode: string;
  readonly at: number | undefined;
  readonly where: string | undefined;
  readonly aaguid: string | undefined;
}

export interface Target {
  readonly kind: 'application' | 'userAction' | 'authenticationContext' | undefined;
  readonly appId: string | undefined;
  readonly action: string | undefined;
  readonly value: string | undefined;
  readonly attributes: Json | undefined;
}

export interface Facts {
  readonly now: number | undefined;
  readonly userId: string | undefined;
  readonly guestKind: string | undefined;
  /** null: no tenant. */
  readonly homeTenantId: string | null | undefined;
  readonly groups: Ids | undefined;
  readonly roles: Ids | undefined;
  readonly target: Target;
  readonly clientApp: string | undefined;
  readonly platform: string | undefined;
  readonly ipAddress: unknown;
  readonly country: string | undefined;
  readonly device: Json | undefined;
  readonly signInRisk: string | undefined;
  readonly userRisk: string | undefined;
  readonly insiderRisk: string | undefined;
  readonly flow: string | undefined;
  readonly methods: readonly Method[];
  readonly homeMfa: boolean;
  readonly homeMfaAt: number | undefined;
  readonly homeCompliant: boolean;
  readonly homeHybrid: boolean;
  readonly registered: readonly Method[] | undefined;
  /** Known to hold exactly what `registered` says. */
  readonly registeredWhole: boolean;
  readonly registrable: readonly string[];
  readonly trustMfa: boolean;
  readonly trustCompliant: boolean;
  readonly trustHybrid: boolean;
  readonly homeStepUp: boolean;
  readonly deviceRegistration: boolean;
  readonly accepted: readonly { readonly id: string; readonly at: number | undefined }[];
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function idsOf(value: unknown): Ids | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.filter((id) => textOf(id) !== undefined);
  return { ids, whole: ids.length === value.length };
}

function methodOf(value: unknown): Method | undefined {
  const entry = objectOf(value);
  const mode = wordOf(entry['mode'], methodModes);
  if (mode === undefined) return undefined;
  return {
    mode,
    at: timeOf(entry['at']),
    where: wordOf(entry['where'], ['home', 'resource']),
    aaguid: textOf(entry['aaguid']),
  };
}

function methodsOf(value: unknown): readonly Method[] {
  const list = Array.isArray(value) ? value : [];
  return list.map(methodOf).filter((method) => method !== undefined);
}

function targetOf(value: unknown): Target {
  const target = objectOf(value);
  const attributes = target['customSecurityAttributes'];
  return {
    kind: wordOf(target['kind'], ['application', 'userAction', 'authenticationContext']),
    appId: textOf(target['appId']),
    action: wordOf(target['action'], actions),
    value: contextOf(target['value']),
    attributes: isObject(attributes) ? attributes : undefined,
  };
}

/** EF §1.4: c1 … c99. */
function contextOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^c[1-9]\d?$/i.test(value) ? value : undefined;
}

function tenantOf(value: unknown): string | null | undefined {
  return value === null ? null : textOf(value);
}

export function readFacts(value: unknown): Facts {
  const facts = objectOf(value);
  const user = objectOf(facts['user']);
  const authentication = objectOf(facts['authentication']);
  const claims = objectOf(authentication['homeClaims']);
  const trust = objectOf(facts['inboundTrust']);
  const device = facts['device'];
  const country = facts['country'];
  const registered = facts['registeredMethods'];
  const registrable = facts['registrableMethods'];
  const accepted = facts['termsOfUseAccepted'];
  return {
    now: timeOf(facts['now']),
    userId: textOf(user['id']),
    guestKind: wordOf(user['guestOrExternalUserType'], guestKinds),
    homeTenantId: tenantOf(user['homeTenantId']),
    groups: idsOf(user['groupIds']),
    roles: idsOf(user['roleTemplateIds']),
    target: targetOf(facts['target']),
    clientApp: wordOf(facts['clientAppType'], clientApps),
    platform: wordOf(facts['devicePlatform'], platforms),
    ipAddress: facts['ipAddress'],
    country: typeof country === 'string' && /^[a-z]{2}$/i.test(country) ? country : undefined,
    device: isObject(device) ? device : undefined,
    signInRisk: wordOf(facts['signInRiskLevel'], risks),
    userRisk: wordOf(facts['userRiskLevel'], risks),
    insiderRisk: wordOf(facts['insiderRiskLevel'], insiderRisks),
    flow: wordOf(facts['authenticationFlow'], flows),
    methods: methodsOf(authentication['methods']),
    homeMfa: claims['mfa'] === true,
    homeMfaAt: timeOf(claims['mfaAt']),
    homeCompliant: claims['compliantDevice'] === true,
    homeHybrid: claims['hybridAzureADJoinedDevice'] === true,
    registered: Array.isArray(registered) ? methodsOf(registered) : undefined,
    registeredWhole:
      Array.isArray(registered) && methodsOf(registered).length === registered.length,
    registrable: (Array.isArray(registrable) ? registrable : [])
      .map((mode) => wordOf(mode, methodModes))
      .filter((mode) => mode !== undefined),
    trustMfa: trust['isMfaAccepted'] === true,
    trustCompliant: trust['isCompliantDeviceAccepted'] === true,
    trustHybrid: trust['isHybridAzureADJoinedDeviceAccepted'] === true,
    homeStepUp: facts['homeStepUp'] === true,
    deviceRegistration: facts['deviceRegistrationEnabled'] === true,
    accepted: (Array.isArray(accepted) ? accepted : [])
      .map(objectOf)
      .filter((entry) => textOf(entry['id']) !== undefined)
      .map((entry) => ({ id: String(entry['id']), at: timeOf(entry['at']) })),
  };
}
