import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const needed = 'bash dirname mktemp rm id tee sed grep tail timeout'.split(' ');

/** `.ci/run` with a made-up npm and apt-get, and nothing else on the PATH but what it needs. */
describe.skipIf(process.platform === 'win32')('.ci/run', () => {
  let root = '';

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'vestibule-ci-'));
    for (const folder of ['bin', '.ci', 'scripts']) mkdirSync(join(root, folder));
    cpSync('.ci/run', join(root, '.ci/run'));
    for (const name of needed) {
      const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
      symlinkSync(found.stdout.trim(), join(root, 'bin', name));
    }
    program('node', 'exit 0');
    program('sudo', '"$@"');
    program('apt-get', 'echo "apt-get $*"');
    program(
      'npm',
      'case "$1" in ci) exit $CI_STATUS;; run) exit $CHECK_STATUS;; *) echo "$SAID"; exit $TEST_STATUS;; esac',
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function program(name: string, body: string): void {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }

  function run(turn: Readonly<Record<string, string>>) {
    const usual = {
      CI_STATUS: '0',
      CHECK_STATUS: '0',
      TEST_STATUS: '0',
      SAID: '5 passed, 0 failed',
    };
    const { status, stdout } = spawnSync(join(root, 'bin/bash'), [join(root, '.ci/run')], {
      encoding: 'utf8',
      env: { PATH: join(root, 'bin'), ...usual, ...turn },
    });
    const lines = stdout.trimEnd().split('\n');
    return {
      status,
      stdout,
      last: lines.at(-1),
      closing: lines.filter((line) => line.endsWith(' failed')),
    };
  }

  it('is green when checks and tests are, and says so once', () => {
    const { status, stdout, closing } = run({});
    expect(status).toBe(0);
    expect(closing).toEqual(['5 passed, 0 failed']);
    expect(stdout).toContain('apt-get install -y -qq --no-install-recommends chromium');
  });

  it.each([
    ['npm ci', { CI_STATUS: '1' }, '0 passed, 1 failed'],
    ['a check', { CHECK_STATUS: '1' }, '5 passed, 1 failed'],
    ['a test', { TEST_STATUS: '1', SAID: '5 passed, 2 failed\nnpm error' }, '5 passed, 2 failed'],
    ['the runner after its tests', { TEST_STATUS: '1' }, '5 passed, 1 failed'],
    ['the runner before its line', { SAID: 'nothing' }, '0 passed, 1 failed'],
  ])('is red when %s fails', (_what, turn, line) => {
    const { status, last } = run(turn);
    expect(status).not.toBe(0);
    expect(last).toBe(line);
  });
});
