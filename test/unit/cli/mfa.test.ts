import { describe, expect, test } from 'vitest';
import { type Asked, accessToken, clientSecret, runHere, startAdmin } from './stand-in.ts';

const path = '/v1.0/reports/authenticationMethods/userRegistrationDetails';

const guest = (name: string, methods: readonly string[] = []) => ({
  id: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801',
  userPrincipalName: `${name.toLowerCase()}_contoso.com#EXT#@host.example`,
  userDisplayName: name,
  userType: 'guest',
  isAdmin: false,
  isMfaRegistered: methods.length > 0,
  isMfaCapable: methods.length > 0,
  isPasswordlessCapable: false,
  isSsprCapable: false,
  isSsprEnabled: false,
  isSsprRegistered: false,
  methodsRegistered: methods,
  lastUpdatedDateTime: '2026-01-01T00:00:00Z',
});

const page = (value: readonly unknown[], next?: string) => ({
  body: { '@odata.context': 'x', ...(next ? { '@odata.nextLink': next } : {}), value },
});

describe('mfa list', () => {
  test('follows every page; a table for people', async () => {
    await using admin = await startAdmin(({ url }, issuer) =>
      url.includes('skiptoken')
        ? page([guest('Ben')])
        : page([guest('Ann', ['softwareOath'])], `${issuer}${path}?$skiptoken=2`),
    );
    const { exitCode, stdout } = await runHere(['mfa', 'list'], admin.env);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'USER PRINCIPAL NAME                NAME  MFA  METHODS       CHANGED',
        'ann_contoso.com#EXT#@host.example  Ann   yes  softwareOath  2026-01-01T00:00:00Z',
        'ben_contoso.com#EXT#@host.example  Ben   no                 2026-01-01T00:00:00Z',
        '',
        '2 guests, 1 with a second factor',
        '',
      ].join('\n'),
    );
    const json = await runHere(['--json', 'mfa', 'list'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual({
      value: [guest('Ann', ['softwareOath']), guest('Ben')],
    });
  });

  test.each([
    ['registered', 'isMfaRegistered eq true'],
    ['unregistered', 'isMfaRegistered eq false'],
  ])('--filter %s', async (filter, expected) => {
    await using admin = await startAdmin(() => page([]));
    const { stdout } = await runHere(['mfa', 'list', '--filter', filter], admin.env);
    expect(stdout).toBe('no guests\n');
    const url = new URL(admin.asked[1]?.url ?? '', admin.issuer);
    expect(url.pathname).toBe(path);
    expect(url.searchParams.get('$filter')).toBe(expected);
  });

  test('a name cannot move the cursor or turn the text', async () => {
    await using admin = await startAdmin(() => page([guest('\u001b[2J\u009b\u202eAnn\n')]));
    for (const more of [[], ['--json']]) {
      const { stdout } = await runHere(['mfa', 'list', ...more], admin.env, { isTTY: false });
      expect(stdout).toContain('\\u202eAnn\\');
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  test('a next page at another origin is refused and gets no token', async () => {
    await using elsewhere = await startAdmin(() => page([]));
    await using admin = await startAdmin(() => page([guest('Ann')], `${elsewhere.issuer}${path}`));
    const { exitCode, stdout, stderr } = await runHere(['mfa', 'list'], admin.env);
    expect(exitCode).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toContain('leads away');
    expect(elsewhere.asked).toEqual([]);
  });

  test('pages that go round end', async () => {
    await using admin = await startAdmin((_, issuer) => page([], `${issuer}${path}?$skiptoken=1`));
    const { exitCode, stderr } = await runHere(['mfa', 'list'], admin.env);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('does not end');
    expect(admin.asked).toHaveLength(3);
  });

  test('an answer of another shape is no list', async () => {
    await using admin = await startAdmin(() => ({ body: { value: [{ id: 1 }] } }));
    const { exitCode, stderr } = await runHere(['mfa', 'list'], admin.env);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('the answer is not understood');
  });
});

describe('mfa reset', () => {
  const answer = {
    operationId: 'op-1',
    user: { id: 'x', userPrincipalName: 'ann#EXT#@host.example', displayName: 'Ann' },
    methodsRemoved: ['softwareOath'],
    sessionsRevoked: 2,
  };
  const sent = ({ body }: Asked): unknown => JSON.parse(body);

  test.each([
    ['alex_contoso.com#EXT#@ host.example', 'userPrincipalName'],
    ['alex_contoso.com#ext#@host.example', 'userPrincipalName'],
    ['A0000001-6F0C-4C1E-9A55-0D3A7BE4C801', 'id'],
    ['alex@contoso.com', 'mail'],
  ])('%s is a %s', async (name, member) => {
    await using admin = await startAdmin(() => ({ body: answer }));
    const { exitCode, stdout } = await runHere(
      ['mfa', 'reset', name, '--reason', 'new phone'],
      admin.env,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'reset: Ann (ann#EXT#@host.example)\n  methods removed   softwareOath\n  sessions ended    2\n  operation         op-1\n',
    );
    expect(admin.asked[1]).toMatchObject({ method: 'POST', url: '/manage/mfa-reset' });
    expect(admin.asked.slice(1).map(sent)).toEqual([{ [member]: name, reason: 'new phone' }]);
    expect(admin.asked[1]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('every option', async () => {
    await using admin = await startAdmin(() => ({ body: answer }));
    const options =
      '--by upn --method softwareOath --proof-up accessPass --idempotency-key k --json';
    const { stdout } = await runHere(
      ['mfa', 'reset', 'alex@host.example', '--reason', 'lost', ...options.split(' ')],
      admin.env,
    );
    expect(JSON.parse(stdout)).toEqual(answer);
    expect(admin.asked.slice(1).map(sent)).toEqual([
      {
        userPrincipalName: 'alex@host.example',
        reason: 'lost',
        methods: ['softwareOath'],
        proofUp: 'accessPass',
      },
    ]);
    expect(admin.asked[1]?.headers['idempotency-key']).toBe('k');
  });

  test('nobody of that name', async () => {
    const error = { code: 'Request_ResourceNotFound', message: 'There is no such guest.' };
    await using admin = await startAdmin(() => ({ status: 404, body: { error } }));
    const { exitCode, stderr } = await runHere(
      ['mfa', 'reset', 'a@b.example', '--reason', 'x'],
      admin.env,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('There is no such guest.');
    expect(stderr).toContain('--by upn');
  });

  test('a key that was used with another request', async () => {
    const error = { code: 'Conflict', message: 'This Idempotency-Key was used.' };
    await using admin = await startAdmin(() => ({ status: 409, body: { error } }));
    const { exitCode, stderr } = await runHere(
      ['mfa', 'reset', 'a@b.example', '--reason', 'x', '--idempotency-key', 'k'],
      admin.env,
    );
    expect(exitCode).toBe(3);
    expect(stderr.split('fix:')[1]).toContain('a new --idempotency-key');
  });

  test('after a lost answer the same key can be used again', async () => {
    await using admin = await startAdmin(() => ({ status: 502, body: 'bad gateway' }));
    const { exitCode, stderr } = await runHere(
      ['mfa', 'reset', 'a@b.example', '--reason', 'x'],
      admin.env,
    );
    expect(exitCode).toBe(4);
    const key = admin.asked[1]?.headers['idempotency-key'];
    expect(stderr).toContain(`--idempotency-key ${String(key)}`);
  });
});

test('neither token nor secret is ever printed, even if the server repeats them', async () => {
  const echo = ({ headers }: Asked) => ({
    status: 400,
    body: {
      error: {
        code: 'BadRequest',
        message: `you sent ${headers.authorization}`,
        details: [{ code: 'x', target: accessToken, message: accessToken }],
      },
    },
  });
  await using admin = await startAdmin(echo);
  const { VESTIBULE_ISSUER } = admin.env;
  for (const env of [admin.env, { VESTIBULE_ISSUER, VESTIBULE_TOKEN: accessToken }])
    for (const line of [
      ['mfa', 'list'],
      ['mfa', 'reset', 'a@b.example', '--reason', 'x', '--json'],
      ['config', 'show', '--json'],
    ]) {
      const { exitCode, stdout, stderr } = await runHere(line, env);
      expect(exitCode).toBe(3);
      for (const secret of [accessToken, clientSecret])
        expect(stdout + stderr).not.toContain(secret);
    }
});
