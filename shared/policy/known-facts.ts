import type { Address } from './addresses.ts';
import type {
  ClientAppType,
  DevicePlatform,
  GuestType,
  InsiderRiskLevel,
  RiskLevel,
  TransferMethod,
  UserAction,
} from './sign-in-facts.ts';
import type { JsonObject } from './wire.ts';

/** Ids in lower case; `complete` is false when an entry could not be read. */
export interface IdSet {
  readonly ids: readonly string[];
  readonly complete: boolean;
}

/** A used or registered method that could be read. Times are milliseconds. */
export interface KnownMethod {
  readonly mode: string;
  readonly aaguid: string | undefined;
}

export interface ProvedMethod extends KnownMethod {
  readonly at: number | undefined;
  readonly where: 'home' | 'resource' | undefined;
}

/** The application side of a target; undefined members are not known. */
export interface KnownApp {
  readonly appId: string | undefined;
  readonly attributes: ReadonlyMap<string, unknown> | undefined;
}

export type KnownTarget =
  | { readonly kind: 'application'; readonly app: KnownApp }
  | { readonly kind: 'userAction'; readonly action: UserAction | undefined }
  | {
      readonly kind: 'authenticationContext';
      readonly value: string | undefined;
      readonly app: KnownApp;
    };

/** Who manages a given device; `notKnown` meets nothing. */
export type Management = 'resource' | 'home' | 'other' | 'unmanaged' | 'notKnown';

export interface KnownDevice {
  readonly managedBy: Management;
  readonly properties: JsonObject;
}

/**
 * The facts as the engine sees them: ids in lower case, words in their documented case, and undefined
 * for whatever is not known.
 */
export interface KnownFacts {
  readonly now: number | undefined;
  readonly userId: string | undefined;
  readonly guestType: GuestType | undefined;
  /** null is a known answer: the guest has no tenant. */
  readonly homeTenantId: string | null | undefined;
  readonly groups: IdSet | undefined;
  readonly roles: IdSet | undefined;
  readonly target: KnownTarget | undefined;
  readonly clientAppType: ClientAppType | undefined;
  readonly devicePlatform: DevicePlatform | undefined;
  readonly address: Address | undefined;
  readonly country: string | undefined;
  readonly device: KnownDevice | undefined;
  readonly signInRiskLevel: RiskLevel | undefined;
  readonly userRiskLevel: RiskLevel | undefined;
  readonly insiderRiskLevel: InsiderRiskLevel | undefined;
  readonly authenticationFlow: TransferMethod | undefined;
  readonly methods: readonly ProvedMethod[];
  readonly homeClaims: {
    readonly mfa: boolean;
    readonly mfaAt: number | undefined;
    readonly compliantDevice: boolean;
    readonly hybridJoinedDevice: boolean;
  };
  readonly registered:
    | { readonly methods: readonly KnownMethod[]; readonly complete: boolean }
    | undefined;
  readonly registrable: readonly string[];
  readonly trust: {
    readonly mfa: boolean;
    readonly compliantDevice: boolean;
    readonly hybridJoinedDevice: boolean;
  };
  readonly homeStepUp: boolean;
  readonly deviceRegistrationEnabled: boolean;
  readonly termsAccepted: readonly { readonly id: string; readonly at: number | undefined }[];
}
