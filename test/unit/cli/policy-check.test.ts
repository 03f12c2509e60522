import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runHere } from './stand-in.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vestibule-policies-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, unknown>>) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(join(dir, name), isRaw ? content : JSON.stringify(content));
  }
}

const check = (...more: string[]) => runHere(['policy', 'check', dir, ...more]);

const id = (n: number) => `b0110000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const policy = (n: number, more: object = {}) => ({
  id: id(n),
  displayName: `P${n}`,
  state: 'enabled',
  conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  ...more,
});
const device = { grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] } };
const onlyGroup = {
  conditions: {
    users: { includeGroups: [id(90)] },
    applications: { includeApplications: ['All'] },
  },
};
const guest = (n: number, more: object = {}) => ({ id: id(n), groupIds: [], ...more });

describe('a file of exports', () => {
  test('each field with what becomes of it', async () => {
    await write({ 'one.json': { ...policy(1), description: 'why' } });
    const { exitCode, stdout, stderr } = await runHere(['policy', 'check', join(dir, 'one.json')]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'P1  enabled  one.json',
        `  carried   /id                                           ${id(1)}`,
        '  carried   /displayName                                  P1',
        '  enforced  /state                                        enabled',
        '  enforced  /conditions/users/includeUsers                ["All"]',
        '  enforced  /conditions/applications/includeApplications  ["All"]',
        '  enforced  /grantControls/operator                       OR',
        '  enforced  /grantControls/builtInControls/0              mfa',
        '  carried   /description                                  why',
        '',
        '1 policy and 0 named locations in 1 file: 1 can be enforced, 0 cannot',
        'no errors, no warnings, 0 for information',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['no JSON', 'hello', 'the file is no JSON'],
    ['no text', new Uint8Array([0xc3, 0x28, 0x80]), 'the file is no UTF-8 or UTF-16 text'],
    ['something else', { TenantId: 'x' }, 'expected a policy'],
  ])('%s is wrong usage', async (_, content, message) => {
    await write({ 'one.json': content });
    const file = join(dir, 'one.json');
    const { exitCode, stdout, stderr } = await runHere(['policy', 'check', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('fix:');
  });
});

describe('a folder of exports', () => {
  test('whatever its names are, in any encoding; what is refused ends with 1', async () => {
    const broken = policy(2, { conditions: { ...policy(2).conditions, moonPhase: ['full'] } });
    const utf16 = Buffer.from(`\ufeff${JSON.stringify({ value: [policy(1), broken] })}`, 'utf16le');
    await write({
      'a/policies of us.json': utf16,
      'b.json': { displayName: 'Office', ipRanges: [{ cidrAddress: '203.0.113.0/24' }] },
      'c.json': { TenantId: 'x' },
    });
    const { exitCode, stdout } = await check('--json');
    expect(exitCode).toBe(1);
    const { isConfiguration, files, totals } = JSON.parse(stdout);
    expect(isConfiguration).toBe(false);
    expect(
      files.map((f: { file: string; kind: string; report: { items: unknown[] } }) => [
        f.file,
        f.kind,
        f.report.items.length,
      ]),
    ).toEqual([
      ['a/policies of us.json', 'policies', 2],
      ['b.json', 'namedLocations', 1],
      ['c.json', 'policies', 0],
    ]);
    expect(files[0].report.items[1]).toMatchObject({
      enforceable: false,
      issues: [{ pointer: '/value/1/conditions/moonPhase', severity: 'error' }],
    });
    expect(totals).toMatchObject({ policies: 2, namedLocations: 1, enforceable: 2, errors: 2 });
    const text = (await check()).stdout;
    expect(text).toContain('P2  enabled  a/policies of us.json#/value/1');
    expect(text).toMatch(/error {5}\/conditions\/moonPhase +the condition is not known here/);
    expect(text).toMatch(/refused {3}\/conditions\/moonPhase +the condition is not known here/);
    expect(text).toMatch(/c\.json\n {2}error {2}\(whole\) {2}expected a policy/);
    expect(text).toContain('2 can be enforced, 1 cannot\n2 errors, 1 warning');
  });

  test('one id in two files is told at both', async () => {
    await write({ 'a.json': policy(1), 'b.json': [policy(1)] });
    const { stdout, exitCode } = await check();
    expect(exitCode).toBe(1);
    expect(stdout.match(/the id stands in another file too/g)).toHaveLength(2);
  });

  test('an enabled policy that asks for risk, which config apply refuses', async () => {
    const conditions = { ...policy(1).conditions, signInRiskLevels: ['high'] };
    await write({ 'p.json': policy(1, { conditions }) });
    const { exitCode, stdout } = await check();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('error     /conditions/signInRiskLevels ');
    await write({ 'p.json': policy(1, { conditions, state: 'disabled' }) });
    expect((await check()).exitCode).toBe(0);
  });

  test('colours, and no control character of a name', async () => {
    await write({ 'a.json': policy(1, { displayName: 'red \u001b[31m', moon: 1 }) });
    const { stdout } = await runHere(['policy', 'check', dir], {}, { isTTY: true });
    expect(stdout).toContain('red \\u001b[31m');
    expect(stdout).toContain('\u001b[32menforced\u001b[39m');
    expect(stdout).toContain('\u001b[31mrefused \u001b[39m');
  });

  test('a folder without JSON is wrong usage', async () => {
    await write({ 'notes.txt': 'x' });
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no .json file below');
    expect(stderr).toContain('fix: name a configuration folder');
  });
});

describe('a configuration folder', () => {
  test('counts the guests that a policy reaches', async () => {
    await write({
      'settings.json': {},
      'partners/contoso.json': { id: 'contoso', tenantId: id(80), clientSecret: { env: 'UNSET' } },
      'guests/a.json': guest(11, { groupIds: [id(90)], identities: [{ partner: 'contoso' }] }),
      'guests/b.json': guest(12),
      'guests/c.json': '{',
      'policies/all.json': policy(1, device),
      'policies/group.json': policy(2, { ...device, ...onlyGroup }),
      'policies/other.json': policy(3, {
        ...device,
        conditions: {
          ...policy(3).conditions,
          users: {
            includeGuestsOrExternalUsers: {
              guestOrExternalUserTypes: 'b2bCollaborationGuest',
              externalTenants: { membershipKind: 'enumerated', members: [id(80)] },
            },
          },
        },
      }),
    });
    const { exitCode, stdout } = await check();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('reaches 2 of 2 guests; this refuses them');
    expect(stdout.match(/reaches 1 of 2 guests; this refuses them/g)).toHaveLength(2);
    expect(stdout).toContain('no errors, 3 warnings, 0 for information\n2 guests counted');
    expect(stdout).toContain('not counted, because it is no guest: guests/c.json');
  });

  test('without a policy is wrong usage', async () => {
    await write({ 'settings.json': {}, 'guests/a.json': guest(1) });
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no policy below');
    expect(stderr).toContain('fix: put exported policies into policies/');
  });

  test('the local world’s own', async () => {
    const { exitCode, stdout } = await runHere(['policy', 'check', 'examples/fabrikam']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('reaches 5 of 5 guests; once it is enabled, this refuses them');
  });
});
