import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openClient } from '../../../cli/client.ts';
import { applyFolder } from '../../../cli/config.ts';
import { runHere, type Said, startAdmin } from './stand-in.ts';

const applied = {
  dryRun: false,
  version: 2,
  etag: '"2.abc"',
  changes: [
    { file: 'groups/a.json', change: 'added' },
    { file: 'settings.json', change: 'changed' },
  ],
  warnings: [{ file: 'policies/x.json', pointer: '/state', message: 'off' }],
  guests: { created: 1, updated: 0, unchanged: 4 },
  effectiveBy: '2026-01-01T00:00:05.000Z',
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vestibule-config-'));
  await writeFile(join(dir, 'settings.json'), '{"a": 1}');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('config apply', () => {
  test('sends the folder and prints what changed', async () => {
    await using admin = await startAdmin(() => ({ body: applied }));
    const { exitCode, stdout, stderr } = await runHere(
      ['config', 'apply', dir, '--no-wait'],
      admin.env,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'version 2 is stored (ETag "2.abc"); in force everywhere from 2026-01-01T00:00:05.000Z',
        '  added    groups/a.json',
        '  changed  settings.json',
        'guests: 1 created, 0 updated, 4 unchanged',
        '1 warning:',
        '  policies/x.json#/state  off',
        '',
      ].join('\n'),
    );
    expect(admin.asked[1]).toMatchObject({ method: 'PUT', url: '/manage/config?dryRun=false' });
    expect(admin.asked[1]?.headers['if-match']).toBeUndefined();
    expect(JSON.parse(admin.asked[1]?.body ?? '')).toEqual({
      files: { 'settings.json': '{"a": 1}' },
    });
  });

  test('tells warnings and what is for information apart', async () => {
    const note = { ...applied.warnings[0], message: 'on paper', severity: 'information' };
    const warnings = [note, { ...applied.warnings[0], severity: 'warning' }];
    await using admin = await startAdmin(() => ({ body: { ...applied, warnings } }));
    const { stdout } = await runHere(['config', 'apply', dir, '--no-wait'], admin.env);
    expect(stdout).toContain('\n1 warning:\n  policies/x.json#/state  off\n');
    expect(stdout).toContain('\n1 for information:\n  policies/x.json#/state  on paper\n');
  });

  test.each(['2.abc', '"2.abc"'])('--dry-run and --if-match %s', async (etag) => {
    await using admin = await startAdmin(() => ({ body: { ...applied, dryRun: true } }));
    const { stdout } = await runHere(
      ['config', 'apply', dir, '--dry-run', '--if-match', etag, '--json'],
      admin.env,
    );
    expect(JSON.parse(stdout)).toEqual({ ...applied, dryRun: true });
    expect(admin.asked[1]).toMatchObject({
      url: '/manage/config?dryRun=true',
      headers: { 'if-match': '"2.abc"' },
    });
  });

  test('prints every fault of a refused folder', async () => {
    const details = [
      { code: 'BadRequest', target: 'settings.json#/organisation', message: 'missing' },
      { code: 'BadRequest', target: 'apps/a.json#/x', message: 'no such property' },
    ];
    const error = { code: 'BadRequest', message: 'settings.json#/organisation: missing', details };
    await using admin = await startAdmin(() => ({ status: 400, body: { error } }));
    const { exitCode, stdout, stderr } = await runHere(
      ['config', 'apply', dir, '--json'],
      admin.env,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('  settings.json#/organisation  missing\n');
    expect(stderr).toContain('  apps/a.json#/x               no such property\n');
    expect(JSON.parse(stdout).error.details).toEqual(details.map(({ code: _, ...rest }) => rest));
  });

  test('a folder that cannot be read sends nothing, not even for a token', async () => {
    await mkdir(join(dir, 'partners'));
    await writeFile(join(dir, 'partners/a.json'), '{"clientSecret":{"env":"NOT_SET"}}');
    await using admin = await startAdmin(() => ({ body: applied }));
    const { exitCode, stderr } = await runHere(['config', 'apply', dir], admin.env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('set NOT_SET');
    expect(admin.asked).toEqual([]);
  });
});

describe('waiting', () => {
  const timed = async (
    said: (now: number) => Said,
    options: { wait: boolean; dryRun?: boolean },
  ) => {
    await using admin = await startAdmin(() => said(Date.now()));
    const client = openClient({ issuer: admin.issuer, token: 'a.b.c' });
    const start = performance.now();
    await applyFolder(client, { 'settings.json': '{}' }, options);
    return performance.now() - start;
  };
  const effectiveIn = (ms: number) => (now: number) => ({
    body: { ...applied, effectiveBy: new Date(now + ms).toISOString() },
    headers: { date: new Date(now).toUTCString() },
  });
  const dayMs = 86_400_000;

  test('until every instance decides by the version', async () => {
    expect(await timed(effectiveIn(700), { wait: true })).toBeGreaterThan(1150);
  });

  // whoever waited here would wait for a day
  test('only if asked to', async () => {
    expect(await timed(effectiveIn(dayMs), { wait: false })).toBeLessThan(dayMs);
    expect(await timed(effectiveIn(dayMs), { wait: true, dryRun: true })).toBeLessThan(dayMs);
  });

  test('by the server’s clock, not by ours', async () => {
    const yearAhead = (now: number) => effectiveIn(700)(now + 365 * dayMs);
    expect(await timed(yearAhead, { wait: true })).toBeLessThan(365 * dayMs);
  });
});

describe('config show', () => {
  const shown = {
    etag: '"3.x"',
    version: 3,
    appliedAt: '2026-01-01T00:00:00.000Z',
    appliedBy: 'app:\u001b[31mred',
    files: { 'settings.json': '{"a":2}\n', 'groups/b.json': '{}\n' },
  };

  test('names the version and its files', async () => {
    await using admin = await startAdmin(() => ({ body: shown }));
    const text = await runHere(['config', 'show'], admin.env);
    expect(text.stdout).toBe(
      'version 3 (ETag "3.x"), applied 2026-01-01T00:00:00.000Z by app:\\u001b[31mred\n  settings.json\n  groups/b.json\n',
    );
    const json = await runHere(['config', 'show', '--json'], admin.env);
    expect(JSON.parse(json.stdout)).toEqual(shown);
    expect(json.stdout).not.toContain('\u001b');
  });

  test('says when there is none', async () => {
    const none = { etag: '"none"', version: 0, files: {} };
    await using admin = await startAdmin(() => ({ body: none }));
    const { stdout } = await runHere(['config', 'show'], admin.env);
    expect(stdout).toBe('no configuration has been applied yet\n');
  });

  test('--out writes the files and names what the gateway does not have', async () => {
    for (const name of ['groups', 'guests']) await mkdir(join(dir, name));
    await writeFile(join(dir, 'groups/old.json'), '{}');
    await writeFile(join(dir, 'guests/ann.json'), '{}');
    await using admin = await startAdmin(() => ({ body: shown }));
    const { stdout } = await runHere(['config', 'show', '--out', dir, '--json'], admin.env);
    expect(JSON.parse(stdout)).toEqual({
      etag: '"3.x"',
      version: 3,
      written: ['groups/b.json', 'settings.json'],
      kept: ['groups/old.json'],
    });
    expect(await readFile(join(dir, 'settings.json'), 'utf8')).toBe('{"a":2}\n');
  });

  test.each([
    '../x.json',
    'a/../../x.json',
    '/etc/x.json',
    'C:\\x.json',
    'apps\\x.json',
    'a/b/c.json',
    'apps/..json',
  ])('--out writes nothing if the gateway names a file %s', async (name) => {
    await using admin = await startAdmin(() => ({
      body: { ...shown, files: { 'groups/b.json': '{}', [name]: '{}' } },
    }));
    const out = join(dir, 'out');
    const { exitCode } = await runHere(['config', 'show', '--out', out], admin.env);
    expect(exitCode).toBe(4);
    await expect(readFile(join(out, 'groups/b.json'))).rejects.toThrow('ENOENT');
  });
});
