import { describe, expect, it } from 'vitest';
import {
  readAuthorizationHandle,
  readCode,
  readFreshSignInId,
  readSignInHandle,
  readState,
} from '../../shared/core/handles.ts';
import { readGuestId } from '../../shared/core/ids.ts';
import { callback } from '../../shared/flows/sign-in/callback.ts';
import { showSecondFactor } from '../../shared/flows/sign-in/second-factor.ts';
import { readTokenId } from '../../shared/flows/token/tokens.ts';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import type { Store } from '../../shared/ports.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import {
  arriveAtChallenge,
  authorizeAndSignIn,
  comeBack,
  granted,
  openForm,
  postForm,
  redeem,
  registered,
  sendCode,
  status,
  tokensOf,
} from '../support/house-steps.ts';

/**
 * Attack: a value that opens one thing is shown where another is asked for. Every kind of handle, code
 * and token of one house in use, presented as every other kind.
 */

async function everyKind(world: TestHouse) {
  const { secret, browser } = await registered(world, 'ann');
  const first = await granted(world, 'ann', secret, { browser });
  const { accessToken, access, idToken } = tokensOf(await redeem(world, first.trip, first.code));
  world.clock.advance(30_000);
  const second = await granted(world, 'ann', secret, { browser });
  const { page, trip } = await arriveAtChallenge(world, 'ann', { browser });
  const away = await authorizeAndSignIn(world, browser);
  const { fields } = await openForm(world, browser);
  const values = {
    state: away.state,
    signInHandle: away.state.split('~')[0] ?? '',
    stateNonce: away.state.split('~')[1] ?? '',
    signInId: fields['signin_id'] ?? '',
    csrf: fields['csrf'] ?? '',
    authorizationHandle: page.step.handle,
    stepNonce: page.step.nonce,
    code: second.code,
    session: browser.session ?? '',
    device: browser.device ?? '',
    browserSecret: browser.secret ?? '',
    accessToken,
    idToken,
    jti: String(access['jti']),
    guestId: String(access['sub']),
  };
  return { browser, values, trip, away, second };
}

/** Who reads what: a kind never parses as another, whoever shows it. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  state: readState,
  signInHandle: readSignInHandle,
  signInId: (text) => readFreshSignInId(text, new Date('2026-11-18T09:30:00Z')),
  authorizationHandle: readAuthorizationHandle,
  code: readCode,
  jti: readTokenId,
  guestId: readGuestId,
};

/** Counts what is read and written, the configuration apart. */
function watched(store: Store) {
  const touched: string[] = [];
  const watching: Store = {
    load(partition, query) {
      if (partition.table !== 'config') touched.push(`load ${partition.table} ${partition.key}`);
      return store.load(partition, query);
    },
    commit(partition, changes, operation) {
      touched.push(`commit ${partition.table}`);
      return store.commit(partition, changes, operation);
    },
  };
  return { touched, store: watching };
}

describe('A138: every kind as every other', () => {
  it('A138: each reads as its own kind and as no other', async () => {
    await using world = await openTestHouse();
    const { values } = await everyKind(world);
    const table = Object.entries(readers).map(([kind, read]) => [
      kind,
      Object.entries(values)
        .filter(([, text]) => read(text) !== undefined)
        .map(([name]) => name),
    ]);
    expect(Object.fromEntries(table)).toEqual(
      Object.fromEntries(Object.keys(readers).map((kind) => [kind, [kind]])),
    );
  });

  it('A138: shown at each route → refused, no row of another kind read, nothing written', async () => {
    await using world = await openTestHouse();
    const { browser, values, away, second } = await everyKind(world);
    const before = await dump(world);
    const step = { handle: values.authorizationHandle, nonce: values.stepNonce };
    const routes: Readonly<
      Record<
        string,
        { own: readonly string[]; show: (at: TestHouse, text: string) => Promise<string> }
      >
    > = {
      'state at /callback': {
        own: ['state'],
        show: async (at, state) => brief(await comeBack(at, browser, { state }, 'ann')),
      },
      'handle at /mfa/verify': {
        own: ['authorizationHandle'],
        show: async (at, handle) =>
          brief(
            await sendCode(at, browser, { page: 'challenge', step: { ...step, handle } }, '123456'),
          ),
      },
      'nonce at /mfa/verify': {
        own: ['stepNonce'],
        show: async (at, nonce) =>
          brief(
            await sendCode(at, browser, { page: 'challenge', step: { ...step, nonce } }, '123456'),
          ),
      },
      'handle at GET /mfa/verify': {
        own: ['authorizationHandle'],
        show: async (at, handle) =>
          brief(await showSecondFactor(at.house, { handle, browser }, at.now())),
      },
      'code at /token': {
        own: ['code'],
        show: async (at, code) => status(await redeem(at, second.trip, code)),
      },
      'token at /userinfo': {
        own: ['accessToken'],
        show: async (at, text) =>
          (await userinfo(at.house, text, at.now())) === undefined ? 'refused' : 'opened',
      },
      'the browser cookie': {
        own: ['browserSecret'],
        show: async (at, secret) => brief(await comeBack(at, newBrowser({ secret }), away, 'ann')),
      },
      'the sign-in id of the form': {
        own: ['signInId'],
        show: async (at, signin_id) =>
          brief(await postForm(at, { ...browser }, { ...away.fields, signin_id })),
      },
      'the CSRF value of the form': {
        own: ['csrf'],
        show: async (at, csrf) =>
          brief(await postForm(at, { ...browser }, { ...away.fields, csrf })),
      },
    };
    const refusals =
      /^(message (startAtApp|otherBrowser|signInOver)|invalid_grant|refused|signIn)$/;
    for (const [route, { own, show }] of Object.entries(routes))
      for (const [kind, text] of Object.entries(values)) {
        if (own.includes(kind)) continue;
        const { store, touched } = watched(world.house.store);
        const at = { ...world, house: { ...world.house, store } };
        expect(await show(at, text), `${kind} as ${route}`).toMatch(refusals);
        expect(
          touched.filter((what) => what.startsWith('commit')),
          `${kind} as ${route}`,
        ).toEqual([]);
      }
    expect(await dump(world)).toEqual(before);
  });

  it('A138: a handle, state or code cut, doubled or padded is none', async () => {
    await using world = await openTestHouse();
    const { values } = await everyKind(world);
    const kinds = ['state', 'signInHandle', 'signInId', 'authorizationHandle', 'code'] as const;
    for (const kind of kinds) {
      const text = values[kind];
      const others = [
        text.slice(0, -1),
        `${text}A`,
        `${text}.`,
        `.${text}`,
        ` ${text}`,
        `${text}\n`,
        `${text}${text}`,
        text.replace('.', '%2e'),
        text.replaceAll('.', '/'),
        '',
        '.',
        '~',
        '__proto__',
      ];
      for (const other of others)
        if (other !== text) expect(readers[kind]?.(other), `${kind} ${other}`).toBeUndefined();
    }
  });
});

describe('what one browser began', () => {
  it('A053 R21: the state of one browser with the cookie of another → refused, not spent', async () => {
    await using world = await openTestHouse();
    const [a, b] = [newBrowser(), newBrowser()];
    const tripA = await authorizeAndSignIn(world, a);
    const tripB = await authorizeAndSignIn(world, b);
    const before = await dump(world);
    expect(brief(await comeBack(world, b, tripA, 'ann'))).toBe('message otherBrowser');
    expect(brief(await comeBack(world, a, tripB, 'ann'))).toBe('message otherBrowser');
    expect(world.home.redemptions).toEqual([]);
    expect(await dump(world)).toEqual(before);
    expect(brief(await comeBack(world, a, tripA, 'ann'))).toBe('enrol');
    expect(brief(await comeBack(world, b, tripB, 'ben'))).toBe('enrol');
  });

  it("A033: the victim's browser opens the attacker's callback → refused, whether it has a cookie or none", async () => {
    await using world = await openTestHouse();
    const attacker = newBrowser();
    const trip = await authorizeAndSignIn(world, attacker);
    for (const victim of [newBrowser(), newBrowser({ secret: 'A'.repeat(22) })])
      expect(brief(await comeBack(world, victim, trip, 'ben'))).toBe('message otherBrowser');
    expect(world.home.redemptions).toEqual([]);
  });

  it('R21 A022: state is spent before the code is exchanged, and counts once', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    world.home.answers.set('ann', () => {
      throw new Error('the exchange never answers');
    });
    await comeBack(world, browser, trip, 'ann').catch(() => undefined);
    expect(await dump(world, ['expiring'])).toMatchObject([{ value: { state: 'spent' } }]);
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message signInOver');
    expect(world.home.redemptions).toHaveLength(1);
  });

  it('R21: the handle with another nonce in the state → refused, not spent', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const { state } = await authorizeAndSignIn(world, browser);
    const [handle] = state.split('~');
    const forged = { state: `${handle}~${'A'.repeat(22)}` };
    expect(brief(await comeBack(world, browser, forged, 'ann'))).toBe('message signInOver');
    expect(world.home.redemptions).toEqual([]);
    expect(brief(await comeBack(world, browser, { state }, 'ann'))).toBe('enrol');
  });

  it('R21: twenty callbacks with one state at once → one exchange', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => comeBack(world, { ...browser }, trip, 'ann')),
    );
    expect(world.home.redemptions).toHaveLength(1);
    expect(answers.map(brief).filter((what) => what === 'enrol')).not.toEqual([]);
    expect(
      (await dump(world, ['guests'])).filter(({ key }) => key.startsWith('auth')),
    ).toHaveLength(1);
  });

  it("R21 A021: nonce and verifier are the sign-in's own, and leave the house only there", async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const [one, two] = [
      await authorizeAndSignIn(world, browser),
      await authorizeAndSignIn(world, browser),
    ];
    await comeBack(world, browser, two, 'ann');
    await comeBack(world, browser, one, 'ann');
    const asked = world.home.requests.map(({ request }) => request);
    const shown = world.home.redemptions.map(({ answer }) => answer);
    expect(shown.map(({ nonce }) => nonce)).toEqual([asked[1]?.nonce, asked[0]?.nonce]);
    expect(shown.map(({ codeVerifier }) => codeVerifier)).toEqual([
      asked[1]?.codeVerifier,
      asked[0]?.codeVerifier,
    ]);
    const secrets = asked.flatMap(({ nonce, codeVerifier }) => [nonce, codeVerifier]);
    expect(new Set(secrets).size).toBe(4);
    for (const text of secrets) expect(text).toMatch(/^[A-Za-z0-9_-]{22,}$/);
    const stored = JSON.stringify(await dump(world));
    for (const { codeVerifier } of asked) expect(stored).not.toContain(codeVerifier);
  });

  it('A023: state or code missing or twice → refused, nothing exchanged', async () => {
    await using world = await openTestHouse();
    const browser = newBrowser();
    const { state } = await authorizeAndSignIn(world, browser);
    const shown = (query: string) =>
      callback(
        world.house,
        { partnerId: 'contoso', parameters: new URLSearchParams(query), browser },
        world.now(),
      );
    const s = encodeURIComponent(state);
    for (const query of ['', 'code=ann', `state=${s}&state=${s}&code=ann`, 'state[]=x&code=ann'])
      expect(brief(await shown(query))).toBe('message startAtApp');
    expect(world.home.redemptions).toEqual([]);
    expect(brief(await shown(`state=${s}&code=ann`))).toBe('enrol');
  });

  it("R22 A008: the answer on another partner's path → that sign-in is over, no code sent anywhere", async () => {
    await using world = await openTestHouse({
      files: (files) => ({
        ...files,
        'partners/evil.json': JSON.stringify({
          id: 'evil',
          displayName: 'Evil',
          issuer: 'https://evil.example',
          clientId: 'x',
        }),
      }),
    });
    const browser = newBrowser();
    const trip = await authorizeAndSignIn(world, browser);
    expect(brief(await comeBack(world, browser, trip, 'ann', 'evil'))).toBe(
      'blocked homeAnswerInvalid',
    );
    expect(world.home.redemptions).toEqual([]);
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message signInOver');
  });

  it('A051 R39: session, code and step nonce are new at every grant; a planted session is nothing', async () => {
    await using world = await openTestHouse();
    const planted = 'session.a0000001-6f0c-4c1e-9a55-0d3a7be4c801.AAAAAAAAAAAAAAAAAAAAAA';
    const browser = newBrowser({ session: planted });
    const { secret } = await registered(world, 'ann', { browser });
    const sessions = [planted, browser.session];
    for (let n = 0; n < 3; n++) {
      await granted(world, 'ann', secret, { browser });
      sessions.push(browser.session);
      world.clock.advance(30_000);
    }
    expect(new Set(sessions).size).toBe(5);
    expect(browser.session).toMatch(/^session\.[0-9a-f-]{36}\.[A-Za-z0-9_-]{22}$/);
  });
});
