import { describe, expect, it } from 'vitest';
import { countryNeed } from '../../../shared/policy/country-need.ts';

const place = '10ca000a-0000-4000-8000-000000000001';
const other = '10ca000a-0000-4000-8000-000000000002';
const reporting = 'enabledForReportingButNotEnforced';

const policy = (state: unknown, location = place) => ({
  state,
  conditions: { locations: { excludeLocations: [location] } },
});
const france = { id: place, countriesAndRegions: ['FR'] };

describe('whether anybody must know the country', () => {
  it.each<[string, readonly Record<string, unknown>[], readonly unknown[], string]>([
    ['an enabled policy asks', [policy('enabled')], [france], 'required'],
    ['one in another case', [policy('Enabled', place.toUpperCase())], [france], 'required'],
    ['one in a state nobody knows', [policy('on')], [france], 'required'],
    ['one that only reports', [policy(reporting)], [france], 'wanted'],
    ['one that is off', [policy('disabled')], [france], 'wanted'],
    ['one of each', [policy(reporting), policy('enabled')], [france], 'required'],
    ['an enabled one asks for another place', [policy('enabled', other)], [france], 'none'],
    [
      'an enabled one for another, a reporting one for this',
      [policy('enabled', other), policy(reporting)],
      [france],
      'wanted',
    ],
    ['nobody asks', [{ state: 'enabled' }], [france], 'none'],
    ['no policies', [], [france], 'none'],
    ['no locations', [policy('enabled')], [], 'none'],
    ['an upper-case id', [policy('enabled')], [{ ...france, id: place.toUpperCase() }], 'required'],
    [
      'PowerShell’s spelling',
      [policy('enabled')],
      [{ Id: place, CountriesAndRegions: ['FR'] }],
      'required',
    ],
    [
      'by the type alone',
      [policy('enabled')],
      [{ id: place, '@odata.type': '#microsoft.graph.CountryNamedLocation' }],
      'required',
    ],
    [
      'an empty list of countries and no type',
      [policy('enabled')],
      [{ id: place, countriesAndRegions: [] }],
      'none',
    ],
    [
      'addresses are no country',
      [policy('enabled')],
      [{ id: place, '@odata.type': '#microsoft.graph.ipNamedLocation', ipRanges: [{}] }],
      'none',
    ],
    [
      'a list of types',
      [policy('enabled')],
      [{ id: place, '@odata.type': ['countryNamedLocation'] }],
      'none',
    ],
    ['a type that is no text', [policy('enabled')], [{ id: place, '@odata.type': 7 }], 'none'],
    [
      'what is no location',
      [policy('enabled')],
      [null, 'x', { countriesAndRegions: ['FR'] }, { ...france, id: '' }, { ...france, id: 7 }],
      'none',
    ],
    ['one among several', [policy('enabled')], [{ ...france, id: other }, france], 'required'],
  ])('%s', (_, policies, locations, expected) => {
    expect(countryNeed(policies, locations)).toBe(expected);
  });
});
