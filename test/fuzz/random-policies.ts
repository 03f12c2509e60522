import { capitalKeys, listOf, mostly, spelled, withMystery } from './odd.ts';
import {
  actions,
  apps,
  groups,
  guestTypes,
  locations,
  roles,
  strengths,
  tenants,
  terms,
  users,
} from './pools.ts';
import type { Random } from './random.ts';

type Members = Record<string, unknown>;

/** A flags enum: one text, in any order and spacing, or an array. */
function flags(random: Random, words: readonly string[]): unknown {
  const picked = random.some(words).map((word) => spelled(random, word));
  if (random.chance(0.03)) picked.push(random.pick(['', 'future']));
  return random.chance(0.3) ? picked : picked.join(random.pick([',', ', ', ' , ']));
}

function guests(random: Random): Members {
  return withMystery(
    random,
    random.members({
      guestOrExternalUserTypes: [
        0.97,
        () => mostly(random, () => flags(random, [...guestTypes, 'none'])),
      ],
      externalTenants: [
        0.5,
        () =>
          mostly(random, () =>
            withMystery(
              random,
              random.members({
                membershipKind: [0.97, () => random.pick(['all', 'enumerated', 'enumerated', 'x'])],
                members: [0.9, () => listOf(random, tenants)],
              }),
            ),
          ),
      ],
    }),
  );
}

function userCondition(random: Random): unknown {
  if (random.chance(0.5)) return { includeUsers: [spelled(random, 'All')] };
  const word = ['All', 'None', 'GuestsOrExternalUsers', 'AllAgentIdUsers'];
  return withMystery(
    random,
    random.members({
      includeUsers: [0.6, () => listOf(random, [...users, ...word])],
      excludeUsers: [
        0.2,
        () => listOf(random, [...users, ...users, 'GuestsOrExternalUsers', 'All']),
      ],
      includeGroups: [0.3, () => listOf(random, groups)],
      excludeGroups: [0.2, () => listOf(random, groups)],
      includeRoles: [0.2, () => listOf(random, roles)],
      excludeRoles: [0.15, () => listOf(random, roles)],
      includeGuestsOrExternalUsers: [0.3, () => mostly(random, () => guests(random))],
      excludeGuestsOrExternalUsers: [0.2, () => mostly(random, () => guests(random))],
    }),
  );
}

const attributeRules = [
  'CustomSecurityAttribute.S_A -eq "x"',
  'CustomSecurityAttribute.S_A -ne "x"',
  'CustomSecurityAttribute.S_A -startsWith "X" -and CustomSecurityAttribute.S_B -eq null',
  'CustomSecurityAttribute.S_B -notIn ["x", "y"]',
  'customsecurityattribute.s_a -endsWith "x" or CustomSecurityAttribute.S_C -ne null',
  'CustomSecurityAttribute.S_A -eq true',
  'device.model -eq "M"',
  'not (CustomSecurityAttribute.S_B -contains "y")',
  'no rule',
  '',
];

function appCondition(random: Random): unknown {
  if (random.chance(0.45)) return { includeApplications: [spelled(random, 'All')] };
  const words = ['All', 'Office365', 'MicrosoftAdminPortals'];
  return withMystery(
    random,
    random.members({
      includeApplications: [
        0.6,
        () => listOf(random, [...apps, ...words, 'None', 'AllAgentIdResources']),
      ],
      excludeApplications: [0.3, () => listOf(random, [...apps, ...apps, ...words])],
      includeUserActions: [0.25, () => listOf(random, actions)],
      includeAuthenticationContextClassReferences: [0.2, () => listOf(random, ['c1', 'c2', 'C1'])],
      applicationFilter: [
        0.2,
        () =>
          mostly(random, () =>
            withMystery(random, {
              mode: random.pick(['include', 'exclude', 'exclude', 'x']),
              rule: mostly(random, () => random.pick(attributeRules)),
            }),
          ),
      ],
    }),
  );
}

const deviceRules = [
  'device.model -eq "M"',
  'Model eq "m"',
  'device.model -ne "M" -or device.isCompliant -eq True',
  'device.isCompliant -ne true',
  'device.isCompliant -eq "True"',
  'not (device.trustType -eq "AzureAD")',
  'device.trustType -ne "EntraID" -and -not device.model -startsWith "N"',
  'device.physicalIds -contains "tag" and device.extensionAttribute1 -startsWith "S"',
  'device.physicalIds -eq "[tag]"',
  'device.systemLabels -notContains "x"',
  'device.physicalIds -eq null',
  'device.model -eq null -or device.displayName -ne null',
  'device.deviceId -notIn ["aaaa", "bbbb"]',
  'device.deviceId -startsWith "a"',
  'device.model -in ["M", "N"] -and (device.profileType -eq "IoT" -or device.deviceOwnership -ne "Company")',
  'device.operatingSystemVersion -notEndsWith "1" -and device.manufacturer -notContains "c"',
  'device.displayName -contains "a`"b"',
  "device.model -eq 'M'",
  'device.model -match "x"',
  'device.isCompliant -eq null',
  'device.model -eq true',
  'device.trustType -ne null',
  'device.physicalIds -startsWith "t"',
  'device.model -startsWith null',
  'device.displayName -in "x"',
  'device.displayName -eq ["x"]',
  '-not -not model -eq "M"',
  'NOT (model -eq "M") AND ((displayName -ne null))',
  'device.model -eq "M" device.model -eq "N"',
  '(device.model -eq "M"',
  'device.model -eq "M" or device.model -eq "N1" and device.displayName -eq "x"',
  'not device.model -eq "M" or device.displayName -eq "x"',
  'device.model "M"',
  'extensionAttribute1 -ne "saw" -and mdmAppId -eq null',
  'device.systemLabels -ne "X"',
  'device.model -eq "M" -and',
  'device.colour -eq "red"',
  'device.model -in []',
  'device.extensionAttribute16 -eq "x"',
  '  ',
];

function condition(random: Random, name: string): unknown {
  switch (name) {
    case 'platforms': {
      const names = ['iOS', 'windows', 'linux', 'android', 'all'];
      return withMystery(
        random,
        random.members({
          includePlatforms: [0.7, () => listOf(random, [...names, 'windowsPhone', 'visionOS'])],
          excludePlatforms: [0.5, () => listOf(random, ['iOS', 'linux', 'macOS', 'windows'])],
        }),
      );
    }
    case 'locations':
      return withMystery(
        random,
        random.members({
          includeLocations: [0.7, () => listOf(random, [...locations, 'All', 'AllTrusted'])],
          excludeLocations: [0.5, () => listOf(random, [...locations, 'AllTrusted', 'AllTrusted'])],
        }),
      );
    case 'clientAppTypes':
      return listOf(random, [
        'browser',
        'other',
        'all',
        'exchangeActiveSync',
        'easSupported',
        'easUnsupported',
        'modern',
        'mobileAppsAndDesktopClients',
        'future',
      ]);
    case 'devices':
      return withMystery(random, {
        deviceFilter: mostly(random, () =>
          withMystery(random, {
            mode: random.pick(['include', 'include', 'exclude', 'exclude', 'x', null]),
            rule: mostly(random, () => random.pick(deviceRules)),
          }),
        ),
      });
    case 'authenticationFlows':
      return withMystery(random, {
        transferMethods: mostly(random, () =>
          flags(random, ['none', 'deviceCodeFlow', 'authenticationTransfer']),
        ),
      });
    case 'signInRiskLevels':
    case 'userRiskLevels':
      return listOf(random, ['none', 'low', 'medium', 'high', 'hidden', 'unknownFutureValue']);
    case 'insiderRiskLevels':
      return flags(random, ['minor', 'moderate', 'elevated', 'none']);
    case 'clientApplications':
      return { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] };
    case 'servicePrincipalRiskLevels':
      return ['high'];
    case 'agentIdRiskLevels':
      return 'high';
    default:
      return random.pick([['full'], null, {}, 'x']);
  }
}

const common = [
  'platforms',
  'locations',
  'locations',
  'clientAppTypes',
  'devices',
  'devices',
  'authenticationFlows',
  'signInRiskLevels',
  'userRiskLevels',
  'insiderRiskLevels',
];
const rare = [
  'clientApplications',
  'servicePrincipalRiskLevels',
  'agentIdRiskLevels',
  'moonPhase',
  'times',
];

const everyone = {
  users: { includeUsers: ['All'] },
  applications: { includeApplications: ['All'] },
};

function conditions(random: Random): unknown {
  // Often enough several policies must apply together.
  if (random.chance(0.3)) return everyone;
  const all: Members = {
    users: mostly(random, () => userCondition(random), 0.02),
    applications: mostly(random, () => appCondition(random), 0.02),
  };
  for (let left = random.below(3); left > 0; left -= 1) {
    const name = random.chance(0.04) ? random.pick(rare) : random.pick(common);
    all[name] = mostly(random, () => condition(random, name));
  }
  if (random.chance(0.01)) delete all['applications'];
  return all;
}

const controls = [
  'mfa',
  'mfa',
  'mfa',
  'compliantDevice',
  'domainJoinedDevice',
  'approvedApplication',
  'compliantApplication',
  'passwordChange',
  'riskRemediation',
];

/** Inline, as `GET` returns them. */
function strength(random: Random): unknown {
  const id = random.pick([
    ...strengths,
    '00000000-0000-0000-0000-000000000002',
    '00000000-0000-0000-0000-000000000003',
    '00000000-0000-0000-0000-000000000004',
    '00000000-0000-0000-0000-000000000009',
  ]);
  return random.chance(0.6) ? { id } : { id, ...combinations(random) };
}

export function combinations(random: Random): Members {
  return random.members({
    allowedCombinations: [
      0.95,
      () =>
        mostly(random, () =>
          listOf(
            random,
            [
              'fido2',
              'softwareOath,federatedSingleFactor',
              'federatedSingleFactor , softwareOath',
              'federatedMultiFactor',
              'password,sms',
              'windowsHelloForBusiness',
              'x509CertificateMultiFactor',
              'softwareOath,fido2',
              'softwareOath,email',
              'recoveryCode',
              'future',
            ],
            3,
          ),
        ),
    ],
    combinationConfigurations: [
      0.4,
      () =>
        mostly(random, () => [
          random.chance(0.8)
            ? {
                allowedAAGUIDs: mostly(random, () =>
                  random.some(
                    [
                      '33330000-0000-4000-8000-000000000000',
                      '33330000-0000-4000-8000-000000000001',
                    ],
                    1,
                  ),
                ),
                appliesToCombinations: mostly(random, () => ['fido2']),
              }
            : {
                allowedIssuerSkis: ['x'],
                appliesToCombinations: ['x509CertificateMultiFactor'],
              },
        ]),
    ],
  });
}

function grantControls(random: Random): unknown {
  return withMystery(
    random,
    random.members({
      operator: [0.97, () => mostly(random, () => spelled(random, random.pick(['AND', 'OR'])))],
      builtInControls: [
        0.7,
        () => {
          if (random.chance(0.05)) return ['block'];
          if (random.chance(0.02)) return ['mfa', spelled(random, 'block')];
          if (random.chance(0.02)) return ['futureControl', 'mfa'];
          return listOf(random, controls);
        },
      ],
      authenticationStrength: [0.35, () => mostly(random, () => strength(random))],
      termsOfUse: [0.25, () => listOf(random, terms)],
      customAuthenticationFactors: [0.04, () => listOf(random, ['Duo'])],
    }),
  );
}

function switched(random: Random, members: Members): unknown {
  return mostly(random, () =>
    withMystery(random, { isEnabled: mostly(random, () => random.chance(0.9)), ...members }),
  );
}

function sessionControls(random: Random): unknown {
  const session: Members = {};
  for (let left = 1 + random.below(2); left > 0; left -= 1) {
    const name = random.pick([
      'signInFrequency',
      'signInFrequency',
      'signInFrequency',
      'persistentBrowser',
      'cloudAppSecurity',
      'applicationEnforcedRestrictions',
      'disableResilienceDefaults',
      'secureSignInSession',
      'continuousAccessEvaluation',
    ]);
    session[name] = sessionControl(random, name);
  }
  return withMystery(random, session);
}

function soundFrequency(random: Random): unknown {
  return {
    isEnabled: true,
    frequencyInterval: 'timeBased',
    type: 'hours',
    value: random.pick([1, 8, 24]),
    authenticationType: random.pick([
      'primaryAndSecondaryAuthentication',
      'primaryAndSecondaryAuthentication',
      'secondaryAuthentication',
    ]),
  };
}

function sessionControl(random: Random, name: string): unknown {
  switch (name) {
    case 'signInFrequency':
      if (random.chance(0.5)) return soundFrequency(random);
      return switched(
        random,
        random.members({
          frequencyInterval: [
            0.95,
            () => random.pick(['timeBased', 'timeBased', 'everyTime', null, 'x']),
          ],
          type: [0.97, () => random.pick(['hours', 'hours', 'hours', 'days', null])],
          value: [0.97, () => random.pick([1, 1, 8, 8, 24, 'x', 0, -1, 1.5, null])],
          authenticationType: [
            0.95,
            () =>
              random.pick([
                'primaryAndSecondaryAuthentication',
                'secondaryAuthentication',
                null,
                'x',
              ]),
          ],
        }),
      );
    case 'persistentBrowser':
      return switched(random, { mode: random.pick(['always', 'always', 'never', 'x', null]) });
    case 'cloudAppSecurity':
      return switched(random, {
        cloudAppSecurityType: random.pick(['monitorOnly', 'blockDownloads', 'mcasConfigured', 'x']),
      });
    case 'disableResilienceDefaults':
      return mostly(random, () => random.chance(0.7), 0.1);
    case 'continuousAccessEvaluation':
      return mostly(random, () => ({
        mode: random.pick(['disabled', 'disabled', 'strictLocation', 'strictEnforcement', 'x']),
      }));
    default:
      return switched(random, {});
  }
}

const states = [
  'enabled',
  'enabled',
  'enabled',
  'enabled',
  'enabled',
  'enabledForReportingButNotEnforced',
  'disabled',
  'partially',
  null,
];

export function policy(random: Random, index: number): Members {
  const number = `${random.below(90) + 10}${index}`;
  const made: Members = {
    id: `b0110000-0000-4000-8000-000000000${number}`,
    displayName: `CA${number}`,
    state: random.pick(states),
    conditions: mostly(random, () => conditions(random), 0.01),
    grantControls: random.chance(0.1) ? null : mostly(random, () => grantControls(random), 0.01),
    sessionControls: random.chance(0.6)
      ? null
      : mostly(random, () => sessionControls(random), 0.01),
  };
  return random.chance(0.02) ? (capitalKeys(made) as Members) : made;
}
