import { describe, expect, it } from 'vitest';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { addressSeen, brief, newBrowser, type TestBrowser } from '../support/house-browser.ts';
import { appIds, edited, policy } from '../support/house-folder.ts';
import { comesAs } from '../support/house-home.ts';
import { guestRowsOf, signInLogs, standingOf } from '../support/house-rows.ts';
import {
  arrive,
  arriveAtChallenge,
  authorizeAndSignIn,
  comeBack,
  granted,
  redeem,
  registered,
  status,
  verify,
} from '../support/house-steps.ts';

/** Attack: a browser says of itself, or of where it is, what suits it. */

const office = '203.0.113.20';
const home = '198.51.100.7';

/** Timesheets lets guests in from the offices alone. */
async function atTimesheets(world: TestHouse, browser: Partial<TestBrowser>) {
  const { answer } = await arrive(world, 'ann', {
    app: 'timesheets',
    browser: newBrowser(browser),
  });
  return brief(answer);
}

describe('R42: the client address', () => {
  it.each([
    ['the office, and a port', `${office}:443`, 'enrol'],
    ['the office, behind what the caller made up', `10.0.0.1, ${home}, ${office}:5000`, 'enrol'],
    [
      'an office address made up in front of the real one',
      `${office}, ${home}:5000`,
      'blocked blockedByPolicy',
    ],
    [
      'many office addresses in front',
      `${`${office}, `.repeat(50)}${home}:1`,
      'blocked blockedByPolicy',
    ],
    ['the office mapped into IPv6', `[::ffff:${office}]:443`, 'enrol'],
    ['the office in IPv6', '[2001:DB8:FAB::1]:443', 'enrol'],
    ['another IPv6', '[2001:db8:fac::1]:443', 'blocked blockedByPolicy'],
  ])('A097 R42: %s', async (_, forwardedFor, expected) => {
    await using world = await openTestHouse();
    expect(await atTimesheets(world, { ipAddress: addressSeen(forwardedFor) })).toBe(expected);
  });

  const unreadable = [
    undefined,
    '',
    ' ',
    'a',
    'unknown',
    '_hidden',
    '1.2.3.4:99999',
    '1.2.3.4:',
    '[::1',
    '::1]',
    '1.2.3',
    '203.0.113.020',
    '0xcb.0.0x71.7',
    '3405803796',
    'fe80::1%eth0',
    `${office},`,
    `${office}, `,
    `${office}:1:1`,
    `x${','.repeat(10_000)}`,
    `${'1.2.3.4, '.repeat(1000)}${office}`,
  ];
  it.each(unreadable)(
    'A098 R42: %j where the platform must have set it → clientAddressUnknown, no decision, no row',
    async (forwardedFor) => {
      await using world = await openTestHouse();
      const { secret } = await registered(world, 'ann');
      const challenge = await arriveAtChallenge(world, 'ann');
      const guest = await dump(world, ['guests']);
      const ipAddress = addressSeen(forwardedFor);
      const wrong = { ...challenge.browser, ipAddress };
      await expect(verify(world, wrong, challenge.page, secret)).rejects.toMatchObject({
        code: 'clientAddressUnknown',
        status: 503,
      });
      const browser = newBrowser();
      const trip = await authorizeAndSignIn(world, browser);
      await expect(comeBack(world, { ...browser, ipAddress }, trip, 'ann')).rejects.toMatchObject({
        code: 'clientAddressUnknown',
      });
      expect(await dump(world, ['guests'])).toEqual(guest);
      expect(await signInLogs(world)).toEqual([]);
      expect(brief(await verify(world, challenge.browser, challenge.page, secret))).toBe('code');
    },
  );

  it("R42 R40: the app's server redeems from anywhere: the browser's address is what counts", async () => {
    await using world = await openTestHouse();
    const browser = newBrowser({ ipAddress: office });
    const { secret } = await registered(world, 'ann', { app: 'timesheets', browser });
    const { trip, code } = await granted(world, 'ann', secret, { app: 'timesheets', browser });
    expect(status(await redeem(world, trip, code))).toBe('200');
    expect((await signInLogs(world)).at(-1)?.facts).toMatchObject({ ipAddress: office });
  });

  it('R42: the address is taken anew at the code page', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser({ ipAddress: office });
    const { secret } = await registered(world, 'ann', { browser });
    const { page } = await arriveAtChallenge(world, 'ann', { app: 'timesheets', browser });
    browser.ipAddress = home;
    expect(brief(await verify(world, browser, page, secret))).toBe('blocked blockedByPolicy');
    expect((await standingOf(world, 'ann')).sessions).toHaveLength(1);
  });
});

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/145.0';
const android = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/142.0 Mobile';

/** Blocks every platform but Windows. */
const onlyWindows = (files: Record<string, string>) => ({
  ...files,
  'policies/x.json': policy(1, {
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
      platforms: { includePlatforms: ['all'], excludePlatforms: ['windows'] },
    },
  }),
});

describe('R44: what a browser says of itself', () => {
  it.each([
    ['Windows', windows, undefined, 'enrol'],
    ['Windows, hinted', windows, '"Windows"', 'enrol'],
    ['nothing', undefined, undefined, 'blocked blockedByPolicy'],
    ['an empty agent', '', undefined, 'blocked blockedByPolicy'],
    ['an agent that names none', 'curl/8', undefined, 'blocked blockedByPolicy'],
    ['agent and hint that contradict each other', windows, '"Android"', 'blocked blockedByPolicy'],
    ['a hint that nobody knows', windows, '"Fuchsia"', 'blocked blockedByPolicy'],
    ['64 KiB of agent', `${windows}${' '.repeat(65_536)}`, undefined, 'blocked blockedByPolicy'],
    ['Android', android, undefined, 'blocked blockedByPolicy'],
  ])('A103 R44: %s', async (_, userAgent, platformHint, expected) => {
    await using world = await openTestHouse({ files: onlyWindows });
    const browser = newBrowser({ userAgent, platformHint });
    expect(brief((await arrive(world, 'ann', { browser })).answer)).toBe(expected);
    if (expected === 'enrol') return;
    const [row] = (await guestRowsOf(world, 'ann')).authorizations;
    const said = row?.value.browser.devicePlatform;
    expect(said === undefined || said === 'android').toBe(true);
  });

  it('A104 R44: a compliant device claimed by agent, hints, cookie or token → not compliant', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'policies/ca007-managed-device.json', { state: 'enabled' }),
    });
    const claims = { compliant: true, deviceid: 'd', amr: ['mfa', 'rsa', 'compliant'] };
    world.home.answers.set('ann', comesAs('ann', claims as Parameters<typeof comesAs>[1]));
    const browser = newBrowser({
      userAgent: `${windows} Compliant/1 PKeyAuth/1.0`,
      device: 'compliant.true',
    });
    const { answer } = await arrive(world, 'ann', {
      browser,
      parameters: { compliant: 'true', claims: '{"device":{"isCompliant":true}}' },
    });
    expect(brief(answer)).toBe('blocked deviceNotCompliant');
    expect((await signInLogs(world)).at(-1)?.code).toBe(53000);
  });

  it("A105: the client type is the app's registration, whatever the agent says", async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'apps/woodgrove.json', { clientAppType: 'other' }),
    });
    for (const userAgent of [windows, 'Outlook', '', undefined]) {
      const browser = newBrowser({ userAgent });
      expect(brief((await arrive(world, 'ann', { browser })).answer)).toBe(
        'blocked blockedByPolicy',
      );
      const other = newBrowser({ userAgent: 'Exchange ActiveSync' });
      const { answer } = await arrive(world, 'ann', { browser: other, app: 'timesheets' });
      // refused for where it is, not for what it says it is
      expect((await signInLogs(world)).some(({ app }) => app === appIds.timesheets)).toBe(true);
      expect(brief(answer)).toBe('blocked blockedByPolicy');
    }
  });
});
