import { describe, expect, test } from 'vitest';
import { runHere, startAdmin } from './stand-in.ts';

const kid = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const next = 'poVKeirIOvmTyLQ9G9BenBwos7k--yiQRPsHF8wzJrE';
const at = '2026-11-18T09:10:00.000Z';
const later = '2026-11-19T09:10:00.000Z';
const done = { operationId: 'op-1', effectiveBy: at };

const keys = {
  signing: [
    {
      kid,
      alg: 'RS256',
      state: 'former',
      kept: 'vault',
      createdAt: at,
      useFrom: at,
      publishedUntil: later,
    },
    { kid: next, alg: 'RS256', state: 'current', kept: 'vault', createdAt: at, useFrom: later },
  ],
  secrets: [{ id: 'aaaabbbb', state: 'current', createdAt: at, useFrom: at }],
};

const sent = (body: string): unknown => JSON.parse(body);

describe('keys list', () => {
  test('a table for people, everything as JSON', async () => {
    await using admin = await startAdmin(() => ({ body: keys }));
    const { exitCode, stdout } = await runHere(['keys', 'list'], admin.env);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'SIGNING KEY                                  ALG    STATE    KEPT   USED FROM                 PUBLISHED UNTIL',
      `${kid}  RS256  former   vault  ${at}  ${later}`,
      `${next}  RS256  current  vault  ${later}`,
      '',
      'SECRET    STATE    USED FROM',
      `aaaabbbb  current  ${at}`,
      '',
    ]);
    expect(admin.asked[1]).toMatchObject({ method: 'GET', url: '/manage/keys' });
    const json = await runHere(['keys', 'list', '--json'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual(keys);
  });

  test('before the first key', async () => {
    await using admin = await startAdmin(() => ({ body: { signing: [], secrets: [] } }));
    const { stdout } = await runHere(['keys', 'list'], admin.env);
    expect(stdout).toBe('no signing keys\n\nno secret keys\n');
  });
});

describe('keys rotate', () => {
  test('signing: what became of each algorithm', async () => {
    const answer = {
      ...done,
      signing: [
        { alg: 'RS256', result: 'published', kid: next, useFrom: later },
        { alg: 'ES256', result: 'noNewVersion' },
      ],
    };
    await using admin = await startAdmin(() => ({ body: answer }));
    const line = ['keys', 'rotate', 'signing', '--reason', 'yearly'];
    const { exitCode, stdout } = await runHere(line, admin.env);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `  RS256  published  ${next}  used from ${later}`,
      '  ES256  the vault has no newer version: rotate the key there',
      `known everywhere by ${at}, operation op-1`,
      '',
    ]);
    expect(admin.asked[1]).toMatchObject({ method: 'POST', url: '/manage/keys' });
    expect(sent(admin.asked[1]?.body ?? '')).toEqual({
      action: 'rotate',
      keys: 'signing',
      reason: 'yearly',
    });
    const json = await runHere([...line, '--json'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual(answer);
  });

  test('secrets', async () => {
    const answer = { ...done, secret: { id: 'aaaabbbb', useFrom: later } };
    await using admin = await startAdmin(() => ({ body: answer }));
    const line = ['keys', 'rotate', 'secrets', '--reason', 'x'];
    const { stdout } = await runHere(line, admin.env);
    expect(stdout).toContain(`  secrets  made  aaaabbbb  used from ${later}\n`);
  });

  test('secrets of the local world: the server’s own words, and what can be done', async () => {
    const message =
      'The secrets of the local world hang on VESTIBULE_LOCAL_KEY; there is nothing to rotate.';
    const error = { code: 'Conflict', message };
    await using admin = await startAdmin(() => ({ status: 409, body: { error } }));
    const line = ['keys', 'rotate', 'secrets', '--reason', 'x'];
    const { exitCode, stderr } = await runHere(line, admin.env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(message);
    expect(stderr).toContain('another VESTIBULE_LOCAL_KEY');
    expect(stderr).not.toContain('is this a Vestibule');
  });

  test('any other refusal in the API’s form is a Vestibule’s', async () => {
    const error = { code: 'Conflict', message: 'Something is in the way.' };
    await using admin = await startAdmin(() => ({ status: 409, body: { error } }));
    const { stderr } = await runHere(['keys', 'list'], admin.env);
    expect(stderr).toContain('Something is in the way.');
    expect(stderr).not.toContain('is this a Vestibule');
  });

  test.each([
    [['keys', 'rotate', '--reason', 'x'], 'needs <signing|secrets>'],
    [['keys', 'rotate', 'all', '--reason', 'x'], 'use signing or secrets'],
    [['keys', 'rotate', 'signing'], '--reason'],
    [['keys', 'rotat'], "did you mean 'keys rotate'"],
  ])('%j is refused before anything is sent', async (line, said) => {
    await using admin = await startAdmin(() => ({ body: {} }));
    const { exitCode, stderr } = await runHere(line, admin.env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
    expect(admin.asked).toEqual([]);
  });
});

describe('keys revoke', () => {
  const line = ['keys', 'revoke', kid, '--reason', 'ticket 4711'];

  test('says which key signs from now on', async () => {
    const answer = { ...done, kid, alg: 'RS256', current: next };
    await using admin = await startAdmin(() => ({ body: answer }));
    const { exitCode, stdout } = await runHere(line, admin.env);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `revoked: ${kid} (RS256)`,
      `  signs now   ${next}`,
      `  everywhere  by ${at}`,
      '  operation   op-1',
      '',
    ]);
    expect(sent(admin.asked[1]?.body ?? '')).toEqual({
      action: 'revoke',
      kid,
      reason: 'ticket 4711',
    });
    const json = await runHere([...line, '--json'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual(answer);
  });

  test('and what to do where none does', async () => {
    await using admin = await startAdmin(() => ({
      body: { ...done, kid, alg: 'ES256', current: null },
    }));
    const { stdout } = await runHere(line, admin.env);
    expect(stdout).toContain('nothing: rotate signing-es256 in the vault');
  });

  test('no such key', async () => {
    const error = { code: 'Request_ResourceNotFound', message: 'There is no such signing key.' };
    await using admin = await startAdmin(() => ({ status: 404, body: { error } }));
    const { exitCode, stderr } = await runHere(line, admin.env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('There is no such signing key.');
    expect(stderr).toContain('vestibule keys list');
  });

  test.each([
    [['keys', 'revoke', 'abc', '--reason', 'x'], 'no id of a signing key'],
    [['keys', 'revoke', `${kid}/..`, '--reason', 'x'], 'no id of a signing key'],
    [['keys', 'revoke', kid], '--reason'],
  ])('%j is refused before anything is sent', async (words, said) => {
    await using admin = await startAdmin(() => ({ body: {} }));
    const { exitCode, stderr } = await runHere(words, admin.env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
    expect(admin.asked).toEqual([]);
  });
});
