import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startKeyVault, type VaultFault } from '../../../dev/key-vault.ts';
import { openVault, type Vault } from '../../../shared/adapters/keys/vault.ts';
import { vaultPace } from '../../../shared/adapters/keys/vault-pace.ts';
import { testClock } from '../../support/house-clock.ts';

/** The real SDK before a stand-in of the service's REST API. */

let fake: Awaited<ReturnType<typeof startKeyVault>>;
let vault: Vault;
const clock = testClock();
const open = (timeoutMs = 20_000): Vault =>
  openVault({ url: fake.url, credential: fake.credential, pace: vaultPace(clock.now, timeoutMs) });
beforeAll(async () => {
  fake = await startKeyVault({ clock: clock.now });
});
afterAll(() => fake.close());
afterEach(() => {
  fake.rule(undefined);
  clock.advance(60_000);
});

const message = Buffer.from('what is signed');
const digest = createHash('sha256').update(message).digest();
const operations = () => fake.requests.map(({ operation }) => operation);

describe.each([
  ['signing-rs256', 'RS256', 'RSA'],
  ['signing-es256', 'ES256', 'EC'],
] as const)('%s', (name, alg, kty) => {
  it('its signatures verify with the key that the vault shows, in the form of a JWS', async () => {
    vault = open();
    const key = await vault.newest(name);
    if (!key) throw new Error('no key');
    expect(key.publicJwk['kty']).toBe(kty);
    expect(Object.keys(key.publicJwk)).not.toContain('d');
    const publicKey = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' });
    const signature = await vault.sign({ name, version: key.version }, alg, digest);
    const verifying = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', message, verifying, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('x'), verifying, signature)).toBe(false);
  });

  it('a version signs while another is newest, and no more when it has ended', async () => {
    vault = open();
    const former = fake.newest(name);
    const newest = fake.rotate(name);
    expect((await vault.newest(name))?.version).toBe(newest);
    const key = await vault.version(name, former);
    if (typeof key === 'string') throw new Error(key);
    await vault.sign({ name, version: former }, alg, digest);
    fake.attributes(name, former).exp = 1;
    await expect(vault.sign({ name, version: former }, alg, digest)).rejects.toMatchObject({
      code: 'keyUnavailable',
    });
  });
});

describe('versions', () => {
  it('one that is not there, and one that is disabled', async () => {
    vault = open();
    expect(await vault.version('signing-es256', '0'.repeat(32))).toBe('unknown');
    expect(await vault.newest('no-such-key')).toBeUndefined();
    const version = fake.rotate('signing-es256');
    const attributes = fake.attributes('signing-es256', version);
    attributes.enabled = false;
    expect(await vault.version('signing-es256', version)).toBe('disabled');
    // no older one in its place: what an operator disables is not gone round
    expect(await vault.newest('signing-es256')).toBeUndefined();
    attributes.enabled = true;
    expect((await vault.newest('signing-es256'))?.version).toBe(version);
  });

  it('one whose time has not come makes nothing yet', async () => {
    vault = open();
    const version = fake.rotate('signing-es256');
    fake.attributes('signing-es256', version).nbf = Math.floor(Date.now() / 1000) + 3_600;
    expect(await vault.newest('signing-es256')).toBeUndefined();
    fake.rotate('signing-es256');
  });
});

describe('wrapping', () => {
  const name = 'key-encryption';

  it('opens what it wrapped, with a version that has ended too, and nothing else', async () => {
    vault = open();
    const version = fake.newest(name);
    const secret = randomBytes(32);
    const wrapped = await vault.wrap(name, version, secret);
    expect(Buffer.from(await bytes(vault.unwrap(name, version, wrapped)))).toEqual(secret);
    fake.attributes(name, version).exp = 1;
    expect(Buffer.from(await bytes(open().unwrap(name, version, wrapped)))).toEqual(secret);
    await expect(open().wrap(name, version, secret)).rejects.toThrow('keyUnavailable');
    const other = fake.rotate(name);
    for (const [by, text] of [
      [other, wrapped],
      [other, randomBytes(384)],
    ] as const)
      expect(await open().unwrap(name, by, text)).toBe('refused');
    // a key that was deleted can be recovered
    await expect(open().unwrap(name, '0'.repeat(32), wrapped)).rejects.toThrow('keyUnavailable');
  });

  async function bytes(unwrapped: Promise<Uint8Array | 'refused'>): Promise<Uint8Array> {
    const answer = await unwrapped;
    if (answer === 'refused') throw new Error(answer);
    return answer;
  }
});

describe('a vault that fails', () => {
  const sign = (on: Vault = vault) =>
    on.sign({ name: 'signing-es256', version: fake.newest('signing-es256') }, 'ES256', digest);

  /** Requests of a second, told from the first by what the vault saw. */
  async function asked(work: () => Promise<unknown>): Promise<number> {
    const before = operations().length;
    await work().catch(() => undefined);
    return operations().length - before;
  }

  it.each<readonly [string, VaultFault, number, number]>([
    ['403', { status: 403 }, 1, 2_000],
    ['401', { status: 401 }, 1, 2_000],
    ['429', { status: 429 }, 1, 5_000],
    ['429 with seconds', { status: 429, retryAfter: '7' }, 1, 7_000],
    ['503 with seconds', { status: 503, retryAfter: '7' }, 1, 7_000],
    ['500', { status: 500 }, 1, 1_000],
    ['a broken connection, tried once more', 'rst', 2, 1_000],
  ])('%s: asked once, then not before its time', async (_, fault, requests, holdMs) => {
    vault = open();
    await sign();
    fake.rule(() => fault);
    expect(await asked(sign)).toBe(requests);
    fake.rule(undefined);
    expect(await asked(sign)).toBe(0);
    clock.advance(holdMs - 1);
    expect(await asked(sign)).toBe(0);
    clock.advance(1);
    await sign();
  });

  const crowd = (of: () => Promise<unknown> = sign) =>
    Promise.allSettled(Array.from({ length: 50 }, of));
  const served = async () => (await crowd()).filter(({ status }) => status === 'fulfilled').length;

  it('A123 when its time is over one request tries, and the others go as it went', async () => {
    vault = open();
    await sign();
    fake.rule(() => ({ status: 500 }));
    // those that were under way together: one hold, the shortest
    expect(await asked(crowd)).toBe(50);
    clock.advance(1_000);
    expect(await asked(async () => expect(await served()).toBe(0))).toBe(1);
    clock.advance(1_000);
    expect(await asked(crowd)).toBe(0);
    clock.advance(1_000);
    fake.rule(undefined);
    expect(await asked(async () => expect(await served()).toBe(50))).toBe(50);
  });

  it('A123 a hold grows with each trial that fails, to half a minute, and begins anew after one that does not', async () => {
    vault = open();
    await sign();
    fake.rule(() => ({ status: 500 }));
    expect(await asked(sign)).toBe(1);
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      clock.advance(seconds * 1_000 - 1);
      expect(await asked(sign)).toBe(0);
      clock.advance(1);
      expect(await asked(sign)).toBe(1);
    }
    fake.rule(undefined);
    clock.advance(30_000);
    await sign();
    fake.rule(() => ({ status: 500 }));
    expect(await asked(sign)).toBe(1);
    clock.advance(1_000);
    expect(await asked(sign)).toBe(1);
  });

  it('A123 after a throttled time one request tries for every key', async () => {
    vault = open();
    await sign();
    fake.rule(() => ({ status: 429, retryAfter: '5' }));
    expect(await asked(sign)).toBe(1);
    clock.advance(5_000);
    const mixed = () => crowd(() => Promise.allSettled([sign(), vault.newest('signing-rs256')]));
    expect(await asked(mixed)).toBe(1);
    fake.rule(undefined);
    clock.advance(5_000);
    expect(await asked(mixed)).toBe(100);
  });

  it('A123 a request that tries the whole vault and comes to nothing keeps everybody waiting on', async () => {
    vault = open();
    fake.rule(() => ({ status: 429, retryAfter: '5' }));
    expect(await asked(sign)).toBe(1);
    clock.advance(5_000);
    fake.rule(() => ({ status: 500 }));
    expect(await asked(sign)).toBe(1);
    // another key, and still held
    expect(await asked(() => vault.newest('signing-rs256'))).toBe(0);
    clock.advance(60_000);
    // refused for itself: the vault is there
    fake.rule(() => ({ status: 403 }));
    expect(await asked(sign)).toBe(1);
    fake.rule(undefined);
    expect(await vault.newest('signing-rs256')).toBeDefined();
    clock.advance(60_000);
    await sign();
  });

  it('A123 a key’s request that the vault throttles ends neither hold before its time', async () => {
    vault = open();
    fake.rule(() => ({ status: 500 }));
    expect(await asked(sign)).toBe(1);
    clock.advance(1_000);
    fake.rule(() => ({ status: 429, retryAfter: '5' }));
    expect(await asked(sign)).toBe(1);
    fake.rule(undefined);
    expect(await asked(() => crowd())).toBe(0);
    clock.advance(5_000);
    expect(await served()).toBe(50);
  });

  it.each([
    ['0', 1_000],
    [new Date(0).toUTCString(), 1_000],
    ['86400', 60_000],
  ])(
    'A123 Retry-After: %s holds for a second at least and a minute at most',
    async (retryAfter, ms) => {
      vault = open();
      fake.rule(() => ({ status: 503, retryAfter }));
      expect(await asked(sign)).toBe(1);
      fake.rule(undefined);
      clock.advance(ms - 1);
      expect(await asked(() => crowd())).toBe(0);
      clock.advance(1);
      expect(await served()).toBe(50);
    },
  );

  it('A123 an answer that nobody hoped for ends a hold, too', async () => {
    vault = open();
    fake.rule(() => ({ status: 500 }));
    await asked(() => vault.version('signing-es256', '0'.repeat(32)));
    clock.advance(1_000);
    fake.rule(undefined);
    expect(await vault.version('signing-es256', '0'.repeat(32))).toBe('unknown');
    fake.rule(() => ({ status: 400 }));
    expect(await asked(() => crowd(() => vault.newest('signing-es256')))).toBe(50);
  });

  it('a date in Retry-After is one', async () => {
    vault = open();
    const inTenSeconds = new Date(Date.now() + 10_000).toUTCString();
    fake.rule(() => ({ status: 429, retryAfter: inTenSeconds }));
    await expect(sign()).rejects.toThrow('keyUnavailable');
    fake.rule(undefined);
    clock.advance(5_000);
    await expect(sign()).rejects.toThrow('held back');
    clock.advance(5_001);
    await sign();
  });

  it('one key’s refusal holds back that key, a throttled vault everything', async () => {
    vault = open();
    fake.rule(({ name }) => (name === 'signing-es256' ? { status: 403 } : undefined));
    await expect(sign()).rejects.toThrow('keyUnavailable');
    expect(await vault.newest('signing-rs256')).toBeDefined();
    fake.rule(() => ({ status: 429, retryAfter: '30' }));
    await expect(vault.newest('signing-rs256')).rejects.toThrow('keyUnavailable');
    fake.rule(undefined);
    await expect(vault.newest('key-encryption')).rejects.toThrow('held back');
  });

  it('slow is waited for as long as that may take; one that hangs is given up', async () => {
    vault = open();
    await sign();
    fake.rule(() => ({ delayMs: 50 }));
    await sign();
    fake.rule(() => 'hang');
    const hasty = open(1_500);
    // once: whoever waits has waited long enough. The first request of a client is the challenge
    expect(await asked(() => sign(hasty))).toBe(1);
    fake.rule(undefined);
    clock.advance(1_000);
    await sign(open());
  });

  it('what it throws holds neither the token nor the digest nor the vault’s words', async () => {
    vault = open();
    fake.rule(() => ({ status: 403 }));
    const thrown = await sign().catch((error: unknown) => error);
    const text = inspect(thrown, { depth: 20, showHidden: true });
    expect(text).toContain('403');
    const { token } = await fake.credential.getToken();
    for (const secret of [token, digest.toString('base64url'), 'made by the fake'])
      expect(text).not.toContain(secret);
  });

  it('without its token nothing is answered', async () => {
    const stranger = openVault({
      url: fake.url,
      credential: { getToken: async () => ({ token: 'x', expiresOnTimestamp: Date.now() + 1e6 }) },
      pace: vaultPace(clock.now),
    });
    const before = fake.requests.length;
    await expect(stranger.newest('signing-es256')).rejects.toMatchObject({
      code: 'keyUnavailable',
    });
    expect(fake.requests.length).toBe(before);
  });
});
