import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  keysAgeMs,
  overlapMs,
  proofAgeMs,
  publishAheadMs,
  renewAfterMs,
} from '../../shared/checks/key-life.ts';
import { keysPartition } from '../../shared/rows/signing-key.ts';
import {
  issue,
  isTaken,
  kidOf,
  kids,
  openStage,
  type Stage,
  statesOf,
} from '../support/key-stage.ts';

/** Signing keys over weeks, on two instances. */

const hourMs = 3_600_000;

/** By the vault's policy or by an operator; `wrapped` makes its own. */
function renewInVault(stage: Stage): void {
  stage.vault.rotate('signing-rs256');
  stage.vault.rotate('signing-es256');
}

describe.each(['keyvault', 'wrapped'] as const)('signing keys: %s', (signing) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(signing);
  });
  afterAll(() => stage.vault.close());

  it('A125 R56 a thousand tokens live through a rotation; each is taken until its end, new ones are of the new key', async () => {
    const other = stage.instance();
    const old = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => issue(stage, n % 2 ? other : stage.keys)),
    );
    const [former = ''] = old.map(kidOf);
    expect(new Set(old.map(kidOf))).toEqual(new Set([former]));

    renewInVault(stage);
    const rotated = await stage.keys.administration.rotateSigning();
    const next = rotated.find(({ alg }) => alg === 'ES256');
    expect(next).toMatchObject({ result: 'published' });
    // published at once where it was made, and wherever the rows are read again; signing with nothing yet
    expect(await kids(stage.keys)).toContain(next?.kid);
    stage.clock.advance(keysAgeMs);
    expect(await kids(other)).toContain(next?.kid);
    for (const keys of [stage.keys, other]) expect(kidOf(await issue(stage, keys))).toBe(former);

    // to the last moment the former one signs, and then, in the same moment everywhere, the next
    stage.clock.advance(publishAheadMs - keysAgeMs - 1);
    const last = await Promise.all([issue(stage, stage.keys), issue(stage, other)]);
    expect(last.map(kidOf)).toEqual([former, former]);
    stage.clock.advance(1);
    for (const keys of [stage.keys, other]) expect(kidOf(await issue(stage, keys))).toBe(next?.kid);

    stage.clock.advance(hourMs - 1_001);
    for (const keys of [stage.keys, other, stage.instance()]) {
      expect(await isTaken(stage, keys, last[0] ?? '')).toBe(true);
      expect(await kids(keys)).toContain(former);
    }
    stage.clock.advance(1_001);
    expect(await isTaken(stage, stage.keys, last[0] ?? '')).toBe(false);
    stage.clock.advance(overlapMs - hourMs);
    for (const keys of [stage.keys, other, stage.instance()])
      expect(await kids(keys)).not.toContain(former);
    expect(await statesOf(stage.keys)).toEqual(['retired', 'current']);
  });

  it('A125 every one of the thousand is taken by either instance while it lives', async () => {
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => issue(stage, stage.keys)));
    renewInVault(stage);
    await stage.keys.administration.rotateSigning();
    const fresh = stage.instance();
    const taken = await Promise.all(tokens.map((token) => isTaken(stage, fresh, token)));
    expect(taken.filter(Boolean)).toHaveLength(1_000);
  });

  it('A125 revoked: no token of that key is taken any more, and the next one signs at once', async () => {
    const other = stage.instance();
    const tokens = await Promise.all([issue(stage, stage.keys), issue(stage, other)]);
    const [revoked = ''] = tokens.map(kidOf);
    const { signing: before } = await stage.keys.administration.list();
    const next = before.find(({ alg, state }) => alg === 'ES256' && state === 'next')?.kid;
    expect(next).toBeDefined();

    const answer = await stage.keys.administration.revoke(revoked);
    expect(answer).toEqual({ kid: revoked, alg: 'ES256', current: next });
    expect(kidOf(await issue(stage, stage.keys))).toBe(next);
    for (const token of tokens) expect(await isTaken(stage, stage.keys, token)).toBe(false);
    // elsewhere as soon as the rows are read again
    stage.clock.advance(keysAgeMs);
    for (const keys of [other, stage.instance()]) {
      expect(await kids(keys)).not.toContain(revoked);
      expect(kidOf(await issue(stage, keys))).toBe(next);
      for (const token of tokens) expect(await isTaken(stage, keys, token)).toBe(false);
    }
    // for good, however late; and again is the same
    expect(await stage.keys.administration.revoke(revoked)).toEqual(answer);
    expect(await stage.keys.administration.revoke('nobody')).toBeUndefined();
    await stage.keys.administration.rotateSigning();
    stage.clock.advance(30 * 24 * hourMs);
    expect(await kids(stage.instance())).not.toContain(revoked);
  });

  it('A125 revoked without a next: another is made, or taken in from the vault', async () => {
    const current = kidOf(await issue(stage, stage.keys));
    for (const key of (await stage.keys.administration.list()).signing)
      if (key.alg === 'ES256' && key.state === 'next')
        await stage.keys.administration.revoke(key.kid);
    expect(await statesOf(stage.keys)).not.toContain('next');
    expect(kidOf(await issue(stage, stage.keys))).toBe(current);
    stage.vault.rotate('signing-es256');
    const answer = await stage.keys.administration.revoke(current);
    expect(answer?.current).toBeDefined();
    expect(answer?.current).not.toBe(current);
    expect(kidOf(await issue(stage, stage.keys))).toBe(answer?.current);
  });
});

describe('in the vault', () => {
  it('A125 revoked, and the vault has no other version: nothing is signed until it has', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const current = kidOf(await issue(stage, stage.keys));
    expect(await stage.keys.administration.revoke(current)).toEqual({ kid: current, alg: 'ES256' });
    await expect(issue(stage, stage.keys)).rejects.toMatchObject({ code: 'keyUnavailable' });
    await expect(stage.keys.ready()).rejects.toMatchObject({ code: 'keyUnavailable' });
    expect(kidOf(await issue(stage, stage.keys, 'RS256'))).not.toBe(current);
    stage.vault.rotate('signing-es256');
    stage.clock.advance(keysAgeMs);
    expect(kidOf(await issue(stage, stage.keys))).not.toBe(current);
    await stage.keys.ready();
  });

  it('A125 revoked while the vault is away', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const token = await issue(stage, stage.keys);
    stage.vault.rule(() => ({ status: 503 }));
    // an instance that knows none of the keys does it, too
    const answer = await stage.instance().administration.revoke(kidOf(token));
    expect(answer).toEqual({ kid: kidOf(token), alg: 'ES256' });
    stage.clock.advance(keysAgeMs);
    expect(await isTaken(stage, stage.keys, token)).toBe(false);
  });

  it('R56 the timer takes in what the vault’s policy has made, once, and nothing else', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    const renew = async (keys = stage.keys) =>
      (await keys.administration.renew()).map(({ result }) => result);
    expect(await renew()).toEqual(['noNewVersion', 'noNewVersion']);
    stage.vault.rotate('signing-rs256');
    const both = await Promise.all([renew(), renew(stage.instance())]);
    expect(both.map(([rs256]) => rs256).toSorted((a, b) => `${a}`.localeCompare(`${b}`))).toEqual([
      'nextIsWaiting',
      'published',
    ]);
    expect(await renew()).toEqual(['nextIsWaiting', 'noNewVersion']);
    expect(await statesOf(stage.keys, 'RS256')).toEqual(['current', 'next']);
  });

  it('R56 a row that the vault does not confirm is not published, signs nothing, and succeeds no key', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = kidOf(await issue(stage, stage.keys));
    const published = await kids(stage.keys);
    const [row] = await stage.store.load(keysPartition, { keys: [own] });
    const soon = stage.clock.now().toISOString();
    const forged = [
      // a version that is none; a real one under another name; one of a key that signs nothing here
      ['A'.repeat(43), { ...row?.value, vaultVersion: '0'.repeat(32), useFrom: soon }],
      ['B'.repeat(43), { ...row?.value, useFrom: soon }],
      ['C'.repeat(43), { ...row?.value, vaultVersion: stage.vault.newest('key-encryption') }],
      ['D'.repeat(43), { ...row?.value, alg: 'RS256', useFrom: soon }],
    ] as const;
    await stage.store.commit(
      keysPartition,
      forged.map(([key, value]) => ({ kind: 'insert' as const, key, value })),
      'somebody-with-table-access',
    );
    stage.clock.advance(keysAgeMs);
    for (const keys of [stage.keys, stage.instance()]) {
      expect(await kids(keys)).toEqual(published);
      expect(kidOf(await issue(stage, keys))).toBe(own);
      expect(published).toContain(kidOf(await issue(stage, keys, 'RS256')));
    }
    expect(new Set(stage.alarms.map(({ kid }) => kid))).toEqual(
      new Set(forged.map(([kid]) => kid)),
    );
    expect((await stage.keys.administration.list()).signing).toHaveLength(2);
  });

  it('R56 a version that is disabled in the vault is not published, and comes back with it', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = kidOf(await issue(stage, stage.keys));
    stage.vault.attributes('signing-es256', stage.vault.newest('signing-es256')).enabled = false;
    const fresh = stage.instance();
    expect(await kids(fresh)).not.toContain(own);
    await expect(issue(stage, fresh)).rejects.toMatchObject({ code: 'keyUnavailable' });
    expect(stage.alarms).toContainEqual(
      expect.objectContaining({ kid: own, why: 'disabled in the vault' }),
    );
    stage.vault.attributes('signing-es256', stage.vault.newest('signing-es256')).enabled = true;
    stage.clock.advance(proofAgeMs);
    expect(kidOf(await issue(stage, fresh))).toBe(own);
  });
});

describe('sealed in the table', () => {
  it('R56 a key is renewed by the timer when it is 90 days old', async () => {
    const stage = await openStage('wrapped');
    await using _ = stage.vault;
    const first = kidOf(await issue(stage, stage.keys));
    const renew = async () => (await stage.keys.administration.renew()).map(({ result }) => result);
    stage.clock.advance(renewAfterMs - 1);
    expect(await renew()).toEqual(['notDue', 'notDue']);
    stage.clock.advance(1);
    expect(await renew()).toEqual(['published', 'published']);
    expect(kidOf(await issue(stage, stage.keys))).toBe(first);
    stage.clock.advance(publishAheadMs);
    expect(kidOf(await issue(stage, stage.keys))).not.toBe(first);
  });

  it('R56 what another deployment sealed is not ours', async () => {
    const [stage, other] = await Promise.all([openStage('wrapped'), openStage('wrapped')]);
    await using _ = stage.vault;
    await using __ = other.vault;
    await issue(stage, stage.keys);
    const foreign = kidOf(await issue(other, other.keys));
    const rows = await other.store.load(keysPartition, { keys: [foreign] });
    await stage.store.commit(
      keysPartition,
      rows.map(({ key, value }) => ({ kind: 'insert' as const, key, value })),
      'somebody-with-table-access',
    );
    stage.clock.advance(keysAgeMs);
    expect(await kids(stage.keys)).not.toContain(foreign);
    expect(stage.alarms).toMatchObject([{ event: 'signingKeyForeign', kid: foreign }]);
  });
});

it('R56 instances that begin together end with the same keys', async () => {
  for (const signing of ['keyvault', 'wrapped'] as const) {
    const stage = await openStage(signing);
    await using _ = stage.vault;
    const instances = Array.from({ length: 5 }, () => stage.instance());
    const tokens = await Promise.all(instances.map((keys) => issue(stage, keys)));
    expect(new Set(tokens.map(kidOf)).size).toBe(1);
    const secrets = await Promise.all(instances.map((keys) => keys.secret('code')));
    expect(new Set(secrets.map((key) => key?.id)).size).toBe(1);
    const sets = await Promise.all(instances.map(kids));
    expect(new Set(sets.map((set) => set.join())).size).toBe(1);
  }
});
