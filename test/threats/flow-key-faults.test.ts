import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  publicEncrypt,
  randomBytes,
  sign,
} from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openVault } from '../../shared/adapters/keys/vault.ts';
import { vaultPace } from '../../shared/adapters/keys/vault-pace.ts';
import {
  keysAgeMs,
  overlapMs,
  proofAgeMs,
  publishAheadMs,
  secretAheadMs,
} from '../../shared/checks/key-life.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import {
  keysPartition,
  type SecretKey,
  secretKeyClaim,
  secretKeyKey,
} from '../../shared/rows/signing-key.ts';
import { issue, kidOf, kids, openStage, type Stage, statesOf } from '../support/key-stage.ts';

/** What operators, timers and people with too many rights do to keys between two sign-ins. */

const dayMs = 24 * 3_600_000;
const name = 'signing-es256';

const versionOf = async (stage: Stage, kid: string): Promise<string> => {
  const [row] = await stage.store.load(keysPartition, { keys: [kid] });
  return row?.value['vaultVersion'] as string;
};

/** Something in the background comes to its end; a test that waits for ever fails. */
async function settled<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<void> {
  while (!isSo(await ask())) await sleep(5);
}

const secretOf = async (keys: Stage['keys']) => (await keys.secret('code'))?.id;

/** Whoever may read keys of the vault has its public half, and that is enough to wrap. */
async function wrappedByAnybody({ vault, clock }: Stage, version: string): Promise<string> {
  const pace = vaultPace(clock.now);
  const opened = openVault({ url: vault.url, credential: vault.credential, pace });
  const by = await opened.version('key-encryption', version);
  if (typeof by === 'string') throw new Error(by);
  const key = createPublicKey({ key: by.publicJwk as JsonWebKey, format: 'jwk' });
  const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return publicEncrypt(oaep, randomBytes(32)).toString('base64url');
}

describe('A158 R56 a secret that somebody else wrapped', () => {
  /** With the right to write tables, and the public half of the key-encryption key. */
  async function plant(stage: Stage, proofOf: (claim: string, own: string) => string) {
    const { vault, clock } = stage;
    const wrappedBy = vault.newest('key-encryption');
    const [own] = await stage.store.load(keysPartition, { keys: [secretKeyKey(1)] });
    const row: Omit<SecretKey, 'proof'> = {
      id: 'evilevil',
      number: 2,
      wrapped: await wrappedByAnybody(stage, wrappedBy),
      wrappedBy,
      createdAt: clock.now().toISOString(),
      useFrom: clock.now().toISOString(),
    };
    const proof = proofOf(secretKeyClaim(row), own?.value['proof'] as string);
    await stage.store.commit(
      keysPartition,
      [{ kind: 'insert', key: secretKeyKey(2), value: { ...row, proof } }],
      'somebody-with-table-access',
    );
    clock.advance(keysAgeMs);
  }

  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each<readonly [string, (claim: string, own: string) => string]>([
    ['no proof', () => ''],
    ['the proof of another row', (_, own) => own],
    [
      'a proof by another key',
      (claim) => sign('sha256', Buffer.from(claim), pair.privateKey).toString('base64url'),
    ],
    ['a proof that is a hash', (claim) => createHash('sha256').update(claim).digest('base64url')],
  ])('A158 with %s seals, signs and counts nothing', async (_, proofOf) => {
    const stage = await openStage('wrapped');
    await using __ = stage.vault;
    const own = await secretOf(stage.keys);
    await issue(stage, stage.keys);
    const published = await kids(stage.keys);
    await plant(stage, proofOf);
    for (const keys of [stage.keys, stage.instance()]) {
      expect(await secretOf(keys)).toBe(own);
      expect(await keys.secret('code', 'evilevil')).toBeUndefined();
      expect(await kids(keys)).toEqual(published);
    }
    expect(new Set(stage.alarms.map(({ event }) => event))).toEqual(new Set(['secretKeyForeign']));
  });

  it.each(['useFrom', 'number', 'id', 'wrapped'] as const)(
    'A158 nor is a row good whose %s was changed, to whoever knew it before either; put right, it is again',
    async (member) => {
      const stage = await openStage('keyvault');
      await using _ = stage.vault;
      await secretOf(stage.keys);
      await stage.keys.administration.rotateSecrets();
      stage.clock.advance(secretAheadMs);
      const [first, second] = await stage.store.load(keysPartition, {
        keys: [secretKeyKey(1), secretKeyKey(2)],
      });
      const [former, own] = [first, second].map((row) => row?.value['id'] as string);
      expect(await secretOf(stage.keys)).toBe(own);
      const changed = {
        useFrom: stage.clock.now().toISOString(),
        number: 7,
        id: 'AAAAAAAA',
        wrapped: await wrappedByAnybody(stage, first?.value['wrappedBy'] as string),
      }[member];
      const put = (value: JsonObject) =>
        stage.store.commit(
          keysPartition,
          [{ kind: 'replace', key: secretKeyKey(1), value, etag: '*' }],
          'somebody-with-table-access',
        );
      await put({ ...first?.value, [member]: changed });
      stage.clock.advance(keysAgeMs);
      for (const keys of [stage.keys, stage.instance()]) {
        expect(await secretOf(keys)).toBe(own);
        expect(await keys.secret('code', former)).toBeUndefined();
        expect(await keys.secret('code', 'AAAAAAAA')).toBeUndefined();
      }
      expect(new Set(stage.alarms.map(({ event }) => event))).toEqual(
        new Set(['secretKeyForeign']),
      );
      await put(first?.value ?? {});
      stage.clock.advance(proofAgeMs);
      expect((await stage.keys.secret('code', former))?.id).toBe(former);
    },
  );

  it('A158 rows that are not ours have no say in what is made next', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = await secretOf(stage.keys);
    const [row] = await stage.store.load(keysPartition, { keys: [secretKeyKey(1)] });
    const planted = (number: number, more: JsonObject) => ({
      kind: 'insert' as const,
      key: secretKeyKey(number),
      value: { ...row?.value, number, ...more },
    });
    await stage.store.commit(
      keysPartition,
      [
        planted(0.5, { number: 1 }),
        planted(2, { id: 'evilevil' }),
        planted(999_999, { id: 'evilevil', useFrom: '2090-01-01T00:00:00.000Z' }),
      ],
      'somebody-with-table-access',
    );
    stage.clock.advance(keysAgeMs);
    for (const keys of [stage.keys, stage.instance()])
      expect((await keys.secret('code', own))?.id).toBe(own);
    const next = await stage.keys.administration.rotateSecrets();
    expect(next).toMatchObject({ state: 'next' });
    expect(next?.id).not.toBe('evilevil');
    stage.clock.advance(secretAheadMs);
    for (const keys of [stage.keys, stage.instance()]) expect(await secretOf(keys)).toBe(next?.id);
  });
});

describe.each(['keyvault', 'wrapped'] as const)(
  'A123 keys deleted in the vault, and recovered: %s',
  (kind) => {
    it('A123 nothing is made in their place, and whoever asked meanwhile serves again', async () => {
      const stage = await openStage(kind);
      await using _ = stage.vault;
      const own = kidOf(await issue(stage, stage.keys));
      const secret = await secretOf(stage.keys);
      const published = await kids(stage.keys);
      stage.vault.rule(() => ({ status: 404, code: 'KeyNotFound' }));
      const asked = stage.instance();
      await expect(asked.secret('code')).rejects.toMatchObject({ code: 'keyUnavailable' });
      await expect(asked.secret('code', secret)).rejects.toMatchObject({ code: 'keyUnavailable' });
      await expect(issue(stage, asked)).rejects.toMatchObject({ code: 'keyUnavailable' });
      stage.vault.rule(undefined);
      stage.clock.advance(proofAgeMs);
      expect(await secretOf(asked)).toBe(secret);
      expect(kidOf(await issue(stage, asked))).toBe(own);
      expect(await kids(asked)).toEqual(published);
      const rows = await stage.store.load(keysPartition);
      expect(rows.filter(({ key }) => key.startsWith('secret.'))).toHaveLength(1);
    });
  },
);

describe('A125 in the vault', () => {
  it('A125 a version that is disabled when its time comes: every instance goes back to the former one', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const former = kidOf(await issue(stage, stage.keys));
    stage.vault.rotate(name);
    await stage.keys.administration.rotateSigning();
    stage.clock.advance(publishAheadMs - 1);
    const [next = ''] = (await stage.keys.administration.list()).signing
      .filter(({ state }) => state === 'next')
      .map(({ kid }) => kid);
    expect(await kids(stage.keys)).toContain(next);
    stage.vault.attributes(name, await versionOf(stage, next)).enabled = false;
    stage.clock.advance(1);
    const cold = stage.instance();
    expect(kidOf(await issue(stage, cold))).toBe(former);
    // who proved it before finds out by the first signature that fails
    await expect(issue(stage, stage.keys)).rejects.toMatchObject({ code: 'keyUnavailable' });
    stage.clock.advance(2_000);
    expect(kidOf(await issue(stage, stage.keys))).toBe(former);
    for (const keys of [cold, stage.keys]) {
      expect(await kids(keys)).toContain(former);
      expect(await kids(keys)).not.toContain(next);
    }
  });

  it('A125 one that only publishes finds out by itself', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = kidOf(await issue(stage, stage.keys));
    expect(await kids(stage.keys)).toContain(own);
    stage.vault.attributes(name, await versionOf(stage, own)).enabled = false;
    stage.clock.advance(proofAgeMs);
    // whoever asks then is not kept waiting, and the next one hears of it
    await kids(stage.keys);
    await settled(
      () => kids(stage.keys),
      (all) => !all.includes(own),
    );
  });

  it('A125 a version that the vault shows though it is disabled is disabled', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const former = kidOf(await issue(stage, stage.keys));
    stage.vault.rotate(name);
    await stage.keys.administration.rotateSigning();
    stage.clock.advance(publishAheadMs);
    const next = kidOf(await issue(stage, stage.keys));
    expect(next).not.toBe(former);
    stage.vault.rule(() => 'shownDisabled');
    stage.vault.attributes(name, await versionOf(stage, next)).enabled = false;
    const cold = stage.instance();
    expect(kidOf(await issue(stage, cold))).toBe(former);
    expect(await kids(cold)).not.toContain(next);
    // nor is another taken in
    stage.vault.rotate(name);
    stage.vault.attributes(name, stage.vault.newest(name)).enabled = false;
    expect((await cold.administration.renew()).map(({ result }) => result)).toEqual([
      'noNewVersion',
      'noNewVersion',
    ]);
  });

  it('A125 revoked and then disabled in the vault, it stays the successor that it was', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const retired = kidOf(await issue(stage, stage.keys));
    stage.vault.rotate(name);
    await stage.keys.administration.rotateSigning();
    stage.clock.advance(publishAheadMs + 60 * dayMs);
    const leaked = kidOf(await issue(stage, stage.keys));
    const version = await versionOf(stage, leaked);
    await stage.keys.administration.revoke(leaked);
    stage.vault.attributes(name, version).enabled = false;
    stage.clock.advance(keysAgeMs);
    for (const keys of [stage.keys, stage.instance()]) {
      await expect(issue(stage, keys)).rejects.toMatchObject({ code: 'keyUnavailable' });
      expect(await kids(keys)).not.toContain(retired);
      expect(await kids(keys)).not.toContain(leaked);
    }
    expect(await statesOf(stage.instance())).toEqual(['retired', 'revoked']);
    // the vault is not asked about what is gone
    expect(stage.alarms).toEqual([]);
    stage.vault.rotate(name);
    stage.clock.advance(keysAgeMs);
    expect([retired, leaked]).not.toContain(kidOf(await issue(stage, stage.keys)));
    stage.clock.advance(overlapMs);
    expect(await kids(stage.instance())).not.toContain(retired);
  });

  it('A123 a key that is held back is not asked about by every request', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    stage.vault.rule(({ operation }) => (operation === 'sign' ? { status: 403 } : undefined));
    const before = stage.vault.requests.length;
    for (let n = 0; n < 50; n++) await issue(stage, stage.keys).catch(() => undefined);
    // one that signs, and one look at what it is refused for
    expect(stage.vault.requests.slice(before).map(({ operation }) => operation)).toEqual([
      'sign',
      'get',
    ]);
  });

  it('A123 a look that fails is made again as soon as the vault answers', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = kidOf(await issue(stage, stage.keys));
    stage.vault.attributes(name, await versionOf(stage, own)).enabled = false;
    stage.vault.rule(() => ({ status: 503 }));
    stage.clock.advance(proofAgeMs);
    expect(await kids(stage.keys)).toContain(own);
    stage.vault.rule(undefined);
    stage.clock.advance(5_000);
    await settled(
      () => kids(stage.keys),
      (all) => !all.includes(own),
    );
  });

  it('A123 a slow vault keeps nobody waiting for the key set that is known', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    const published = await kids(stage.keys);
    stage.vault.rule(({ operation }) => (operation === 'get' ? 'hang' : undefined));
    stage.clock.advance(proofAgeMs);
    // that it answers at all: the vault never does
    expect(await kids(stage.keys)).toEqual(published);
    await issue(stage, stage.keys);
  });

  it('A125 told of each time that it is disabled', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const own = kidOf(await issue(stage, stage.keys));
    const attributes = stage.vault.attributes(name, await versionOf(stage, own));
    for (let times = 1; times <= 2; times++) {
      attributes.enabled = false;
      stage.clock.advance(proofAgeMs);
      await settled(
        () => kids(stage.keys),
        (all) => !all.includes(own),
      );
      expect(stage.alarms).toHaveLength(times);
      attributes.enabled = true;
      stage.clock.advance(proofAgeMs);
      await settled(
        () => kids(stage.keys),
        (all) => all.includes(own),
      );
    }
  });

  it('A123 what was proven is published on while the vault is away', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    const published = await kids(stage.keys);
    stage.vault.rule(() => ({ status: 503 }));
    for (let hours = 0; hours < 3; hours++) {
      stage.clock.advance(3_600_000);
      await expect(issue(stage, stage.keys)).rejects.toMatchObject({ code: 'keyUnavailable' });
      expect(await kids(stage.keys)).toEqual(published);
    }
    stage.vault.rule(undefined);
    stage.clock.advance(60_000);
    await issue(stage, stage.keys);
  });

  it.each([
    ['no timer ran', false],
    ['the timer published it a moment ago', true],
  ])('R56 a key that has ended signs nothing; its successor does at once: %s', async (_, ran) => {
    const stage = await openStage('keyvault');
    await using __ = stage.vault;
    const first = kidOf(await issue(stage, stage.keys));
    const endsAt = stage.clock.now().getTime() + 30 * dayMs;
    stage.vault.attributes(name, await versionOf(stage, first)).exp = endsAt / 1000;
    stage.vault.rotate(name);
    stage.clock.advance(30 * dayMs - 1_000);
    const last = await issue(stage, stage.instance());
    expect(kidOf(last)).toBe(first);
    if (ran) await stage.instance().administration.renew();
    stage.clock.advance(1_000);
    for (const keys of [stage.instance(), stage.instance()]) {
      expect(kidOf(await issue(stage, keys))).not.toBe(first);
      // what it signed is still out
      expect(await kids(keys)).toContain(first);
    }
    expect(await statesOf(stage.instance())).toEqual(['former', 'current']);
  });

  it('A123 a key of one algorithm that cannot be told keeps nobody from the other', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    stage.vault.rule((request) => (request.name === name ? { status: 403 } : undefined));
    const cold = stage.instance();
    await issue(stage, cold, 'RS256');
    await expect(issue(stage, cold)).rejects.toMatchObject({ code: 'keyUnavailable' });
    // half a key set would be kept by apps, and half their tokens refused
    await expect(kids(cold)).rejects.toMatchObject({ code: 'keyUnavailable' });
  });
});

describe('R56 the journal and the timer', () => {
  it.each([
    ['keyvault', ['key-encryption', 'signing-rs256', 'signing-es256']],
    ['wrapped', ['key-encryption']],
  ] as const)(
    'R56 %s: a key that nobody renewed is told of a month before its end',
    async (kind, names) => {
      const stage = await openStage(kind);
      await using _ = stage.vault;
      const alarms = async () => {
        stage.alarms.length = 0;
        await stage.keys.administration.renew();
        return stage.alarms
          .filter(({ event }) => event === 'vaultKeyNotRenewed')
          .map(({ name: named }) => named);
      };
      const expected = [...names];
      const month = 30 * dayMs;
      const all = ['key-encryption', 'signing-rs256', 'signing-es256'] as const;
      const attributes = all.map((each) => stage.vault.attributes(each, stage.vault.newest(each)));
      for (const each of attributes) each.exp = (stage.clock.now().getTime() + month) / 1000 + 1;
      expect(await alarms()).toEqual([]);
      stage.clock.advance(1_000);
      expect(await alarms()).toEqual(expected);
      for (const each of all) stage.vault.rotate(each);
      expect(await alarms()).toEqual([]);
      for (const each of all)
        stage.vault.attributes(each, stage.vault.newest(each)).enabled = false;
      expect(await alarms()).toEqual(expected);
    },
  );

  it('R56 whatever is published is told: the first, by rotation, in the place of a revoked one', async () => {
    const stage = await openStage('wrapped');
    await using _ = stage.vault;
    const told = () =>
      stage.lines.filter(({ event }) => event === 'signingKeyPublished').map(({ kid }) => kid);
    await issue(stage, stage.keys);
    expect(new Set(told())).toEqual(new Set(await kids(stage.keys)));
    await stage.keys.administration.rotateSigning();
    expect(new Set(told())).toEqual(new Set(await kids(stage.keys)));
    for (const kid of await kids(stage.keys)) await stage.keys.administration.revoke(kid);
    expect(told()).toEqual(expect.arrayContaining([...(await kids(stage.keys))]));
    expect(new Set(told()).size).toBe(told().length);
  });

  it('R56 one key that cannot be told keeps the timer neither from the other nor from its warnings', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    await issue(stage, stage.keys);
    await issue(stage, stage.keys, 'RS256');
    stage.vault.rotate('signing-rs256');
    const soon = stage.clock.now().getTime() / 1000 + 100;
    stage.vault.attributes('key-encryption', stage.vault.newest('key-encryption')).exp = soon;
    stage.vault.rule((request) => (request.name === name ? { status: 403 } : undefined));
    const cold = stage.instance();
    await expect(cold.administration.renew()).rejects.toMatchObject({ code: 'keyUnavailable' });
    expect(stage.alarms).toContainEqual(
      expect.objectContaining({ event: 'vaultKeyNotRenewed', name: 'key-encryption' }),
    );
    stage.vault.rule(undefined);
    expect(await statesOf(stage.instance(), 'RS256')).toEqual(['current', 'next']);
  });

  it('R56 changed to sealed keys, the timer makes them, though the vault’s are not old', async () => {
    const stage = await openStage('keyvault');
    await using _ = stage.vault;
    const inVault = kidOf(await issue(stage, stage.keys));
    const sealing = stage.instance('wrapped');
    expect((await sealing.administration.renew()).map(({ result }) => result)).toEqual([
      'published',
      'published',
    ]);
    expect(kidOf(await issue(stage, sealing))).toBe(inVault);
    stage.clock.advance(publishAheadMs);
    const before = stage.vault.requests.length;
    expect(kidOf(await issue(stage, sealing))).not.toBe(inVault);
    await issue(stage, sealing);
    expect(
      stage.vault.requests.slice(before).filter(({ operation }) => operation === 'sign'),
    ).toEqual([]);
    expect((await sealing.administration.renew()).map(({ result }) => result)).toEqual([
      'notDue',
      'notDue',
    ]);
  });
});
