import { describe, expect, it } from 'vitest';
import { openGeo } from '../../shared/adapters/geo.ts';
import { Fault } from '../../shared/core/errors.ts';
import { emptyOutbox } from '../../shared/flows/mail/empty-outbox.ts';
import type { Geo } from '../../shared/ports.ts';
import { renderMail } from '../../shared/web/mails/render-mail.ts';
import {
  bundledCountries,
  type HouseOptions,
  openTestHouse,
  type TestHouse,
} from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { edited, type Files, policy } from '../support/house-folder.ts';
import { askForCode, gusMail } from '../support/house-passcode.ts';
import { signInLogs } from '../support/house-rows.ts';
import { arrive } from '../support/house-steps.ts';

/** Which country an address is in, and what happens where nobody can say. */

const lines: string[] = [];
const journal = { line: (_level: string, event: string) => void lines.push(event) };
const geo = openGeo(bundledCountries, journal);

describe('the bundled data', () => {
  it.each([
    ['8.8.8.8', 'US'],
    ['81.2.69.142', 'GB'],
    ['2003::1', 'DE'],
    ['::ffff:81.2.69.142', 'GB'],
    ['10.0.0.1', undefined],
    ['127.0.0.1', undefined],
    ['169.254.169.254', undefined],
    ['203.0.113.7', undefined],
    ['::1', undefined],
    ['fe80::1', undefined],
    ['no address', undefined],
    ['', undefined],
  ])('%s → %s', (address, country) => {
    expect(geo.countryOf(address)).toBe(country);
    expect(lines).toEqual([]);
  });

  it.each(['no such file', 'package.json'])(
    'A102: %s → a fault and an alarm, at every question',
    (bad) => {
      const told: string[] = [];
      const broken = openGeo(bad, { line: (level, event) => void told.push(`${level} ${event}`) });
      for (const address of ['8.8.8.8', '10.0.0.1'])
        expect(() => broken.countryOf(address)).toThrow(
          expect.objectContaining({ code: 'countryUnknown' }),
        );
      expect(told).toEqual(Array(2).fill('alarm countryDataUnreadable'));
    },
  );
});

const location = '10ca0009-5a1e-4b0c-9d2e-3f4a5b6c7d09';

/** Everybody from Germany is blocked, and whoever comes from nowhere known where the policy says so. */
const blocking = (state: string, includeUnknown: boolean) => (files: Files) => ({
  ...files,
  'namedLocations/germany.json': JSON.stringify({
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    id: location,
    displayName: 'Germany',
    countriesAndRegions: ['DE'],
    includeUnknownCountriesAndRegions: includeUnknown,
  }),
  'policies/germany.json': policy(9, {
    state,
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
      locations: { includeLocations: [location] },
    },
  }),
});

const from = (address: string) => ({
  browser: newBrowser({ ipAddress: address }),
});

const withGeo = (world: TestHouse, other: Geo) => ({
  house: { ...world.house, geo: other },
  now: world.now,
});

const countryData = 'no such file';

describe('a policy that asks for a country', () => {
  it.each([
    ['2003::1', false, 'blocked blockedByPolicy'],
    ['81.2.69.142', false, 'enrol'],
    ['10.0.0.1', false, 'enrol'],
    ['10.0.0.1', true, 'blocked blockedByPolicy'],
    ['81.2.69.142', true, 'enrol'],
  ])(
    'R43 A102: from %s, unknown countries included %s → %s',
    async (address, includeUnknown, expected) => {
      await using world = await openTestHouse({ files: blocking('enabled', includeUnknown) });
      const at = withGeo(world, geo);
      expect(brief((await arrive(at, 'ann', from(address))).answer)).toBe(expected);
    },
  );

  it('A102: the data cannot be read, and the policy is enabled → 503, nothing is decided', async () => {
    await using world = await openTestHouse({ files: blocking('enabled', false), countryData });
    await expect(arrive(world, 'ann', from('81.2.69.142'))).rejects.toThrow(
      expect.objectContaining({ code: 'countryUnknown', status: 503 }),
    );
    expect(world.alarms()).toEqual(['countryDataUnreadable']);
    expect(await signInLogs(world)).toEqual([]);
  });

  it('A102: it throws in the middle → the same', async () => {
    await using world = await openTestHouse({ files: blocking('enabled', false) });
    const throwing: Geo = {
      countryOf() {
        throw new Fault('countryUnknown');
      },
    };
    await expect(arrive(withGeo(world, throwing), 'ann', from('2003::1'))).rejects.toThrow(Fault);
  });

  it('only reports: the data is read, and where it cannot be nobody is stopped', async () => {
    const files = blocking('enabledForReportingButNotEnforced', true);
    await using world = await openTestHouse({ files, countryData });
    expect(brief((await arrive(world, 'ann', from('2003::1'))).answer)).toBe('enrol');
    const at = withGeo(world, geo);
    await arrive(at, 'cho', from('2003::1'));
    const [log] = await signInLogs(world);
    expect(log?.facts).toMatchObject({ country: 'DE' });
    expect(log?.policies).toMatchObject({
      'b0119999-0c0a-4a10-9e01-000000000009': 'reportOnlyFailure',
    });
  });

  it('nobody asks: no data is read', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'settings.json', {}),
      countryData,
    });
    expect(brief((await arrive(world, 'ann', from('2003::1'))).answer)).toBe('enrol');
    expect(world.alarms()).toEqual([]);
  });
});

describe('the mail names the country that its code was asked for from', () => {
  const asked = async (address: string, more: HouseOptions = {}) => {
    await using world = await openTestHouse(more);
    const { page } = await askForCode(world, gusMail, from(address));
    const [sent] = world.mail.asked;
    if (sent?.message.kind !== 'passcode') throw new Error('no mail');
    return { page, country: sent.message.country, text: renderMail(sent.message).plainText };
  };

  it.each([
    ['81.2.69.142', 'GB', 'Asked for from: United Kingdom (according to IP Geolocation by DB-IP).'],
    ['2003::1', 'DE', 'Asked for from: Germany (according to IP Geolocation by DB-IP).'],
  ])('%s → %s', async (address, country, line) => {
    const mail = await asked(address);
    expect(mail.country).toBe(country);
    expect(mail.text.split('\n')).toContain(line);
  });

  it('nobody knows, or the data cannot be read: the mail goes out without it', async () => {
    for (const mail of [await asked('10.0.0.1'), await asked('2003::1', { countryData })]) {
      expect(mail.country).toBeUndefined();
      expect(mail.text).not.toContain('DB-IP');
    }
  });

  it('the timer writes the same mail', async () => {
    await using world = await openTestHouse();
    world.mail.answers.push({ kind: 'unavailable', why: '500' });
    await askForCode(world, gusMail, from('2003::1'));
    world.clock.advance(60_000);
    await emptyOutbox(world.house, world.now());
    const [first, second] = world.mail.asked;
    expect(second).toEqual(first);
    expect(first?.message).toMatchObject({ country: 'DE' });
  });
});
