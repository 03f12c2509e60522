import { describe, expect, it } from 'vitest';
import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { showSecondFactor } from '../../shared/flows/sign-in/second-factor.ts';
import { showSignIn } from '../../shared/flows/sign-in/sign-in.ts';
import { dump, openTestHouse } from '../support/house.ts';
import { brief, newBrowser, pageOf, take } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import { logEntries, signInLogs } from '../support/house-rows.ts';
import {
  arrive,
  authorizeAndSignIn,
  comeBack,
  given,
  openForm,
  postForm,
  requestOf,
} from '../support/house-steps.ts';

/** From the app's request to the home's answer: every way it can end. */

async function post(world: Parameters<typeof openForm>[0], more: Record<string, string>) {
  const browser = newBrowser();
  const { fields } = await openForm(world, browser);
  return postForm(world, browser, { ...fields, ...more });
}

describe('GET /authorize', () => {
  it('shows who asks, stores nothing, and gives the browser its secret once', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const before = await dump(world);
    const { parameters } = requestOf('woodgrove', { login_hint: 'ann@contoso.example' });
    const answer = await authorize(world.house, given(parameters), browser, world.now());
    expect(pageOf(take(browser, answer), 'signIn')).toMatchObject({
      frame: { organisation: { name: 'Fabrikam' }, app: { name: 'Woodgrove' } },
      mail: 'ann@contoso.example',
      partners: [{ id: 'contoso', name: 'Contoso' }],
      cookies: [{ cookie: 'browser', value: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) }],
    });
    const secret = browser.secret;
    const second = await authorize(world.house, given(parameters), browser, world.now());
    expect(second.cookies).toEqual([]);
    expect(browser.secret).toBe(secret);
    expect(await dump(world)).toEqual(before);
  });

  it.each(['contoso', 'CONTOSO', 'contoso.example'])(
    'domain_hint %s goes straight on',
    async (domain_hint) => {
      await using world = await openTestHouse();
      const { parameters } = requestOf('woodgrove', { domain_hint });
      const browser = newBrowser();
      const answer = take(
        browser,
        await authorize(world.house, given(parameters), browser, world.now()),
      );
      if (answer.kind !== 'goHome') throw new Error(brief(answer));
      const state = new URL(answer.url).searchParams.get('state') ?? '';
      expect(brief(await comeBack(world, browser, { state }, 'ann'))).toBe('enrol');
    },
  );

  it('domain_hint of nobody, or of a disabled partner, is the page', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'partners/contoso.json', { enabled: false }),
    });
    for (const domain_hint of ['contoso', 'contoso.example', 'nobody', '__proto__']) {
      const { parameters } = requestOf('woodgrove', { domain_hint });
      const answer = await authorize(world.house, given(parameters), newBrowser(), world.now());
      expect(brief(answer)).toBe('signIn');
      expect(answer).toMatchObject({ partners: [] });
    }
  });
});

describe('POST /signin', () => {
  it.each([
    [{ mail: 'ann@contoso.example' }, 'goHome'],
    [{ mail: ' Ann@CONTOSO.example ' }, 'goHome'],
    [{ mail: 'nobody-knows@contoso.example' }, 'goHome'],
    [{ mail: 'ann@smallshop.example' }, 'passcode'],
    [{ mail: 'ann@sub.contoso.example' }, 'passcode'],
    [{ mail: 'ann@contoso.example.evil.example' }, 'passcode'],
    [{ mail: 'ann@contosо.example' }, 'passcode'],
    [{ mail: '' }, 'signIn mailMalformed'],
    [{ mail: 'ann' }, 'signIn mailMalformed'],
    [{ mail: 'a b@contoso.example' }, 'signIn mailMalformed'],
    [{ mail: 'ann@contoso.example\r\nBcc: x@x.example' }, 'signIn mailMalformed'],
    [{ partner: 'contoso' }, 'goHome'],
    [{ partner: 'contoso', mail: 'whoever@elsewhere.example' }, 'goHome'],
    [{ partner: 'nobody' }, 'signIn noWayIn'],
    [{ partner: '__proto__' }, 'signIn noWayIn'],
  ] as const)('%j → %s', async (more, expected) => {
    await using world = await openTestHouse();
    const answer = await post(world, more);
    expect(brief(answer)).toBe(expected);
    const rows = await dump(world, ['expiring']);
    const signIns = rows.filter(({ key }) => key.startsWith('signin.'));
    expect(signIns).toHaveLength(expected.startsWith('signIn') ? 0 : 1);
    if (expected !== 'passcode') expect(rows).toHaveLength(signIns.length);
  });

  it('A074: a look-alike of a partner’s domain is another domain, shown in ASCII', async () => {
    await using world = await openTestHouse();
    const answer = await post(world, { mail: 'ann@contosо.example' });
    expect(answer).toMatchObject({ page: 'passcode', address: 'ann@xn--contos-1qf.example' });
    expect(world.home.requests).toEqual([]);
  });

  it.each(['ann@smallshop.example', 'ann@sub.contoso.example', 'ann@contoso.example.evil.example'])(
    'the mailed passcode is off: %s finds no way in, and nothing is stored',
    async (mail) => {
      await using world = await openTestHouse({
        files: (files) => edited(files, 'settings.json', { passcode: { enabled: false } }),
      });
      expect(brief(await post(world, { mail }))).toBe('signIn noWayIn');
      expect(await dump(world, ['expiring'])).toEqual([]);
    },
  );

  it('passes the address on as login_hint, and only one that is an address', async () => {
    await using world = await openTestHouse();
    await post(world, { mail: ' ann@CONTOSO.example' });
    await post(world, { partner: 'contoso', mail: 'no address' });
    expect(world.home.requests.map(({ request }) => request.loginHint)).toEqual([
      'ann@contoso.example',
      undefined,
    ]);
  });

  it('a disabled partner keeps its domain: no way in, nothing else opens', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'partners/contoso.json', { enabled: false }),
    });
    for (const more of [{ mail: 'ann@contoso.example' }, { partner: 'contoso' }])
      expect(brief(await post(world, more))).toBe('signIn noWayIn');
  });

  it('GET /signin, and GET /mfa without a handle, say where to start', async () => {
    await using world = await openTestHouse();
    expect(brief(await showSignIn(world.house))).toBe('message startAtApp');
    const browser = newBrowser({ secret: 'A'.repeat(22) });
    for (const handle of ['', 'x'])
      expect(brief(await showSecondFactor(world.house, { handle, browser }, world.now()))).toBe(
        'message startAtApp',
      );
  });

  it('the partner is out of reach → homeUnavailable, and the form can be sent again', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const { fields } = await openForm(world, browser);
    const fault = Object.assign(new Error('down'), { code: 'homeUnavailable' });
    const homeIdp = { ...world.home, authorizationUrl: () => Promise.reject(fault) };
    const form = { ...fields, mail: 'ann@contoso.example' };
    const down = { ...world, house: { ...world.house, homeIdp } };
    await expect(postForm(down, browser, form)).rejects.toBe(fault);
    expect(brief(await postForm(world, browser, form))).toBe('goHome');
    expect(await dump(world, ['expiring'])).toHaveLength(1);
  });
});

describe('GET /callback', () => {
  const refused: Readonly<Record<string, readonly [unknown, string]>> = {
    'the person cancelled': [{ kind: 'declined', error: 'access_denied' }, 'homeDeclined'],
    'the token failed a check': [{ kind: 'invalid', check: 'aud' }, 'homeAnswerInvalid'],
  };
  it.each(Object.entries(refused))(
    '%s → over, logged, with a reference',
    async (_, [result, cause]) => {
      await using world = await openTestHouse();
      world.home.answers.set('ann', () => result as never);
      const { answer, trip, browser } = await arrive(world, 'ann');
      expect(answer).toMatchObject({
        page: 'blocked',
        cause,
        status: 403,
        reference: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}$/),
      });
      expect(await signInLogs(world)).toMatchObject([{ result: 'failure', cause }]);
      expect(await dump(world, ['expiring'])).toMatchObject([{ value: { state: 'over' } }]);
      // begun again from the app it goes on
      world.home.answers.set('ann', world.home.answers.get('ben') as never);
      expect(brief(await comeBack(world, browser, trip, 'ann'))).not.toBe('enrol');
      expect(brief((await arrive(world, 'ann', { browser })).answer)).toBe('enrol');
    },
  );

  it('an unknown partner, or one removed meanwhile → start at the app', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    expect(brief(await comeBack(world, browser, trip, 'ann', 'nobody'))).toBe('message startAtApp');
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('enrol');
  });

  it('a refused guest is told the sponsor, after the first factor only', async () => {
    await using world = await openTestHouse();
    expect((await arrive(world, 'cho')).answer).toMatchObject({
      cause: 'blockedByPolicy',
      sponsor: 'Sam Sponsor (sam@fabrikam.example)',
    });
    expect((await arrive(world, 'stranger')).answer).toMatchObject({ sponsor: undefined });
  });

  it('a block is logged with the facts and the version it was decided on', async () => {
    await using world = await openTestHouse();
    await arrive(world, 'cho');
    const { setVersion } = await world.house.configuration();
    expect(await logEntries(world)).toContainEqual(
      expect.objectContaining({
        kind: 'signIn',
        outcome: 'block',
        code: 53003,
        setVersion,
        facts: expect.objectContaining({ ipAddress: '198.51.100.7', clientAppType: 'browser' }),
        policies: expect.objectContaining({ 'b0110002-0c0a-4a10-9e01-1f0000000002': 'failure' }),
      }),
    );
  });
});
