/** What a probe is told, and what an administrator is told beside it, in peace and in an outage. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFaultProxy } from '../../dev/fault-proxy.ts';
import { pointerKey, pointerPartition } from '../../shared/rows/configuration/parts.ts';
import { guarded } from '../support/http-guarded.ts';
import { type Got, jsonOf } from '../support/http-send.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let world: HttpWorld;
let seedToken: string;
beforeAll(async () => {
  world = await startHttpWorld({
    tablesThrough: async (url) => {
      proxy = await startFaultProxy(url);
      return proxy.url;
    },
  });
  seedToken = await world.adminToken(world.seed);
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

const health = (token?: string): Promise<Got> =>
  world.send(
    '/health',
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );

/** Nothing but the word, whoever asks. */
function toldStrangers(got: Got, status: number): void {
  expect(got.status).toBe(status);
  guarded(got);
  expect(got.headers['cache-control']).toBe('no-store');
  expect(jsonOf(got)).toEqual({ status: status === 200 ? 'ready' : 'notReady' });
  if (status === 200) expect(got.headers['retry-after']).toBeUndefined();
  else expect(Number(got.headers['retry-after'])).toBeGreaterThan(0);
}

async function outage(work: () => Promise<void>): Promise<void> {
  proxy.cut();
  world.advance(6_000);
  try {
    await work();
  } finally {
    proxy.restore();
  }
}

const all = (...failing: readonly (readonly [string, string])[]) =>
  ['configuration', 'tables', 'keys', 'mail'].map((name) => {
    const code = failing.find(([each]) => each === name)?.[1];
    return code === undefined ? { name, status: 'ready' } : { name, status: 'failing', code };
  });

test('ready: one word for strangers and guests, the parts for administrators of any role', async () => {
  toldStrangers(await health(), 200);
  for (const token of ['x', 'a.b.c', `${seedToken}x`]) toldStrangers(await health(token), 200);
  const app = await world.adminToken();
  for (const token of [app, seedToken]) {
    const got = await health(token);
    expect(got.status).toBe(200);
    expect(jsonOf(got)).toEqual({ status: 'ready', dependencies: all() });
  }
});

test('an app without a role is a stranger', async () => {
  const app = await world.adminToken();
  const file = 'apps/admin-automation.json';
  const without = { ...JSON.parse(world.files[file] ?? ''), appRoles: [] };
  await world.apply({ [file]: JSON.stringify(without) });
  toldStrangers(await health(app), 200);
  await world.apply({});
  expect(jsonOf(await health(app))).toHaveProperty('dependencies');
});

test('storage is cut: 503, and which part fails only for whoever can still be verified', async () => {
  const app = await world.adminToken();
  await outage(async () => {
    // together, for the store is given four seconds each time
    const [stranger, forger, automation, got] = await Promise.all([
      health(),
      health('x'),
      health(app),
      health(seedToken),
    ]);
    toldStrangers(stranger, 503);
    toldStrangers(forger, 503);
    // its roles stand in the configuration, which cannot be read: nobody then, but no error
    toldStrangers(automation, 503);
    expect(got.status).toBe(503);
    expect(jsonOf(got)['dependencies']).toEqual(
      all(['configuration', 'storageUnavailable'], ['tables', 'storageUnavailable']),
    );
  });
  toldStrangers(await health(), 200);
});

test('who asks again and again while all is well costs the tables one read in five seconds', async () => {
  await health();
  const before = proxy.seen.length;
  await Promise.all(Array.from({ length: 50 }, () => health()));
  expect(proxy.seen.length).toBe(before);
  world.advance(6_000);
  await Promise.all(Array.from({ length: 50 }, () => health()));
  expect(proxy.seen.length - before).toBe(1);
});

test('no configuration is not the fault of the tables', async () => {
  const [pointer] = await world.store.load(pointerPartition, { keys: [pointerKey] });
  if (!pointer) throw new Error('no pointer');
  const { key, value, etag } = pointer;
  await world.store.commit(pointerPartition, [{ kind: 'delete', key, etag }], 'away');
  world.advance(6_000);
  toldStrangers(await health(), 503);
  expect(jsonOf(await health(seedToken))['dependencies']).toEqual(
    all(['configuration', 'configurationMissing']),
  );
  const broken = { ...value, parts: { settings: 'no-such-part' } };
  await world.store.commit(pointerPartition, [{ kind: 'insert', key, value: broken }], 'broken');
  world.advance(6_000);
  const [part] = jsonOf(await health(seedToken))['dependencies'] as Record<string, unknown>[];
  expect(part).toMatchObject({ name: 'configuration', status: 'failing' });
  expect(part?.['code']).toMatch(/Unreadable$/);
});
