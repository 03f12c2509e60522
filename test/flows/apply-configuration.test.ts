import { describe, expect, it } from 'vitest';
import { isSealed } from '../../shared/core/seal.ts';
import { type Applied, applyConfiguration } from '../../shared/flows/configuration/apply.ts';
import { configurationReader } from '../../shared/flows/configuration/configuration.ts';
import { showConfiguration } from '../../shared/flows/configuration/show.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief } from '../support/house-browser.ts';
import { edited, exampleFiles, policy, without } from '../support/house-folder.ts';
import { guestIds } from '../support/house-home.ts';
import { guestRowsOf, logEntries, standingOf } from '../support/house-rows.ts';
import { arrive, registered, reset } from '../support/house-steps.ts';
import { failingOn } from '../support/house-stores.ts';

/** One folder becomes one version; everything of it or nothing. */

function applied(answer: Applied) {
  if (answer.kind !== 'applied') throw new Error(JSON.stringify(answer));
  return answer;
}

const sealedSecret = async (world: TestHouse) => {
  const { files } = await showConfiguration(world.house);
  const { clientSecret } = JSON.parse(files['partners/contoso.json'] ?? '{}');
  return clientSecret as string;
};

describe('versions', () => {
  it('the first apply: version 1, guests created, an intent and a result in the audit', async () => {
    await using world = await openTestHouse({ files: false });
    await expect(world.house.configuration()).rejects.toMatchObject({
      code: 'configurationMissing',
    });
    const answer = applied(await world.apply(exampleFiles()));
    expect(answer).toMatchObject({ version: 1, guests: { created: 5, updated: 0, unchanged: 0 } });
    expect(answer.effectiveBy).toEqual(new Date(world.now().getTime() + 5_000));
    expect(answer.changes).toContainEqual({ file: 'settings.json', change: 'added' });
    expect((await world.house.configuration()).version).toBe(1);
    const audit = (await logEntries(world)).map((e) => e.kind === 'audit' && [e.phase, e.result]);
    expect(audit).toEqual(
      expect.arrayContaining([
        ['intent', undefined],
        ['result', 'version 1'],
      ]),
    );
  });

  it('the same folder again: no new version, nothing changed, the sealed secret is the same text', async () => {
    await using world = await openTestHouse();
    const sealed = await sealedSecret(world);
    expect(isSealed(sealed)).toBe(true);
    const before = await dump(world, ['config', 'guests', 'directory']);
    const answer = applied(await world.apply(world.files()));
    expect(answer).toMatchObject({ version: 1, changes: [], guests: { unchanged: 5 } });
    expect(await dump(world, ['config', 'guests', 'directory'])).toEqual(before);
    expect(await sealedSecret(world)).toBe(sealed);
  });

  it('another secret is sealed anew, and only that partner changes', async () => {
    await using world = await openTestHouse();
    const sealed = await sealedSecret(world);
    const next = edited(world.files(), 'partners/contoso.json', { clientSecret: 'another-secret' });
    expect(applied(await world.apply(next)).changes).toEqual([
      { file: 'partners/contoso.json', change: 'changed' },
    ]);
    expect(await sealedSecret(world)).not.toBe(sealed);
    expect(JSON.stringify(await dump(world))).not.toContain('another-secret');
    // the sealed form of one partner does not open for another
    const stolen = {
      ...world.files(),
      'partners/zz.json': JSON.stringify({
        id: 'zz',
        displayName: 'x',
        issuer: 'https://x.example',
        clientId: 'x',
        clientSecret: sealed,
      }),
    };
    expect(await world.apply(stolen)).toMatchObject({
      faults: [{ file: 'partners/zz.json', pointer: '/clientSecret' }],
    });
  });

  it('changes are told by file: added, changed, removed', async () => {
    await using world = await openTestHouse();
    const files = {
      ...without(world.files(), 'policies/ca002-suspended-block.json'),
      'policies/x.json': policy(1, { state: 'disabled' }),
    };
    const next = edited(files, 'settings.json', { codeSeconds: 30 });
    expect(applied(await world.apply(next))).toMatchObject({
      version: 2,
      changes: [
        { file: 'policies/ca002-suspended-block.json', change: 'removed' },
        { file: 'policies/x.json', change: 'added' },
        { file: 'settings.json', change: 'changed' },
      ],
    });
  });

  it('If-Match: of the version that was read, else nothing is stored', async () => {
    await using world = await openTestHouse();
    const { etag } = await showConfiguration(world.house);
    const next = edited(world.files(), 'settings.json', { codeSeconds: 30 });
    expect(applied(await world.apply(next, { ifMatch: etag })).version).toBe(2);
    const before = await dump(world, ['config', 'guests']);
    const third = edited(world.files(), 'settings.json', { codeSeconds: 40 });
    expect(await world.apply(third, { ifMatch: etag })).toEqual({ kind: 'changedMeanwhile' });
    expect(await dump(world, ['config', 'guests'])).toEqual(before);
  });

  it('two at once: one version each, or one is told that it changed meanwhile', async () => {
    await using world = await openTestHouse();
    const answers = await Promise.all(
      [30, 40].map((codeSeconds) =>
        world.apply(edited(world.files(), 'settings.json', { codeSeconds })),
      ),
    );
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['applied', 'changedMeanwhile']);
    expect((await showConfiguration(world.house)).version).toBe(2);
  });

  it('a dry run says what would be, and stores nothing', async () => {
    await using world = await openTestHouse();
    const before = await dump(world);
    const folder = edited(
      edited(world.files(), 'settings.json', { codeSeconds: 30 }),
      'guests/ann.json',
      { displayName: 'Anna' },
    );
    const input = { folder, dryRun: true, administrator: 'app:x', isLocalWorld: true };
    expect(await applyConfiguration(world.house, input, world.now())).toMatchObject({
      kind: 'applied',
      dryRun: true,
      version: 2,
      changes: [{ file: 'settings.json', change: 'changed' }],
      guests: { created: 0, updated: 1, unchanged: 4 },
    });
    expect(await dump(world)).toEqual(before);
  });

  it('the intent cannot be written → nothing is done', async () => {
    await using world = await openTestHouse();
    const before = await dump(world);
    const store = failingOn(world.house.store, ({ table }) => table === 'log');
    const folder = edited(world.files(), 'settings.json', { codeSeconds: 30 });
    const input = { folder, dryRun: false, administrator: 'app:x', isLocalWorld: true };
    await expect(
      applyConfiguration({ ...world.house, store }, input, world.now()),
    ).rejects.toMatchObject({ code: 'storageUnavailable' });
    expect(await dump(world)).toEqual(before);
  });

  it('the pointer cannot be moved → the old version serves, the parts of the new do no harm', async () => {
    await using world = await openTestHouse();
    const store = failingOn(
      world.house.store,
      ({ table, key }, verb) => table === 'config' && key === 'pointer' && verb === 'commit',
    );
    const folder = { ...world.files(), 'policies/x.json': policy(1, {}) };
    const input = { folder, dryRun: false, administrator: 'app:x', isLocalWorld: true };
    await expect(
      applyConfiguration({ ...world.house, store }, input, world.now()),
    ).rejects.toMatchObject({ code: 'storageUnavailable' });
    const read = configurationReader(world.direct, world.house.journal, world.now);
    expect((await read()).version).toBe(1);
    expect(applied(await world.apply(folder)).version).toBe(2);
  });
});

describe('guests of a folder', () => {
  it('are brought up to date, members taken away included, and never deleted', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    const ann = JSON.parse(world.files()['guests/ann.json'] ?? '{}');
    const { mail: _mail, sponsor: _sponsor, ...less } = ann;
    await world.reconfigure((files) => ({
      ...without(files, 'guests/ben.json'),
      'guests/ann.json': JSON.stringify({ ...less, displayName: 'Anna' }),
    }));
    const { guest, methods } = await guestRowsOf(world, 'ann');
    expect(guest.value).toMatchObject({ displayName: 'Anna', id: guestIds.ann });
    expect(guest.value.mail).toBeUndefined();
    expect(guest.value.sponsor).toBeUndefined();
    expect(methods).toHaveLength(1);
    // a name alone ends no session
    expect((await standingOf(world, 'ann')).sessions).toEqual(['live']);
    expect(brief((await arrive(world, 'ben')).answer)).toBe('enrol');
  });

  it('disabled: every session and sign-in ends; enabled again: the method is still there', async () => {
    await using world = await openTestHouse();
    await registered(world, 'ann');
    await world.reconfigure((f) => edited(f, 'guests/ann.json', { accountEnabled: false }));
    expect(await standingOf(world, 'ann')).toMatchObject({ sessions: ['ended'] });
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked noAccess');
    await world.reconfigure((f) => edited(f, 'guests/ann.json', { accountEnabled: true }));
    expect(brief((await arrive(world, 'ann')).answer)).toBe('challenge');
  });

  it('a reset’s demand for an access pass survives the next apply', async () => {
    await using world = await openTestHouse();
    await reset(world, 'ann', { proofUp: 'accessPass' });
    await world.reconfigure((f) => edited(f, 'guests/ann.json', { displayName: 'Anna' }));
    expect(brief((await arrive(world, 'ann')).answer)).toBe('blocked blockedByPolicy');
  });
});
