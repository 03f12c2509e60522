import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { userinfo } from '../../shared/flows/token/userinfo.ts';
import { openTestHouse, storeKinds, type TestHouse } from '../support/house.ts';
import { brief } from '../support/house-browser.ts';
import { appIds } from '../support/house-folder.ts';
import { guestRowsOf, standingOf } from '../support/house-rows.ts';
import {
  comeBack,
  granted,
  type Parameters,
  redeem,
  registered,
  sendCode,
  status,
  tokensOf,
} from '../support/house-steps.ts';

/** A code is redeemed once, by its own app, with everything that belongs to it. */

async function withCode(world: TestHouse, app: 'woodgrove' | 'desktop' = 'woodgrove') {
  const { secret } = await registered(world, 'ann', { app });
  return granted(world, 'ann', secret, { app });
}

const verifier = () => randomBytes(32).toString('base64url');

describe.each(storeKinds)('redeeming a code, store: %s', (store) => {
  it('R04: the right app gets tokens that open userinfo; the row says redeemed', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await withCode(world);
    const { body, accessToken, id } = tokensOf(await redeem(world, trip, code));
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(id).toMatchObject({ aud: appIds.woodgrove, nonce: 'nonce-of-the-app' });
    expect(await userinfo(world.house, accessToken, world.now())).toMatchObject({
      sub: id['sub'],
      email: 'ann@contoso.example',
    });
    expect((await standingOf(world, 'ann')).authorizations).toContain('redeemed');
  });

  it('A042 R04: 20 redemptions at once → exactly one 200, and its tokens are revoked', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await withCode(world);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(world, trip, code)));
    const tokens = answers.filter((answer) => answer.kind === 'tokens');
    expect(answers.map(status).sort()).toEqual(['200', ...Array(19).fill('invalid_grant')]);
    const [only] = tokens;
    if (!only) throw new Error('nobody was served');
    expect(await userinfo(world.house, tokensOf(only).accessToken, world.now())).toBeUndefined();
    expect((await standingOf(world, 'ann')).authorizations).toContain('revoked');
  });

  it('A042 R04: replayed by its own app → refused, its tokens revoked, for good', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await withCode(world);
    const { accessToken } = tokensOf(await redeem(world, trip, code));
    // long after its 60 seconds a replay still tells that somebody has it
    world.clock.advance(30 * 60_000);
    expect(await userinfo(world.house, accessToken, world.now())).toBeDefined();
    for (let n = 0; n < 3; n++)
      expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
    expect(await userinfo(world.house, accessToken, world.now())).toBeUndefined();
    const { authorizations } = await guestRowsOf(world, 'ann');
    const revoked = authorizations.find(({ value }) => value.state === 'revoked');
    expect(revoked?.value.events.map(({ what }) => what)).toContain('replayed');
  });

  const others: Readonly<
    Record<string, { readonly form?: Parameters; readonly client?: 'timesheets' | 'desktop' }>
  > = {
    'another app': { client: 'timesheets' },
    'a public app': { client: 'desktop' },
    'no verifier': { form: { code_verifier: '' } },
    'another verifier': { form: { code_verifier: verifier() } },
    'another redirect URI': { form: { redirect_uri: 'http://[::1]:7090/callback/' } },
    'no redirect URI': { form: { redirect_uri: '' } },
    'another resource': { form: { resource: 'https://api.woodgrove.example' } },
  };
  it.each(Object.entries(others))(
    'A043 R04: shown with %s → refused; the owner still redeems, its tokens stay',
    async (_, wrong) => {
      await using world = await openTestHouse({ store });
      const { trip, code } = await withCode(world);
      const first = await redeem(world, trip, code, wrong);
      expect(status(first)).toBe('invalid_grant');
      const { accessToken } = tokensOf(await redeem(world, trip, code));
      const second = await redeem(world, trip, code, wrong);
      expect(second).toEqual({ ...first, reference: expect.any(String) });
      expect(await userinfo(world.house, accessToken, world.now())).toBeDefined();
    },
  );

  it('A043: by the right app with a wrong secret → invalid_client, nothing changes', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await withCode(world);
    const { accessToken } = tokensOf(await redeem(world, trip, code));
    for (const client_secret of ['wrong', ''])
      expect(await redeem(world, trip, code, { form: { client_secret } })).toMatchObject({
        error: 'invalid_client',
        status: 401,
      });
    expect(await userinfo(world.house, accessToken, world.now())).toBeDefined();
  });

  it('R04: another secret in the place of the right one → refused, the owner still redeems', async () => {
    await using world = await openTestHouse({ store });
    const { trip, code } = await withCode(world);
    const parts = code.split('.');
    for (const secret of ['A'.repeat(22), trip.verifier.slice(0, 22)]) {
      const guessed = [...parts.slice(0, -1), secret].join('.');
      expect(status(await redeem(world, trip, guessed))).toBe('invalid_grant');
    }
    expect(status(await redeem(world, trip, code))).toBe('200');
  });

  it('R04: the code lives 60 seconds: at 59.999 redeemed, at 60 refused', async () => {
    for (const [ms, expected] of [
      [59_999, '200'],
      [60_000, 'invalid_grant'],
      [60_001, 'invalid_grant'],
    ] as const) {
      await using world = await openTestHouse({ store });
      const { trip, code } = await withCode(world);
      world.clock.advance(ms);
      expect(status(await redeem(world, trip, code)), `${ms} ms`).toBe(expected);
    }
  });

  it('A058 A140: once redeemed, the browser gets no code again, by form or by reload', async () => {
    await using world = await openTestHouse({ store });
    const { secret } = await registered(world, 'ann');
    const { browser, trip, code } = await granted(world, 'ann', secret);
    // before: the same answer to the same browser
    expect(await comeBack(world, browser, trip, 'ann')).toMatchObject({ parameters: { code } });
    tokensOf(await redeem(world, trip, code));
    expect(brief(await comeBack(world, browser, trip, 'ann'))).toBe('message alreadySignedIn');
    const { authorizations } = await guestRowsOf(world, 'ann');
    const row = authorizations.find(({ value }) => value.state === 'redeemed')?.value;
    const step = {
      handle: `authorization.a0000001-6f0c-4c1e-9a55-0d3a7be4c801.${trip.fields['signin_id']}`,
      nonce: row?.stepNonce ?? '',
    };
    const answer = await sendCode(world, browser, { page: 'challenge', step }, '123456');
    expect(brief(answer)).toBe('message alreadySignedIn');
  });
});
