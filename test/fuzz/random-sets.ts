import type { PolicySetInput } from '../../shared/policy/index.ts';
import { mostly } from './odd.ts';
import { apps, locations, mfaAddresses, strengths, terms } from './pools.ts';
import type { Random } from './random.ts';
import { combinations, policy } from './random-policies.ts';

const cidrs = [
  '203.0.113.0/24',
  '203.0.113.7/32',
  '203.0.113.99/25',
  '198.51.100.0/26',
  '198.51.100.64/26',
  '0.0.0.0/0',
  '2001:db8::/48',
  '2001:db8:0:1::/64',
  '2001:DB8:0:0:0:0:0:1/128',
  '::ffff:203.0.113.0/120',
  '::ffff:0:0/96',
  '::ffff:0:0/90',
  '::/0',
];
const brokenRanges = [
  { cidrAddress: '203.0.113.0' },
  { cidrAddress: '203.0.113.0/33' },
  { cidrAddress: '203.0.113.007/24' },
  { cidrAddress: 'x' },
  { cidrAddress: 7 },
  { lowerAddress: '203.0.113.9', upperAddress: '203.0.113.1' },
  { lowerAddress: '203.0.113.0', upperAddress: '2001:db8::1' },
  { lowerAddress: '203.0.113.0' },
  null,
  '203.0.113.0/24',
];

function range(random: Random): unknown {
  if (random.chance(0.06)) return random.pick(brokenRanges);
  if (random.chance(0.25))
    return random.pick([
      { lowerAddress: '203.0.113.5', upperAddress: '203.0.113.7' },
      { lowerAddress: '::ffff:203.0.113.8', upperAddress: '::ffff:203.0.113.9' },
      { lowerAddress: '2001:db8::1', upperAddress: '2001:db8::ff' },
      { lowerAddress: '198.51.100.7', upperAddress: '198.51.100.7' },
    ]);
  return { cidrAddress: random.pick(cidrs) };
}

function location(random: Random, id: string): unknown {
  if (id === mfaAddresses || random.chance(0.65))
    return {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      id,
      isTrusted: random.pick([true, true, true, false, null, 'yes']),
      ipRanges: mostly(random, () => Array.from({ length: random.below(3) }, () => range(random))),
    };
  return {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    id,
    countriesAndRegions: mostly(random, () => random.some(['GB', 'fr', 'DE'])),
    countryLookupMethod: random.pick([
      'clientIpAddress',
      'clientIpAddress',
      null,
      'authenticatorAppGps',
      'x',
    ]),
    includeUnknownCountriesAndRegions: random.pick([true, true, false, null, 'yes']),
  };
}

function agreement(random: Random, id: string): unknown {
  return {
    id,
    ...random.members({
      userReacceptRequiredFrequency: [
        0.4,
        () => random.pick(['P30D', 'P1M', 'P1Y', 'PT1H', null, 'x']),
      ],
      termsExpiration: [
        0.4,
        () =>
          mostly(random, () =>
            random.members({
              startDateTime: [
                0.95,
                () =>
                  random.pick([
                    '2026-01-01T00:00:00Z',
                    '2026-11-20T10:00:00Z',
                    '2026-11-20',
                    '2027-01-01T00:00:00Z',
                    '2026-01-01T00:00:00',
                  ]),
              ],
              frequency: [0.6, () => random.pick(['P1M', 'P1Y', 'P30D', 'x', null])],
            }),
          ),
      ],
    }),
  };
}

/** A policy set: mostly sound, with something nobody can read here and there. */
export function randomSet(random: Random): PolicySetInput {
  const policies = Array.from({ length: 1 + random.below(4) }, (_, index) => policy(random, index));
  return {
    policies: random.chance(0.1) ? { value: policies } : policies,
    namedLocations: locations.filter(() => random.chance(0.85)).map((id) => location(random, id)),
    authenticationStrengths: strengths
      .filter(() => random.chance(0.9))
      .map((id) => ({ id, displayName: 's', ...combinations(random) })),
    termsOfUse: terms.filter(() => random.chance(0.9)).map((id) => agreement(random, id)),
    appGroups: random.chance(0.8) ? { Office365: [apps[1], apps[2]] } : {},
  } as PolicySetInput;
}
