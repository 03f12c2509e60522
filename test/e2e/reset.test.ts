import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../dev/walk.ts';
import { skipsBrowserTests } from '../support/browser-chromium.ts';
import {
  comeBack,
  comeIn,
  enrol,
  enrolled,
  enterCode,
  heading,
  readKey,
} from '../support/browser-guest.ts';
import { useHouse } from '../support/browser-house.ts';

const vestibule = resolve(import.meta.dirname, '../../cli/vestibule.ts');
const upn = 'ann_contoso.example#EXT#@fabrikam.onmicrosoft.example';

describe.skipIf(skipsBrowserTests)('a guest whose second factor is reset', () => {
  const house = useHouse();
  const ann: Authenticator = {};
  beforeAll(async () => {
    if (!skipsBrowserTests) Object.assign(ann, await enrolled(house, 'Ann'));
  });

  /** As an administrator types it into a shell. */
  async function cli(...words: readonly string[]): Promise<string> {
    const { issuer, admin } = house.world;
    const { stdout } = await promisify(execFile)(process.execPath, [vestibule, ...words], {
      env: {
        PATH: process.env['PATH'],
        VESTIBULE_ISSUER: issuer,
        VESTIBULE_CLIENT_ID: admin.clientId,
        VESTIBULE_CLIENT_SECRET: admin.clientSecret,
      },
    });
    return stdout;
  }

  async function listed(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { value } = JSON.parse(await cli('mfa', 'list', '--json')) as {
      value: { userDisplayName: string; isMfaRegistered: boolean; methodsRegistered: string[] }[];
    };
    for (const { isMfaRegistered, methodsRegistered } of value)
      expect(isMfaRegistered).toBe(methodsRegistered.length > 0);
    return Object.fromEntries(
      value.map(({ userDisplayName, methodsRegistered }) => [userDisplayName, methodsRegistered]),
    );
  }

  it('A133 R38 is told at the code page that the sign-in is over, and sets up anew at the next', async () => {
    const { page, watch } = await house.visitor();
    const { page: waiting } = await house.visitor();
    await comeIn(house, waiting, house.person('Ann'));
    expect(await heading(waiting)).toBe('Enter your code');
    expect(await listed()).toMatchObject({
      'Ann Abel': ['softwareOneTimePasscode'],
      'Ben Brandt': [],
    });

    const told = await cli('mfa', 'reset', upn, '--reason', 'new phone');
    expect(told).toContain(`reset: Ann Abel (${upn})`);
    expect(await listed()).toMatchObject({ 'Ann Abel': [], 'Ben Brandt': [] });
    const audit = house.journal.filter(({ detail }) => detail['activity'] === 'resetMfa');
    expect(audit.map(({ detail }) => detail['phase'])).toEqual(['intent', 'result']);

    await enterCode(waiting, house.clock.freshCode(ann));
    expect(await heading(waiting)).toBe('This sign-in is over');
    await waiting.reload();
    expect(await heading(waiting)).toBe('This sign-in is over');

    const old = ann.secret;
    await comeIn(house, page, house.person('Ann'));
    expect(await heading(page)).toBe('Set up a second step');
    await enrol(house, page, ann);
    expect(await heading(page)).toBe('Hello, Ann Abel');
    expect(ann.secret).not.toBe(old);
    expect(watch.answers).toHaveLength(1);
    expect(await listed()).toMatchObject({ 'Ann Abel': ['softwareOneTimePasscode'] });
  });

  it('A092 sets up in one of two tabs: the other asks for a code instead', async () => {
    await cli('mfa', 'reset', upn, '--reason', 'two tabs');
    const { page: first, context } = await house.visitor();
    const second = await context.newPage();
    await comeIn(house, first, house.person('Ann'));
    await comeBack(house, second, house.person('Ann'));
    const stale = await readKey(second);
    await first.bringToFront();
    await enrol(house, first, ann);
    await second.bringToFront();
    await enterCode(second, house.clock.freshCode({ secret: stale }));
    expect(await heading(second)).toBe('Enter your code');
    await enterCode(second, house.clock.freshCode(ann));
    await second.waitForURL(`${house.world.app}/`);
    expect(await listed()).toMatchObject({ 'Ann Abel': ['softwareOneTimePasscode'] });
  });
});
