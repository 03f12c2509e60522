import type { SignInFacts } from '../../../shared/policy/index.ts';
import { addressOf } from './places.ts';
import type { Chance } from './random.ts';
import { clients, guestTypes, platforms, pools, risks } from './workload.ts';

/** Sign-ins of which every fact is known: groups, place, app, risks; half of them with MFA proved. */
export function generateSignIns(chance: Chance, count: number): readonly SignInFacts[] {
  return Array.from({ length: count }, () => signIn(chance));
}

function signIn(chance: Chance): SignInFacts {
  const isGuest = chance.happens(0.8);
  const second = { mode: 'softwareOath', at: '2026-11-20T09:59:30Z', where: 'resource' } as const;
  return {
    now: '2026-11-20T10:00:00Z',
    user: {
      id: chance.pick(pools.users),
      userType: isGuest ? 'Guest' : 'Member',
      guestOrExternalUserType: isGuest ? chance.pick(guestTypes) : 'none',
      homeTenantId: isGuest ? chance.pick(pools.tenants) : null,
      groupIds: chance.some(pools.groups, 3 + chance.below(25)),
      roleTemplateIds: chance.some(pools.roles, chance.below(3)),
    },
    target: { kind: 'application', appId: chance.pick(pools.apps), customSecurityAttributes: {} },
    clientAppType: chance.pick(clients),
    devicePlatform: chance.pick(platforms),
    ipAddress: addressOf(chance),
    signInRiskLevel: chance.pick(risks),
    userRiskLevel: chance.pick(risks),
    authenticationFlow: 'none',
    authentication: {
      methods: [
        { mode: 'federatedSingleFactor', at: '2026-11-20T09:59:00Z', where: 'home' },
        ...(chance.happens(0.5) ? [second] : []),
      ],
    },
    registeredMethods: [{ mode: 'softwareOath' }],
    registrableMethods: [],
    inboundTrust: { isMfaAccepted: false },
    homeStepUp: false,
    deviceRegistrationEnabled: false,
    termsOfUseAccepted: [],
  };
}
