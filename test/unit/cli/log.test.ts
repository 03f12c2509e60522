import { describe, expect, test } from 'vitest';
import type { DirectoryAudit, SignIn } from '../../../shared/api/log.ts';
import { type Asked, runHere, startAdmin } from './stand-in.ts';

const path = '/v1.0/auditLogs/signIns';
const guest = 'a0000003-0b84-49a2-8f7e-e1d2c3b4a503';
const app = '3d9c5a1e-0b7f-4e26-8a44-17c2f0d6b001';

const granted: SignIn = {
  id: '6HTR-4PWB-X0K',
  createdDateTime: '2026-11-21T06:55:12.225Z',
  userId: guest,
  appId: app,
  appDisplayName: 'Woodgrove',
  ipAddress: '198.51.100.7',
  deviceDetail: { operatingSystem: 'windows' },
  conditionalAccessStatus: 'success',
  appliedConditionalAccessPolicies: [],
  status: { errorCode: 0 },
  '@vestibule.result': 'success',
  '@vestibule.events': [],
};

const refused: SignIn = {
  ...granted,
  id: '6HTR-4PVZ-A2C',
  createdDateTime: '2026-11-21T06:54:02.100Z',
  conditionalAccessStatus: 'failure',
  appliedConditionalAccessPolicies: [
    { id: 'p1', displayName: 'CA001 Guests', result: 'notApplied' },
    { id: 'p2', result: 'failure' },
  ],
  status: { errorCode: 53003, failureReason: 'The rules of Fabrikam do not allow this.' },
  '@vestibule.result': 'failure',
  '@vestibule.cause': 'blockedByPolicy',
  '@vestibule.outcome': 'block',
  '@vestibule.setVersion': '2.ydHFBPnSAbv9',
  '@vestibule.events': [
    { at: '2026-11-21T06:54:01.000Z', what: 'started' },
    { at: '2026-11-21T06:54:01.001Z', what: 'sentHome', detail: 'contoso' },
    { at: '2026-11-21T06:54:02.100Z', what: 'blocked', detail: 'blockedByPolicy' },
  ],
};

const stranger: SignIn = {
  id: '6HTR-4PVY-000',
  createdDateTime: '2026-11-21T06:50:00.000Z',
  conditionalAccessStatus: 'notApplied',
  appliedConditionalAccessPolicies: [],
  status: { errorCode: null, failureReason: 'The sign-in was begun and never finished.' },
  '@vestibule.result': 'failure',
  '@vestibule.events': [],
};

const audit: DirectoryAudit = {
  id: '6HTR-5000-000',
  activityDateTime: '2026-11-21T07:00:00.000Z',
  activityDisplayName: 'resetMfa',
  correlationId: 'op-1',
  result: 'success',
  resultReason: 'done',
  initiatedBy: { app: { appId: app, displayName: 'Automation' } },
  targetResources: [{ id: guest, type: 'User' }],
  '@vestibule.phase': 'result',
  '@vestibule.reason': 'new phone',
};

const page = (value: readonly unknown[], next?: string) => ({
  body: { '@odata.context': 'x', ...(next ? { '@odata.nextLink': next } : {}), value },
});

const queryOf = (asked: readonly Asked[]): URLSearchParams =>
  new URL(asked[1]?.url ?? '', 'http://localhost').searchParams;

describe('log list', () => {
  test('a table; an empty page leads on', async () => {
    await using admin = await startAdmin(({ url }, issuer) =>
      url.includes('skiptoken=2')
        ? page([refused, stranger])
        : url.includes('skiptoken')
          ? page([], `${issuer}${path}?$skiptoken=2`)
          : page([granted], `${issuer}${path}?$skiptoken=1`),
    );
    const { exitCode, stdout } = await runHere(['log', 'list'], admin.env);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'TIME                      REFERENCE      RESULT   CAUSE            GUEST                                 APP',
      `2026-11-21T06:55:12.225Z  6HTR-4PWB-X0K  success                   ${guest}  Woodgrove`,
      `2026-11-21T06:54:02.100Z  6HTR-4PVZ-A2C  failure  blockedByPolicy  ${guest}  Woodgrove`,
      '2026-11-21T06:50:00.000Z  6HTR-4PVY-000  failure',
      '',
      '3 sign-ins, 2 failed',
      '',
    ]);
    const url = new URL(admin.asked[1]?.url ?? '', admin.issuer);
    expect(url.pathname).toBe(path);
    expect([...url.searchParams.keys()]).toEqual(['$top']);
    const json = await runHere(['log', 'list', '--json'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual({ value: [granted, refused, stranger] });
  });

  test('nothing', async () => {
    await using admin = await startAdmin(() => page([]));
    const { exitCode, stdout } = await runHere(['log', 'list'], admin.env);
    expect([exitCode, stdout]).toEqual([0, 'nothing in this time\n']);
  });

  test.each([
    [
      '--hour 2026112106',
      'createdDateTime ge 2026-11-21T06:00:00.000Z and createdDateTime le 2026-11-21T06:59:59.999Z',
    ],
    ['--since 2026-11-21', 'createdDateTime ge 2026-11-21T00:00:00.000Z'],
    ['--since 2026-11-21T08:00:00+02:00', 'createdDateTime ge 2026-11-21T06:00:00.000Z'],
    ["--guest o'neil@x.example", "userId eq 'o''neil@x.example'"],
    ['--failed', 'status/errorCode ne 0'],
    [
      '--failed --guest x@y.example --since 2026-11-21',
      "createdDateTime ge 2026-11-21T00:00:00.000Z and userId eq 'x@y.example' and status/errorCode ne 0",
    ],
  ])('%s', async (options, filter) => {
    await using admin = await startAdmin(() => page([]));
    await runHere(['log', 'list', ...options.split(' ')], admin.env);
    expect(queryOf(admin.asked).get('$filter')).toBe(filter);
  });

  test.each([
    ['90m', 90 * 60_000],
    ['2h', 2 * 3_600_000],
    ['3d', 3 * 86_400_000],
  ])('--since %s counts from now', async (since, ms) => {
    await using admin = await startAdmin(() => page([]));
    await runHere(['log', 'list', '--since', since], admin.env);
    const [, from] =
      /^createdDateTime ge (\S+)$/.exec(queryOf(admin.asked).get('$filter') ?? '') ?? [];
    expect(Math.abs(Date.now() - Date.parse(from ?? '') - ms)).toBeLessThan(10_000);
  });

  test('--limit ends the list and says that there is more', async () => {
    await using admin = await startAdmin((_, issuer) =>
      page([granted, refused], `${issuer}${path}?$skiptoken=1`),
    );
    const { stdout } = await runHere(['log', 'list', '--limit', '2'], admin.env);
    expect(stdout).toContain('2 sign-ins, 1 failed; there are older ones');
    expect(queryOf(admin.asked).get('$top')).toBe('2');
    expect(admin.asked).toHaveLength(2);
    const one = await runHere(['log', 'list', '--limit', '1', '--json'], admin.env);
    expect(JSON.parse(one.stdout)).toEqual({ value: [granted] });
  });

  test('a limit above one page asks for whole pages', async () => {
    await using admin = await startAdmin(() => page([]));
    await runHere(['log', 'list', '--limit', '5000'], admin.env);
    expect(queryOf(admin.asked).get('$top')).toBe('999');
  });

  test('--audit', async () => {
    await using admin = await startAdmin(() => page([audit]));
    const { stdout } = await runHere(['log', 'list', '--audit', '--hour', '2026112107'], admin.env);
    expect(admin.asked[1]?.url).toMatch(/^\/v1\.0\/auditLogs\/directoryAudits\?/);
    expect(queryOf(admin.asked).get('$filter')).toMatch(
      /^activityDateTime ge .* and activityDateTime le /,
    );
    expect(stdout.split('\n')).toEqual([
      'TIME                      REFERENCE      ACTIVITY  PHASE   RESULT  BY          TARGET',
      `2026-11-21T07:00:00.000Z  6HTR-5000-000  resetMfa  result  done    Automation  ${guest}`,
      '',
      '1 entry',
      '',
    ]);
  });

  test.each([
    [404, 'vestibule mfa list'],
    [409, 'object id'],
  ])('a name that the gateway answers with %s', async (status, fix) => {
    const error = { code: 'x', message: 'about the name' };
    await using admin = await startAdmin(() => ({ status, body: { error } }));
    const { exitCode, stderr } = await runHere(
      ['log', 'list', '--guest', 'x@y.example'],
      admin.env,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('about the name');
    expect(stderr.split('fix:')[1]).toContain(fix);
  });

  test.each([
    ['--hour 20261121', '--hour is no hour', '2026112109'],
    ['--hour 2026113299', '--hour is no hour', '2026112109'],
    ['--since yesterday', '--since is no time', '2h'],
    ['--since 2026-11-21T08:00:00', '--since is no time', '2h'],
    ['--since 2026-13-01', '--since is no time', '2h'],
    ['--since 2h --hour 2026112106', '--since and --hour', 'one of them'],
    ['--limit 0', '--limit', '--limit 500'],
    ['--limit x', '--limit', '--limit 500'],
    ['--audit --failed', 'for sign-ins', '--audit'],
    ['--audit --guest x', 'for sign-ins', '--audit'],
  ])('%s is wrong usage, and nothing is sent', async (options, message, fix) => {
    await using admin = await startAdmin(() => page([]));
    const { exitCode, stderr } = await runHere(['log', 'list', ...options.split(' ')], admin.env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.split('fix:')[1]).toContain(fix);
    expect(admin.asked).toEqual([]);
  });
});

describe('log show', () => {
  const shown = async (entry: SignIn | DirectoryAudit, ...options: readonly string[]) => {
    await using admin = await startAdmin(() => ({ body: { '@odata.context': 'x', ...entry } }));
    const ran = await runHere(['log', 'show', '6htr 4pvz a2c', ...options], admin.env);
    return { ...ran, url: admin.asked[1]?.url };
  };

  test('an account of one sign-in, in words and with its events', async () => {
    const { exitCode, stdout, url } = await shown(refused);
    expect(exitCode).toBe(0);
    expect(url).toBe(`${path}/6htr%204pvz%20a2c`);
    expect(stdout.split('\n')).toEqual([
      'sign-in 6HTR-4PVZ-A2C',
      '  when     2026-11-21T06:54:02.100Z',
      '  result   failure: The rules of Fabrikam do not allow this.',
      "  cause    blockedByPolicy, Entra's code 53003",
      `  guest    ${guest}`,
      `  app      Woodgrove (${app})`,
      '  from     198.51.100.7, windows',
      '  outcome  block',
      '  version  2.ydHFBPnSAbv9',
      '',
      'policies',
      '  notApplied  CA001 Guests',
      '  failure     p2',
      '',
      'events',
      '  2026-11-21T06:54:01.000Z  started',
      '  2026-11-21T06:54:01.001Z  sentHome  contoso',
      '  2026-11-21T06:54:02.100Z  blocked  blockedByPolicy',
      '',
    ]);
  });

  test('what is not known has no line', async () => {
    const { stdout } = await shown(stranger);
    expect(stdout.split('\n')).toEqual([
      'sign-in 6HTR-4PVY-000',
      '  when    2026-11-21T06:50:00.000Z',
      '  result  failure: The sign-in was begun and never finished.',
      '  guest   nobody was recognised',
      '',
    ]);
  });

  test('--audit', async () => {
    const { stdout, url } = await shown(audit, '--audit');
    expect(url).toMatch(/^\/v1\.0\/auditLogs\/directoryAudits\//);
    for (const said of ['resetMfa', 'Automation', guest, 'new phone', 'op-1'])
      expect(stdout).toContain(said);
  });

  test('another entry of the same reference is named', async () => {
    const others = { '@vestibule.sameReference': ['6HTR-4PVZ-A2C.a_b-1234'] };
    const { stdout } = await shown({ ...refused, ...others });
    expect(stdout).toContain('another entry has the same reference: 6HTR-4PVZ-A2C.a_b-1234');
    const { stdout: json } = await shown({ ...refused, ...others }, '--json');
    expect(JSON.parse(json)).toEqual({ ...refused, ...others });
  });

  test('a reference that leads nowhere', async () => {
    const error = { code: 'Request_ResourceNotFound', message: 'Nothing in this log.' };
    await using admin = await startAdmin(() => ({ status: 404, body: { error } }));
    const { exitCode, stderr } = await runHere(['log', 'show', '../x'], admin.env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Nothing in this log.');
    expect(stderr).toContain('vestibule log list');
    expect(admin.asked[1]?.url).toBe(`${path}/..%2Fx`);
  });

  test('nothing of it can move the cursor', async () => {
    const evil = '\u001b[2J\u202e\n';
    const { stdout } = await shown({
      ...refused,
      appDisplayName: evil,
      appliedConditionalAccessPolicies: [{ id: 'p', displayName: evil, result: evil }],
      '@vestibule.events': [{ at: evil, what: evil, detail: evil }],
      '@vestibule.sameReference': [evil],
    });
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
