import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { clientSecret, startAdmin } from './stand-in.ts';

// The real process: exit codes, streams and the environment as a shell has them.
async function vestibule(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', SystemRoot = '' } = process.env;
  const child = spawn(process.execPath, [resolve('cli/vestibule.ts'), ...args], {
    env: { PATH, SystemRoot, ...env },
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await closed;
  return { exitCode, stdout, stderr };
}

const applied = {
  dryRun: true,
  version: 2,
  etag: '"2.abc"',
  changes: [],
  warnings: [],
  guests: { created: 0, updated: 0, unchanged: 1 },
  effectiveBy: '2030-01-01T00:00:05.000Z',
};

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-cli-'));
  await writeFile(join(dir, 'settings.json'), '{}');
  return dir;
}

test('0: done', async () => {
  expect(await vestibule(['--version'])).toEqual({
    exitCode: 0,
    stdout: `vestibule ${packageJson.version}\n`,
    stderr: '',
  });
});

test('0 and 1: config diff finds nothing, or something', async () => {
  const dir = await folder();
  await using same = await startAdmin(() => ({ body: applied }));
  expect(await vestibule(['config', 'diff', dir], same.env)).toMatchObject({ exitCode: 0 });
  for (const difference of [
    { changes: [{ file: 'settings.json', change: 'changed' }] },
    { guests: { created: 1, updated: 0, unchanged: 0 } },
  ]) {
    await using other = await startAdmin(() => ({ body: { ...applied, ...difference } }));
    expect(await vestibule(['config', 'diff', dir], other.env)).toMatchObject({ exitCode: 1 });
  }
});

test('2: wrong usage', async () => {
  const { exitCode, stdout, stderr } = await vestibule(['mfa', 'rest']);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain("did you mean 'mfa reset'?");
});

test('3: refused by the gateway', async () => {
  await using admin = await startAdmin(() => ({
    status: 403,
    body: { error: { code: 'Authorization_RequestDenied', message: 'This needs one of …' } },
  }));
  const { exitCode, stderr } = await vestibule(['mfa', 'list'], admin.env);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('Authorization_RequestDenied');
  expect(stderr).toContain('appRoles');
});

test('4: failing, and not reachable', async () => {
  const admin = await startAdmin(() => ({
    status: 503,
    headers: { 'retry-after': '30' },
    body: { error: { code: 'ServiceUnavailable', message: 'The service is busy.' } },
  }));
  const failing = await vestibule(['mfa', 'list'], admin.env);
  expect(failing.exitCode).toBe(4);
  expect(failing.stderr).toContain('try again in 30 s');
  await admin[Symbol.asyncDispose]();
  const gone = await vestibule(['mfa', 'list', '--json'], admin.env);
  expect(gone.exitCode).toBe(4);
  expect(gone.stderr).toContain('cannot be reached: ECONNREFUSED');
  expect(JSON.parse(gone.stdout)).toMatchObject({ error: { exitCode: 4 } });
  expect(gone.stdout + gone.stderr).not.toContain(clientSecret);
});

test('a reader that stops early is no fault', async () => {
  const child = spawn(process.execPath, [resolve('cli/vestibule.ts'), '--help']);
  child.stdout.destroy();
  const stderr = await text(child.stderr);
  expect(stderr).toBe('');
});

test('secret new makes a secret and its hash, another each time', async () => {
  const first = JSON.parse((await vestibule(['secret', 'new', '--json'])).stdout);
  const second = (await vestibule(['secret', 'new'])).stdout;
  expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32);
  const hash = createHash('sha256').update(first.secret).digest('base64url');
  expect(first.hash).toBe(`sha256:${hash}`);
  expect(second).toMatch(/^ {2}secret {2}[\w-]{43}\n {2}hash {4}sha256:[\w-]{43}\n$/);
  expect(second).not.toContain(first.secret);
});
