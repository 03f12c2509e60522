import { describe, expect, it } from 'vitest';
import { secretAheadMs } from '../../shared/checks/key-life.ts';
import { sealKeyId } from '../../shared/core/seal.ts';
import { showConfiguration } from '../../shared/flows/configuration/show.ts';
import type { KeyPurpose } from '../../shared/ports.ts';
import { keysPartition, secretKeyKey } from '../../shared/rows/signing-key.ts';
import { brief, newBrowser } from '../support/house-browser.ts';
import { secrets } from '../support/house-folder.ts';
import {
  askForCode,
  enterPasscode,
  gusMail,
  lastCode,
  mailedCodes,
} from '../support/house-passcode.ts';
import { guestRowsOf } from '../support/house-rows.ts';
import { askWithSession } from '../support/house-session.ts';
import {
  granted,
  openForm,
  postForm,
  redeem,
  registered,
  tokensOf,
} from '../support/house-steps.ts';
import { openVaultHouse } from '../support/house-vault.ts';

/** The key that codes, cookies and secrets hang on is replaced while they are out. */

type VaultHouse = Awaited<ReturnType<typeof openVaultHouse>>;

const idOf = async (world: Pick<VaultHouse, 'house'>, purpose: KeyPurpose = 'code') =>
  (await world.house.keys.secret(purpose))?.id;

/** A rotation of ten minutes ago, whose key takes over in ten seconds. */
async function shortlyBefore(world: VaultHouse): Promise<string> {
  const next = await world.house.keys.administration.rotateSecrets();
  if (!next) throw new Error('nothing to rotate');
  world.clock.advance(secretAheadMs - 10_000);
  return next.id;
}

describe('A152 secrets are rotated', () => {
  it('A152 whatever is out goes on: form, mailed code, app’s code, session, second factor, partner’s secret', async () => {
    await using world = await openVaultHouse();
    const { secret } = await registered(world, 'ann');
    const former = await idOf(world);
    const next = await shortlyBefore(world);
    expect(await idOf(world)).toBe(former);
    const browser = newBrowser();
    const form = await openForm(world, browser);
    const gus = await askForCode(world);
    const ann = await granted(world, 'ann', secret);
    const sealedBefore = (await showConfiguration(world.house)).files['partners/contoso.json'];

    world.clock.advance(10_000);
    expect(await idOf(world)).toBe(next);
    const fields = { ...form.fields, mail: 'ben@contoso.example' };
    expect((await postForm(world, browser, fields)).kind).toBe('goHome');
    expect(brief(await enterPasscode(world, gus.browser, gus.page, lastCode(world)))).toBe('enrol');
    tokensOf(await redeem(world, ann.trip, ann.code));
    expect((await askWithSession(world, ann.browser)).said).toBe('code');
    expect((await showConfiguration(world.house)).files['partners/contoso.json']).toBe(
      sealedBefore,
    );
    // and the home is still sent the secret that the former key sealed
    world.clock.advance(60_000);
    const again = await granted(world, 'ann', secret);
    tokensOf(await redeem(world, again.trip, again.code));
    expect(world.home.redemptions.at(-1)?.partner.clientSecret).toBe(secrets.partner);
    expect(world.alarms()).toEqual([]);
  });

  it('A152 what is new is of the new key, and a second factor is sealed anew when it is used', async () => {
    await using world = await openVaultHouse();
    const { secret } = await registered(world, 'ann');
    const former = await idOf(world);
    const sealedBy = async () =>
      (await guestRowsOf(world, 'ann')).methods.map(({ value }) => sealKeyId(value.secretSealed));
    expect(await sealedBy()).toEqual([former]);
    const next = await shortlyBefore(world);
    await granted(world, 'ann', secret);
    expect(await sealedBy()).toEqual([former]);
    world.clock.advance(30_000);
    const { trip, code } = await granted(world, 'ann', secret);
    expect(await sealedBy()).toEqual([next]);
    tokensOf(await redeem(world, trip, code));
    // it opens under the new one
    world.clock.advance(30_000);
    await granted(world, 'ann', secret);
    const salts = (await guestRowsOf(world, 'ann')).authorizations.map(
      ({ value }) => value.code?.salt.split('.')[0],
    );
    expect(salts).toContain(next);
    expect(salts).toContain(former);
  });

  it('A152 R33 no count begins anew: what is counted by the day keeps its key to the end of the day', async () => {
    await using world = await openVaultHouse();
    const former = await idOf(world, 'limits');
    const next = await shortlyBefore(world);
    world.clock.advance(5_000);
    await askForCode(world);
    world.clock.advance(5_000);
    expect(await idOf(world)).toBe(next);
    expect(await idOf(world, 'limits')).toBe(former);
    // a minute is not over: none is mailed
    await askForCode(world);
    expect(mailedCodes(world, gusMail)).toHaveLength(1);
    world.clock.set(new Date('2026-11-19T00:00:00.000Z'));
    expect(await idOf(world, 'limits')).toBe(next);
  });

  it('A152 every instance uses the new key from the same moment, and knows it before', async () => {
    await using world = await openVaultHouse();
    const other = world.instance();
    const former = await idOf(other);
    const next = (await world.house.keys.administration.rotateSecrets())?.id;
    expect((await world.house.keys.administration.rotateSecrets())?.id).toBe(next);
    world.clock.advance(secretAheadMs - 1);
    for (const each of [world, other, world.instance()]) {
      expect(await idOf(each)).toBe(former);
      expect((await each.house.keys.secret('code', next))?.id).toBe(next);
    }
    world.clock.advance(1);
    for (const each of [world, other, world.instance()]) {
      expect(await idOf(each)).toBe(next);
      const old = await each.house.keys.secret('code', former);
      const key = (await world.house.keys.secret('code', former))?.key;
      expect(key && old?.key.equals(key)).toBe(true);
    }
    const listed = (await world.house.keys.administration.list()).secrets;
    expect(listed.map(({ state }) => state)).toEqual(['former', 'current']);
    expect(await world.house.keys.secret('code', 'AAAAAAAA')).toBeUndefined();
  });

  it('A152 a key of the vault that has ended still opens what it wrapped; new ones are wrapped by its successor', async () => {
    await using world = await openVaultHouse();
    const former = await idOf(world);
    const ended = world.vault.newest('key-encryption');
    world.vault.rotate('key-encryption');
    world.vault.attributes('key-encryption', ended).exp = 1;
    expect(await idOf(world.instance())).toBe(former);
    await world.house.keys.administration.rotateSecrets();
    const rows = await world.direct.load(keysPartition, {
      keys: [secretKeyKey(1), secretKeyKey(2)],
    });
    expect(rows.map(({ value }) => value['wrappedBy'])).toEqual([
      ended,
      world.vault.newest('key-encryption'),
    ]);
  });

  it('A158 A152 a secret that somebody else put into the table is used for nothing', async () => {
    await using world = await openVaultHouse();
    const own = await idOf(world);
    const [row] = await world.direct.load(keysPartition, { keys: [secretKeyKey(1)] });
    const forged = { ...row?.value, id: 'forgedid', number: 2, wrapped: 'AAAA' };
    await world.direct.commit(
      keysPartition,
      [{ kind: 'insert', key: secretKeyKey(2), value: forged }],
      'somebody-with-table-access',
    );
    const fresh = world.instance();
    expect(await idOf(fresh)).toBe(own);
    expect(await fresh.house.keys.secret('code', 'forgedid')).toBeUndefined();
    expect(new Set(world.alarms())).toEqual(new Set(['secretKeyForeign']));
  });
});
