/** Administrators look after the keys of a running gateway, by the command line and the endpoint behind it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeysAnswer, keysAnswer } from '../../shared/api/keys.ts';
import { compose } from '../../shared/compose.ts';
import { changeKeys } from '../../shared/flows/admin/keys.ts';
import { failingOn } from '../support/house-stores.ts';
import { jsonOf } from '../support/http-send.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';
import { runHere } from '../unit/cli/stand-in.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await startHttpWorld({ vault: 'wrapped' });
});
afterAll(() => world.close());

async function vestibule(...words: readonly string[]) {
  const { exitCode, stdout, stderr } = await runHere(['--json', ...words], {
    VESTIBULE_ISSUER: world.issuer,
    VESTIBULE_CLIENT_ID: world.admin.clientId,
    VESTIBULE_CLIENT_SECRET: world.admin.clientSecret,
  });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const listed = async (): Promise<KeysAnswer> => keysAnswer.parse(await vestibule('keys', 'list'));

const published = async () =>
  (jsonOf(await world.send('/jwks')) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);

const auditLines = () =>
  world.lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'audit');

test('A125 rotate, then revoke: published, in the log before and after, and its tokens are no tokens', async () => {
  const token = await world.adminToken();
  const before = await listed();
  expect(before.signing.map(({ state }) => state)).toEqual(['current', 'current']);
  const rotated = await vestibule('keys', 'rotate', 'signing', '--reason', 'yearly');
  expect(rotated['signing']).toMatchObject([{ result: 'published' }, { result: 'published' }]);
  const { signing } = await listed();
  expect(await published()).toEqual(expect.arrayContaining(signing.map(({ kid }) => kid)));
  const current = signing.find(({ alg, state }) => alg === 'RS256' && state === 'current');
  const next = signing.find(({ alg, state }) => alg === 'RS256' && state === 'next');

  const kid = current?.kid ?? '';
  // some ids begin with a dash
  const revoked = await vestibule('keys', 'revoke', '--reason', 'ticket 4711', '--', kid);
  expect(revoked).toMatchObject({ kid, alg: 'RS256', current: next?.kid });
  expect(await published()).not.toContain(kid);
  // the administrator's own token was of that key
  const list = (bearer: string) =>
    world.send('/manage/keys', { headers: { authorization: `Bearer ${bearer}` } });
  expect((await list(token)).status).toBe(401);
  expect((await list(await world.adminToken())).status).toBe(200);

  const acts = auditLines().filter(({ activity }) => activity === 'revokeSigningKey');
  expect(acts).toMatchObject([
    { phase: 'intent', target: kid },
    { phase: 'result', target: kid, result: `done, current ${next?.kid}` },
  ]);
  expect(new Set(acts.map(({ operationId }) => operationId)).size).toBe(1);
  // free text is for who may read the log, not for who may read the journal
  expect(JSON.stringify(acts)).not.toContain('ticket 4711');
  expect(await world.dumpTables()).toContain('ticket 4711');
});

test('a new key for secrets, and none twice', async () => {
  const first = await vestibule('keys', 'rotate', 'secrets', '--reason', 'x');
  const again = await vestibule('keys', 'rotate', 'secrets', '--reason', 'x');
  expect(again['secret']).toEqual(first['secret']);
  expect((await listed()).secrets.map(({ state }) => state)).toEqual(['current', 'next']);
});

test('a key that is none is told, and stands in the log as refused', async () => {
  const kid = 'A'.repeat(43);
  const got = await world.adminRequest('POST', '/manage/keys', {
    action: 'revoke',
    kid,
    reason: 'x',
  });
  expect(got.status).toBe(404);
  expect(auditLines().at(-1)).toMatchObject({ phase: 'result', result: 'unknownKey', target: kid });
});

test('an intent that cannot be written changes nothing', async () => {
  const house = compose();
  const store = failingOn(house.store, ({ table }) => table === 'log');
  const before = await listed();
  const administrator = { name: 'app:test', roles: [] };
  for (const act of [
    { action: 'rotate', keys: 'secrets' },
    { action: 'rotate', keys: 'signing' },
    { action: 'revoke', kid: before.signing[0]?.kid ?? '' },
  ] as const)
    await expect(
      changeKeys({ ...house, store }, { ...act, reason: 'x', administrator }, world.clock()),
    ).rejects.toMatchObject({ code: 'storageUnavailable' });
  expect(await listed()).toEqual(before);
});

test('the timer runs, and finds nothing to do on a fresh gateway', async () => {
  const before = await listed();
  await world.fireTimer('renew-keys');
  expect(await listed()).toEqual(before);
});
