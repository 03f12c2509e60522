import type { SignInFacts } from '../../shared/policy/index.ts';
import { mostly, spelled } from './odd.ts';
import {
  actions,
  apps,
  groups,
  guestTypes,
  models,
  modes,
  now,
  roles,
  tenants,
  terms,
  times,
  users,
} from './pools.ts';
import type { Random } from './random.ts';

function target(random: Random): unknown {
  const attributes = (): unknown =>
    mostly(random, () =>
      random.members({
        S_A: [0.7, () => random.pick(['x', 'X', null])],
        S_B: [0.5, () => random.pick(['y', 'x'])],
      }),
    );
  const kind = random.below(10);
  if (kind < 6)
    return {
      kind: 'application',
      ...random.members({
        appId: [0.97, () => mostly(random, () => spelled(random, random.pick(apps)), 0.01)],
        customSecurityAttributes: [0.7, attributes],
      }),
    };
  if (kind < 8)
    return { kind: 'userAction', action: mostly(random, () => random.pick(actions), 0.02) };
  if (kind < 9)
    return {
      kind: 'authenticationContext',
      value: mostly(random, () => random.pick(['c1', 'c2', 'c3']), 0.02),
      ...random.members({
        appId: [0.8, () => random.pick(apps)],
        customSecurityAttributes: [0.5, attributes],
      }),
    };
  return random.pick([
    { kind: 'userAction', action: 'urn:user:registersecurityinfo' },
    { kind: 'userAction', action: 'urn:user:registerdevice' },
    null,
    'x',
    { kind: 'other' },
  ]);
}

function method(random: Random): unknown {
  return mostly(
    random,
    () =>
      random.members({
        mode: [0.99, () => mostly(random, () => random.pick(modes), 0.01)],
        at: [0.93, () => mostly(random, () => random.pick(times), 0.01)],
        where: [0.95, () => random.pick(['home', 'resource', 'resource'])],
        aaguid: [0.5, () => random.pick(models)],
      }),
    0.01,
  );
}

function device(random: Random): unknown {
  return random.members({
    managedBy: [0.9, () => random.pick(['resource', 'resource', 'home', 'other', null, 'x'])],
    model: [0.7, () => mostly(random, () => random.pick(['M', 'm', 'N1']))],
    displayName: [0.5, () => random.pick(['a"b', 'x'])],
    manufacturer: [0.5, () => random.pick(['Acme', 'Other'])],
    operatingSystemVersion: [0.5, () => random.pick(['1.1', '2'])],
    deviceId: [0.5, () => random.pick(['AAAA', 'cccc'])],
    isCompliant: [0.7, () => mostly(random, () => random.chance(0.5))],
    approvedClientApp: [0.5, () => random.chance(0.7)],
    appProtectionPolicy: [0.5, () => random.chance(0.7)],
    trustType: [0.5, () => random.pick(['AzureAD', 'EntraID', 'Workplace'])],
    profileType: [0.4, () => random.pick(['RegisteredDevice', 'IoT'])],
    deviceOwnership: [0.4, () => random.pick(['Personal', 'Company'])],
    physicalIds: [0.5, () => mostly(random, () => random.pick([['tag', '[tag]'], [], ['TAG']]))],
    systemLabels: [0.4, () => random.pick([['x'], ['y'], []])],
    extensionAttribute1: [0.5, () => random.pick(['SAW', 'x'])],
  });
}

function registered(random: Random): unknown {
  const held = ['softwareOath', 'fido2', 'sms', 'recoveryCode', 'email', 'password', 'nonsense'];
  if (random.chance(0.35)) return [];
  return Array.from({ length: 1 + random.below(2) }, () =>
    mostly(
      random,
      () => ({
        mode: random.pick(held),
        ...random.members({ aaguid: [0.5, () => random.pick(models)] }),
      }),
      0.02,
    ),
  );
}

function flag(random: Random, likely = 0.5): unknown {
  return mostly(random, () => random.chance(likely), 0.02);
}

/** A sign-in with any of the facts left out and some of them out of shape. */
export function randomFacts(random: Random): SignInFacts {
  const often = 0.96;
  const list = (values: readonly string[]) => (): unknown =>
    mostly(random, () => {
      const picked: unknown[] = values
        .filter(() => random.chance(0.4))
        .map((id) => spelled(random, id));
      if (random.chance(0.03)) picked.push(random.pick([null, 7, '']));
      return picked;
    });
  const facts = random.members({
    now: [0.98, () => mostly(random, () => now, 0.005)],
    user: [
      0.98,
      () =>
        mostly(
          random,
          () =>
            random.members({
              id: [often, () => mostly(random, () => spelled(random, random.pick(users)), 0.01)],
              guestOrExternalUserType: [
                often,
                () =>
                  mostly(random, () => spelled(random, random.pick([...guestTypes, 'none'])), 0.02),
              ],
              homeTenantId: [often, () => random.pick([...tenants, ...tenants, null, 7])],
              groupIds: [often, list(groups)],
              roleTemplateIds: [often, list(roles)],
            }),
          0.01,
        ),
    ],
    target: [0.98, () => target(random)],
    clientAppType: [
      often,
      () =>
        mostly(random, () =>
          random.pick([
            'browser',
            'other',
            'easSupported',
            'easUnsupported',
            'exchangeActiveSync',
            'mobileAppsAndDesktopClients',
            'all',
          ]),
        ),
    ],
    devicePlatform: [
      often,
      () =>
        mostly(random, () =>
          spelled(random, random.pick(['iOS', 'android', 'windows', 'linux', 'macOS'])),
        ),
    ],
    ipAddress: [
      often,
      () =>
        mostly(random, () =>
          random.pick([
            '203.0.113.7',
            '203.0.113.9',
            '198.51.100.7',
            '198.51.100.70',
            '192.0.2.1',
            '::ffff:203.0.113.9',
            '::FFFF:c633:6407',
            '2001:db8::1',
            '2001:0db8:0000:0001::0001',
            '203.0.113.07',
            '203.0.113.7:80',
            'fe80::1%eth0',
            '1.2.3',
            '1::2::3',
            '2001:db8::203.0.113.7',
          ]),
        ),
    ],
    country: [0.8, () => mostly(random, () => random.pick(['GB', 'gb', 'FR', 'US']))],
    device: [0.7, () => mostly(random, () => device(random), 0.15)],
    signInRiskLevel: [
      often,
      () => mostly(random, () => random.pick(['none', 'low', 'medium', 'high', 'hidden']), 0.02),
    ],
    userRiskLevel: [
      often,
      () => mostly(random, () => random.pick(['none', 'none', 'medium', 'high']), 0.02),
    ],
    insiderRiskLevel: [
      often,
      () => mostly(random, () => random.pick(['none', 'minor', 'elevated']), 0.02),
    ],
    authenticationFlow: [
      often,
      () =>
        mostly(
          random,
          () => random.pick(['none', 'deviceCodeFlow', 'authenticationTransfer']),
          0.02,
        ),
    ],
    authentication: [
      0.95,
      () =>
        mostly(
          random,
          () =>
            random.members({
              methods: [
                0.97,
                () =>
                  mostly(
                    random,
                    () => Array.from({ length: random.below(4) }, () => method(random)),
                    0.01,
                  ),
              ],
              homeClaims: [
                0.7,
                () =>
                  mostly(random, () =>
                    random.members({
                      mfa: [0.8, () => flag(random)],
                      mfaAt: [0.8, () => random.pick(times)],
                      compliantDevice: [0.7, () => flag(random)],
                      hybridAzureADJoinedDevice: [0.7, () => flag(random)],
                    }),
                  ),
              ],
            }),
          0.01,
        ),
    ],
    registeredMethods: [0.95, () => mostly(random, () => registered(random), 0.02)],
    registrableMethods: [
      0.93,
      () =>
        mostly(random, () =>
          random.some(['softwareOath', 'fido2', 'email', 'sms', 'recoveryCode', 'nonsense'], 3),
        ),
    ],
    inboundTrust: [
      0.8,
      () =>
        mostly(random, () =>
          random.members({
            isMfaAccepted: [0.8, () => flag(random)],
            isCompliantDeviceAccepted: [0.8, () => flag(random)],
            isHybridAzureADJoinedDeviceAccepted: [0.8, () => flag(random)],
          }),
        ),
    ],
    homeStepUp: [0.8, () => flag(random)],
    deviceRegistrationEnabled: [0.8, () => flag(random, 0.7)],
    termsOfUseAccepted: [
      0.9,
      () =>
        mostly(random, () =>
          terms
            .filter(() => random.chance(0.6))
            .map((id) =>
              mostly(
                random,
                () => ({ id, ...random.members({ at: [0.9, () => random.pick(times)] }) }),
                0.01,
              ),
            ),
        ),
    ],
  });
  return facts as SignInFacts;
}
