/** Absent and null both mean: not known. */
type Maybe<T> = T | null | undefined;

/** @see Graph: conditionalAccessGuestOrExternalUserTypes; `none` is a user who is no guest. */
export const guestTypes = [
  'none',
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
] as const;
export type GuestType = (typeof guestTypes)[number];

/** @see Graph: conditionalAccessClientApp, without `all`. */
export const clientAppTypes = [
  'browser',
  'mobileAppsAndDesktopClients',
  'exchangeActiveSync',
  'easSupported',
  'easUnsupported',
  'other',
] as const;
export type ClientAppType = (typeof clientAppTypes)[number];

/** @see Graph: conditionalAccessDevicePlatform, without `all`. */
export const devicePlatforms = [
  'android',
  'iOS',
  'windows',
  'windowsPhone',
  'macOS',
  'linux',
] as const;
export type DevicePlatform = (typeof devicePlatforms)[number];

/** @see Graph: riskLevel, without what is never known. */
export const riskLevels = ['none', 'low', 'medium', 'high'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** @see Graph: conditionalAccessInsiderRiskLevels */
export const insiderRiskLevels = ['none', 'minor', 'moderate', 'elevated'] as const;
export type InsiderRiskLevel = (typeof insiderRiskLevels)[number];

/** @see Graph: conditionalAccessTransferMethods */
export const transferMethods = ['none', 'deviceCodeFlow', 'authenticationTransfer'] as const;
export type TransferMethod = (typeof transferMethods)[number];

/** @see Graph: conditionalAccessApplications.includeUserActions */
export const userActions = ['urn:user:registersecurityinfo', 'urn:user:registerdevice'] as const;
export type UserAction = (typeof userActions)[number];

/** What the token is for. */
export type SignInTarget =
  | {
      readonly kind: 'application';
      readonly appId?: Maybe<string>;
      readonly customSecurityAttributes?: Maybe<Readonly<Record<string, string | null>>>;
    }
  | { readonly kind: 'userAction'; readonly action: string }
  | {
      readonly kind: 'authenticationContext';
      readonly value: string;
      readonly appId?: Maybe<string>;
      readonly customSecurityAttributes?: Maybe<Readonly<Record<string, string | null>>>;
    };

/** One method used in this sign-in; `mode` is one of Graph's authenticationMethodModes or `recoveryCode`. */
export interface UsedMethod {
  readonly mode: string;
  /** When it was proved, ISO 8601 with a zone. */
  readonly at?: Maybe<string>;
  readonly where?: Maybe<'home' | 'resource'>;
  readonly aaguid?: Maybe<string>;
}

/** @see Graph: deviceInfo, and what the gateway itself knows of a device. */
export interface DeviceFacts {
  /** null: nobody manages it. Absent: not known, which meets no device control. */
  readonly managedBy?: Maybe<'resource' | 'home' | 'other'>;
  readonly approvedClientApp?: Maybe<boolean>;
  readonly appProtectionPolicy?: Maybe<boolean>;
  readonly isCompliant?: Maybe<boolean>;
  readonly physicalIds?: Maybe<readonly string[]>;
  readonly systemLabels?: Maybe<readonly string[]>;
  readonly [property: string]: unknown;
}

/**
 * What is known of one sign-in. Every member may be absent, and whatever is absent, null, of the wrong
 * type or outside its list is not known, which never makes a decision looser than Entra's own reading.
 */
export interface SignInFacts {
  /** ISO 8601 with a zone. */
  readonly now?: Maybe<string>;
  readonly user?: Maybe<{
    readonly id?: Maybe<string>;
    readonly userType?: Maybe<string>;
    readonly guestOrExternalUserType?: Maybe<GuestType>;
    /** null: the guest has no tenant (passcode, social, SAML). Absent: not known. */
    readonly homeTenantId?: Maybe<string>;
    readonly identityProvider?: Maybe<string>;
    /** Transitive. */
    readonly groupIds?: Maybe<readonly string[]>;
    readonly roleTemplateIds?: Maybe<readonly string[]>;
  }>;
  readonly target?: Maybe<SignInTarget>;
  readonly clientAppType?: Maybe<ClientAppType>;
  readonly devicePlatform?: Maybe<DevicePlatform>;
  readonly ipAddress?: Maybe<string>;
  /** ISO 3166, two letters. */
  readonly country?: Maybe<string>;
  /** null or absent: an unregistered or unknown device. */
  readonly device?: Maybe<DeviceFacts>;
  readonly signInRiskLevel?: Maybe<RiskLevel>;
  readonly userRiskLevel?: Maybe<RiskLevel>;
  readonly insiderRiskLevel?: Maybe<InsiderRiskLevel>;
  readonly authenticationFlow?: Maybe<TransferMethod>;
  readonly authentication?: Maybe<{
    readonly methods?: Maybe<readonly UsedMethod[]>;
    /** What the home's token asserted; counts only with the matching trust. */
    readonly homeClaims?: Maybe<{
      readonly mfa?: Maybe<boolean>;
      readonly mfaAt?: Maybe<string>;
      readonly compliantDevice?: Maybe<boolean>;
      readonly hybridAzureADJoinedDevice?: Maybe<boolean>;
    }>;
  }>;
  /** What the guest has registered here. Absent never leads to a registration. */
  readonly registeredMethods?: Maybe<
    readonly { readonly mode: string; readonly aaguid?: Maybe<string> }[]
  >;
  readonly registrableMethods?: Maybe<readonly string[]>;
  /** @see Graph: crossTenantAccessPolicyInboundTrust */
  readonly inboundTrust?: Maybe<{
    readonly isMfaAccepted?: Maybe<boolean>;
    readonly isCompliantDeviceAccepted?: Maybe<boolean>;
    readonly isHybridAzureADJoinedDeviceAccepted?: Maybe<boolean>;
  }>;
  /** The home can (still) be asked for MFA. */
  readonly homeStepUp?: Maybe<boolean>;
  /** A guest may register an unmanaged device here. */
  readonly deviceRegistrationEnabled?: Maybe<boolean>;
  readonly termsOfUseAccepted?: Maybe<
    readonly { readonly id: string; readonly at?: Maybe<string> }[]
  >;
}

/** A member of the facts that a condition or control reads. */
export type FactName = keyof SignInFacts;
