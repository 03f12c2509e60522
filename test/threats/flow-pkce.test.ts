import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorize } from '../../shared/flows/sign-in/authorize.ts';
import { dump, openTestHouse } from '../support/house.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { edited } from '../support/house-folder.ts';
import {
  given,
  granted,
  type Parameters,
  postForm,
  redeem,
  registered,
  requestOf,
  status,
} from '../support/house-steps.ts';

/** PKCE ties a code to whoever asked for it: what was stored decides, not what is sent. */

const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
const good = randomBytes(32).toString('base64url');

const refused: Readonly<Record<string, Parameters>> = {
  'A045: challenge and method stripped': { code_challenge: '', code_challenge_method: '' },
  'A045: challenge stripped': { code_challenge: '' },
  'A046: method plain': { code_challenge_method: 'plain' },
  'A046: method s256': { code_challenge_method: 's256' },
  'A046: method absent': { code_challenge_method: '' },
  'A046: method S512': { code_challenge_method: 'S512' },
  'R03: challenge of 42 characters': { code_challenge: s256(good).slice(1) },
  'R03: challenge of 44 characters': { code_challenge: `${s256(good)}A` },
  'R03: challenge with padding': { code_challenge: `${s256(good)}=` },
  'R03: the verifier as challenge, with other letters': { code_challenge: `${'~'.repeat(43)}` },
};

describe('PKCE at /authorize', () => {
  it.each(Object.entries(refused))('R03 %s → the app is told, nothing stored', async (_, more) => {
    await using world = await openTestHouse();
    for (const app of ['woodgrove', 'desktop'] as const) {
      const { parameters } = requestOf(app, more);
      const answer = await authorize(world.house, given(parameters), newBrowser(), world.now());
      expect(brief(answer)).toBe('error invalid_request');
      // nor by posting the form without the page
      expect(brief(await postForm(world, newBrowser(), parameters))).toBe('error invalid_request');
    }
    expect(await dump(world, ['expiring'])).toEqual([]);
  });
});

describe('PKCE at /token', () => {
  const illegal = [
    good.slice(0, 42),
    'a'.repeat(129),
    `${good.slice(0, 42)} `,
    `${good.slice(0, 42)}+`,
    `${good.slice(0, 42)}ä`,
    `${good}\n`,
  ];
  it.each(illegal)('A047 R03: the verifier %j → refused, though its hash may fit', async (bad) => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const parameters = { code_challenge: s256(bad) };
    const { trip, code } = await granted(world, 'ann', secret, { parameters });
    const form = { code_verifier: bad };
    expect(status(await redeem(world, trip, code, { form }))).toBe('invalid_grant');
  });

  it('A047: the verifier of another sign-in opens this one not', async () => {
    await using world = await openTestHouse();
    const { secret } = await registered(world, 'ann');
    const one = await granted(world, 'ann', secret);
    world.clock.advance(30_000);
    const two = await granted(world, 'ann', secret);
    expect(status(await redeem(world, two.trip, one.code))).toBe('invalid_grant');
    expect(status(await redeem(world, one.trip, one.code))).toBe('200');
  });

  it("A044: the attacker's code in the victim's app session → refused by the victim's verifier", async () => {
    await using world = await openTestHouse();
    const attacker = await registered(world, 'ben');
    const stolen = await granted(world, 'ben', attacker.secret);
    const victim = await registered(world, 'ann');
    expect(status(await redeem(world, victim.trip, stolen.code))).toBe('invalid_grant');
  });

  it('R03: an old client without PKCE redeems without, and a verifier it never announced is refused', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'apps/woodgrove.json', { requirePkce: false }),
    });
    const { secret } = await registered(world, 'ann');
    const parameters = { code_challenge: '', code_challenge_method: '' };
    const { trip, code } = await granted(world, 'ann', secret, { parameters });
    expect(status(await redeem(world, trip, code))).toBe('invalid_grant');
    expect(status(await redeem(world, { ...trip, verifier: '' }, code))).toBe('200');
  });

  it('A045 R03: where an old client did announce one, it cannot be left out', async () => {
    await using world = await openTestHouse({
      files: (files) => edited(files, 'apps/woodgrove.json', { requirePkce: false }),
    });
    const { secret } = await registered(world, 'ann');
    const { trip, code } = await granted(world, 'ann', secret);
    expect(status(await redeem(world, { ...trip, verifier: '' }, code))).toBe('invalid_grant');
    expect(status(await redeem(world, trip, code))).toBe('200');
  });
});
