import { describe, expect, it } from 'vitest';
import type { SetCookie } from '../../shared/flows/answers.ts';
import { openTestHouse } from '../support/house.ts';
import { appIds, policy } from '../support/house-folder.ts';
import { askWithSession } from '../support/house-session.ts';
import { arriveAtEnrolment, sendCode } from '../support/house-steps.ts';
import { totpCode } from '../support/house-totp.ts';

/** Which cookies of a grant outlive the browser's window. */

const asks = (mode: 'always' | 'never', more: Record<string, unknown> = {}) =>
  policy(mode === 'always' ? 1 : 2, {
    grantControls: null,
    sessionControls: { persistentBrowser: { isEnabled: true, mode } },
    ...more,
  });

async function grantedUnder(policies: Readonly<Record<string, string>>) {
  const world = await openTestHouse({ files: (files) => ({ ...files, ...policies }) });
  const { browser, page } = await arriveAtEnrolment(world, 'ann');
  const code = totpCode(page.secret, world.now());
  const answer = await sendCode(world, browser, page, code);
  const cookies = new Map(answer.cookies?.map((cookie) => [cookie.cookie, cookie]));
  return { world, browser, page, code, answer, cookies };
}

const untilOf = (cookie: SetCookie | undefined) =>
  cookie?.cookie === 'session' ? cookie.persistentUntil : `no session: ${cookie?.cookie}`;
const day = 24 * 3_600_000;

describe('R39 persistentBrowser', () => {
  it('no policy: the session goes with the window, the browser stays known', async () => {
    const { world, cookies } = await grantedUnder({});
    await using _world = world;
    expect(untilOf(cookies.get('session'))).toBeUndefined();
    expect(cookies.get('device')).toMatchObject({ transient: false });
  });

  it('always: the cookie lives as long as the session', async () => {
    const { world, cookies } = await grantedUnder({ 'policies/x.json': asks('always') });
    await using _world = world;
    expect(untilOf(cookies.get('session'))).toEqual(new Date(world.now().getTime() + day));
  });

  it('never beats always, and then nothing that knows the guest persists', async () => {
    const { world, cookies } = await grantedUnder({
      'policies/x.json': asks('always'),
      'policies/y.json': asks('never'),
    });
    await using _world = world;
    expect(untilOf(cookies.get('session'))).toBeUndefined();
    expect(cookies.get('device')).toMatchObject({ transient: true });
  });

  it('report-only and disabled: as if there were none', async () => {
    for (const state of ['enabledForReportingButNotEnforced', 'disabled']) {
      const { world, cookies } = await grantedUnder({
        'policies/x.json': asks('always', { state }),
        'policies/y.json': asks('never', { state }),
      });
      await using _world = world;
      expect(untilOf(cookies.get('session')), state).toBeUndefined();
      expect(cookies.get('device'), state).toMatchObject({ transient: false });
    }
  });

  it('a double submit gets the same cookies', async () => {
    const { world, browser, page, code, answer } = await grantedUnder({
      'policies/x.json': asks('always'),
    });
    await using _world = world;
    const again = await sendCode(world, { ...browser, device: undefined }, page, code);
    expect(again.cookies?.[0]).toEqual(answer.cookies?.[0]);
  });

  it('is judged anew at each grant: an app under never makes a lasting session a passing one', async () => {
    const { world, browser } = await grantedUnder({
      'policies/x.json': asks('always'),
      'policies/y.json': asks('never', {
        conditions: {
          users: { includeUsers: ['All'] },
          applications: { includeApplications: [appIds.desktop] },
          clientAppTypes: ['all'],
        },
      }),
    });
    await using _world = world;
    const { answer, said } = await askWithSession(world, browser);
    expect(said).toBe('code');
    expect(untilOf(answer.cookies?.[0])).toBeUndefined();
    expect(answer.cookies?.[1]).toMatchObject({ cookie: 'device', transient: true });
  });
});
