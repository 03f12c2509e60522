import { type DevicePlatform, devicePlatform } from '../../checks/device-platform.ts';
import { homeMfaAt } from '../../checks/home-mfa.ts';
import { Fault } from '../../core/errors.ts';
import type { SignInFacts, SignInTarget } from '../../policy/index.ts';
import type { Geo } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import type { App } from '../../rows/configuration/app.ts';
import type { Partner } from '../../rows/configuration/partner.ts';
import { shownAtOf } from '../../rows/first-factor.ts';
import type { Guest } from '../../rows/guest.ts';
import type { Method } from '../../rows/method.ts';
import type { Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';

/**
 * Every fact a decision is made on, gathered in this one place, each with where it comes from. What
 * is not known is absent, never guessed: risk (not computed yet), device, terms.
 */

/** What the browser's request shows, as it is kept for the redemption of the code. */
export type BrowserFacts = {
  readonly ipAddress?: string;
  readonly devicePlatform?: DevicePlatform;
};

/** Throws `Fault('clientAddressUnknown')` where the platform established none: then nothing is decided. */
export function browserFacts(browser: Browser): BrowserFacts {
  const { ipAddress } = browser;
  if (ipAddress === undefined) throw new Fault('clientAddressUnknown');
  const platform = devicePlatform(browser.userAgent, browser.platformHint);
  return { ipAddress, ...(platform ? { devicePlatform: platform } : {}) };
}

export type FactSources = {
  readonly geo: Geo;
  readonly configuration: Configuration;
  readonly guest: Guest;
  readonly methods: readonly Method[];
  readonly authorization: Authorization;
  readonly app: App;
  readonly partner: Partner | undefined;
};

/** Methods that a guest may register here. */
const offered = ['softwareOath'] as const;

/** Throws `Fault('countryUnknown')` while an enabled policy asks for a country and none can be looked up. */
export function gatherFacts(sources: FactSources, now: Date): SignInFacts {
  const { guest, methods, authorization, app, partner } = sources;
  const { browser } = authorization;
  const country = countryOf(sources, browser.ipAddress);
  return {
    now: now.toISOString(),
    // the guest's row, and where they came from
    user: {
      id: guest.id,
      userType: 'Guest',
      guestOrExternalUserType: guest.guestOrExternalUserType,
      ...homeOf(partner),
      groupIds: guest.groupIds,
      roleTemplateIds: [],
    },
    target: applicationTarget(app),
    // the app's registration
    clientAppType: app.clientAppType,
    // the last request of the guest's browser
    ...(browser.ipAddress === undefined ? {} : { ipAddress: browser.ipAddress }),
    // the bundled data, by that address
    ...(country === undefined ? {} : { country }),
    ...(browser.devicePlatform === undefined
      ? {}
      : { devicePlatform: browser.devicePlatform as DevicePlatform }),
    authentication: {
      methods: usedMethods(authorization),
      ...(partner ? homeClaims(authorization, partner, now) : {}),
    },
    registeredMethods: methods.map((method) => ({ mode: method.kind })),
    registrableMethods: mayRegister(sources) ? [...offered] : [],
    // the code flow is the only one offered
    authenticationFlow: 'none',
    inboundTrust: partner?.inboundTrust ?? null,
    homeStepUp: false,
    deviceRegistrationEnabled: false,
    termsOfUseAccepted: [],
  };
}

/** Looked up only where a policy asks; one that only reports stops nobody. */
function countryOf(
  { geo, configuration: { countryNeed } }: FactSources,
  ipAddress: string | undefined,
): string | undefined {
  if (countryNeed === 'none' || ipAddress === undefined) return undefined;
  try {
    return geo.countryOf(ipAddress);
  } catch (thrown) {
    if (countryNeed === 'required') throw thrown;
    return undefined;
  }
}

/** From the partner's registration, never from a claim; a mailed code has no tenant behind it. */
export const homeOf = (partner: Partner | undefined) => ({
  homeTenantId: partner?.tenantId ?? null,
  identityProvider: partner?.type ?? 'emailOtp',
});

/** The same facts, asked about registering a method instead of reaching the app. */
export const forRegistration = (facts: SignInFacts): SignInFacts => ({
  ...facts,
  target: { kind: 'userAction', action: 'urn:user:registersecurityinfo' },
});

const applicationTarget = (app: App): SignInTarget => ({
  kind: 'application',
  appId: app.appId,
  customSecurityAttributes: app.customSecurityAttributes ?? {},
});

/** The first factor, then what was proven here. */
function usedMethods({ firstFactor, proofs }: Authorization) {
  const at = shownAtOf(firstFactor);
  const first =
    firstFactor.kind === 'mail'
      ? { mode: 'email', where: 'resource' as const }
      : { mode: 'federatedSingleFactor', where: 'home' as const };
  return [
    { ...first, ...(at === undefined ? {} : { at }) },
    ...proofs.map((proof) => ({ ...proof, where: 'resource' as const })),
  ];
}

function homeClaims({ firstFactor }: Authorization, partner: Partner, now: Date) {
  if (firstFactor.kind !== 'home') return {};
  const mfaAt = homeMfaAt(
    firstFactor,
    {
      isMfaAccepted: partner.inboundTrust.isMfaAccepted,
      mfaAmr: partner.claimMapping?.mfa.amr ?? [],
      mfaAcr: partner.claimMapping?.mfa.acr ?? [],
      maxAgeSeconds: partner.maxAuthenticationAgeSeconds,
    },
    now,
  );
  return mfaAt === undefined ? {} : { homeClaims: { mfa: true, mfaAt } };
}

/**
 * Where the home's MFA is trusted but was not shown, nothing may be enrolled: a thief with the home
 * password would enrol his own. Nor where the settings, or a reset of this guest, demand an access pass.
 */
const mayRegister = ({ configuration, guest, partner }: FactSources): boolean =>
  partner?.inboundTrust.isMfaAccepted !== true &&
  configuration.settings.proofUp === 'firstFactor' &&
  guest.proofUp === 'firstFactor';
