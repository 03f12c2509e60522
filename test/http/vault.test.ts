/** The local world with a vault in the place of its local key: whole sign-ins, and an outage of the vault. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authenticator, type Walked, walk } from '../../dev/walk.ts';
import { jsonOf } from '../support/http-send.ts';
import { walkingWith } from '../support/http-walk.ts';
import { basic, type HttpWorld, startHttpWorld } from '../support/http-world.ts';

describe.each(['keyvault', 'wrapped'] as const)('signing keys: %s', (vault) => {
  let world: HttpWorld;
  beforeAll(async () => {
    world = await startHttpWorld({ vault });
  });
  afterAll(() => world.close());

  const authenticator: Authenticator = {};
  async function annAt(query: string): Promise<Walked> {
    world.advance(30_000);
    const [ann] = world.people;
    if (!ann) throw new Error('Contoso knows nobody');
    const browser = walkingWith(world.browser());
    return walk(world, { person: ann, authenticator, browser, query, now: world.clock });
  }

  test.each([
    ['confidential', 'client=confidential'],
    ['public', 'client=public'],
  ])('R56 Ann signs in, and an unmodified openid-client takes her tokens: %s', async (_, query) => {
    const { steps, result } = await annAt(query);
    expect(result, JSON.stringify(steps)).toMatchObject({ signedIn: true });
  });

  test('R56 no private key and no secret is in any table', async () => {
    const rows = await world.dumpTables();
    expect(rows).toContain('"publicJwk"');
    for (const text of ['"d":', 'PRIVATE KEY', '"p":', '"dp":']) expect(rows).not.toContain(text);
    expect(rows.includes('privateSealed')).toBe(vault === 'wrapped');
    const signed = world.vault?.requests.filter(
      ({ operation, name }) => operation === 'sign' && name !== 'key-encryption',
    ).length;
    if (vault === 'wrapped') expect(signed).toBe(0);
    else expect(signed).toBeGreaterThan(0);
    const { keys } = jsonOf(await world.send('/jwks')) as { keys: Record<string, unknown>[] };
    expect(new Set(keys.map(({ alg }) => alg))).toEqual(new Set(['ES256', 'RS256']));
    for (const key of keys) expect(key).not.toHaveProperty('d');
  });
});

test('A123 a vault that refuses: 503 with a time to come back and no token, told to administrators, over without a restart', async () => {
  await using world = await startHttpWorld({ vault: 'keyvault' });
  const token = await world.adminToken();
  const ask = () =>
    world.send('/token', {
      method: 'POST',
      headers: basic(world.admin.clientId, world.admin.clientSecret),
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  const failing = async () => {
    const got = await world.send('/health', { headers: { authorization: `Bearer ${token}` } });
    const { dependencies } = jsonOf(got) as { dependencies: { name: string; status: string }[] };
    const names = dependencies.filter(({ status }) => status === 'failing').map(({ name }) => name);
    return { status: got.status, names };
  };
  expect(await failing()).toEqual({ status: 200, names: [] });
  world.vault?.rule(({ operation }) => (operation === 'sign' ? { status: 403 } : undefined));
  const got = await ask();
  expect(got.status).toBe(503);
  expect(Number(got.headers['retry-after'])).toBeGreaterThan(0);
  expect(got.headers['cache-control']).toBe('no-store');
  expect(jsonOf(got)).toMatchObject({ error: 'temporarily_unavailable' });
  expect(got.text).not.toMatch(/token":|vault|Forbidden|eyJ/);
  expect(await failing()).toEqual({ status: 503, names: ['keys'] });
  // what needs no signature goes on
  expect((await world.send('/jwks')).status).toBe(200);
  world.vault?.rule(undefined);
  world.advance(2_000);
  expect((await ask()).status).toBe(200);
  expect(await failing()).toEqual({ status: 200, names: [] });
});
