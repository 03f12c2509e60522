import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { VaultFault } from '../../dev/key-vault.ts';
import { Fault } from '../../shared/core/errors.ts';
import { health } from '../../shared/flows/health.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { granted, redeem, registered, tokensOf } from '../support/house-steps.ts';
import { openVaultHouse } from '../support/house-vault.ts';

/** A vault that does not sign: nothing is signed in its place, and the code waits for it. */

type VaultHouse = Awaited<ReturnType<typeof openVaultHouse>>;

const faults: readonly (readonly [string, VaultFault])[] = [
  ['403', { status: 403, code: 'Forbidden' }],
  ['401', { status: 401 }],
  ['429 with Retry-After', { status: 429, retryAfter: '10' }],
  ['429 without', { status: 429 }],
  ['500', { status: 500 }],
  ['503', { status: 503, retryAfter: '10' }],
  ['no answer', 'hang'],
  ['a connection that breaks', 'rst'],
  ['a signature of another key', 'otherValue'],
];

const signing = (fault: VaultFault) => (request: { readonly operation: string }) =>
  request.operation === 'sign' ? fault : undefined;

async function keysOf(world: VaultHouse) {
  const keys = await world.house.keys.publicKeys();
  return createLocalJWKSet({ keys: [...keys] } as unknown as JSONWebKeySet);
}

describe('A123 the vault does not sign', () => {
  it.each(faults)(
    'A123 %s → no token, 503; the code is redeemed once it signs again',
    async (_, fault) => {
      await using world = await openVaultHouse(fault === 'hang' ? { timeoutMs: 3_000 } : {});
      const { secret } = await registered(world, 'ann');
      const { trip, code } = await granted(world, 'ann', secret);
      world.vault.rule(signing(fault));
      const failed = await redeem(world, trip, code).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(failed).toMatchObject({ code: 'keyUnavailable', status: 503 });
      // neither the token that opens the vault nor what it said leaves with the fault
      const told = failed instanceof Fault ? `${failed.message} ${String(failed.cause)}` : '';
      expect(told).not.toContain('made by the fake');
      expect(told).not.toContain((await world.vault.credential.getToken()).token);
      const waiting = (await guestRowsOf(world, 'ann')).authorizations.map(
        ({ value }) => value.state,
      );
      expect(waiting).toContain('code');
      expect(waiting).not.toContain('redeemed');

      world.vault.rule(undefined);
      world.clock.advance(11_000);
      const { accessToken, idToken } = tokensOf(await redeem(world, trip, code));
      for (const token of [accessToken, idToken]) {
        const currentDate = world.now();
        await expect(jwtVerify(token, await keysOf(world), { currentDate })).resolves.toBeDefined();
      }
    },
  );

  it('A123 health says that keys fail from the first failure on, and finds out itself that they do no more', async () => {
    await using world = await openVaultHouse();
    const ask = async () =>
      (await health(world.house)).dependencies.filter(({ status }) => status === 'failing');
    expect(await ask()).toEqual([]);
    world.vault.rule(signing({ status: 403 }));
    const sign = () => world.house.keys.sign({ alg: 'ES256', typ: 'x' }, {});
    await expect(sign()).rejects.toThrow('keyUnavailable');
    expect(await ask()).toEqual([{ name: 'keys', status: 'failing', code: 'keyUnavailable' }]);
    world.vault.rule(undefined);
    world.clock.advance(2_000);
    expect(await ask()).toEqual([]);
    // in peace it costs the vault nothing
    expect(await world.asked(ask)).toBe(0);
  });

  it('A123 whoever is throttled asks no more until the time is over, and never waits longer than a minute', async () => {
    await using world = await openVaultHouse();
    const sign = () => world.house.keys.sign({ alg: 'ES256', typ: 'x' }, {});
    await sign();
    const many = () => Promise.allSettled(Array.from({ length: 20 }, sign));
    world.vault.rule(signing({ status: 429, retryAfter: '30' }));
    expect(await world.asked(() => sign().catch(() => undefined))).toBe(1);
    expect(await world.asked(many)).toBe(0);
    world.clock.advance(29_999);
    expect(await world.asked(many)).toBe(0);
    world.vault.rule(undefined);
    world.clock.advance(1);
    await sign();
    world.vault.rule(signing({ status: 429, retryAfter: '86400' }));
    await expect(sign()).rejects.toThrow('keyUnavailable');
    world.vault.rule(undefined);
    world.clock.advance(59_999);
    await expect(sign()).rejects.toThrow('held back');
    world.clock.advance(1);
    await sign();
    // and a clock that is put back makes nobody wait for it
    world.vault.rule(signing({ status: 429, retryAfter: '30' }));
    await expect(sign()).rejects.toThrow('keyUnavailable');
    world.vault.rule(undefined);
    world.clock.advance(-3_600_000);
    await sign();
  });

  it('A123 an instance that starts while the vault is away publishes and signs nothing, and serves later', async () => {
    await using world = await openVaultHouse();
    world.vault.rule(() => ({ status: 503 }));
    const { keys } = world.instance().house;
    await expect(keys.publicKeys()).rejects.toMatchObject({ code: 'keyUnavailable' });
    await expect(keys.secret('code')).rejects.toMatchObject({ code: 'keyUnavailable' });
    await expect(keys.sign({ alg: 'RS256', typ: 'x' }, {})).rejects.toThrow('keyUnavailable');
    world.vault.rule(undefined);
    world.clock.advance(2_000);
    expect(await keys.publicKeys()).toEqual(await world.house.keys.publicKeys());
    await keys.sign({ alg: 'RS256', typ: 'x' }, {});
    expect((await keys.secret('code'))?.id).toBe((await world.house.keys.secret('code'))?.id);
  });
});
