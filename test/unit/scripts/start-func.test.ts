import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { missing } from '../../../scripts/func/missing.ts';

const empty = mkdtempSync(join(tmpdir(), 'func-'));
const full = mkdtempSync(join(tmpdir(), 'func-'));
writeFileSync(join(full, 'func'), '');
writeFileSync(join(full, 'local.settings.json'), '{}');
afterAll(() => {
  for (const folder of [empty, full]) rmSync(folder, { recursive: true, force: true });
});

it.each([
  [full, [empty, full], []],
  [full, ['', empty], [/^Azure Functions Core Tools .* npm install/]],
  [empty, [full], [/^local\.settings\.json .* local\.settings\.sample\.json/]],
  [empty, [empty], [/Core Tools/, /local\.settings\.json/]],
])('what is missing in %s with PATH %j', (folder, path, said) => {
  const lacks = missing(folder, path.join(delimiter));
  expect(lacks).toEqual(said.map((each) => expect.stringMatching(each)));
});

it('npm run start:func builds nothing before it knows, and ends with 2', () => {
  const script = resolve('scripts/start-func.ts');
  const env = { PATH: empty };
  const ended = spawnSync(process.execPath, [script], { cwd: empty, env, encoding: 'utf8' });
  expect([ended.status, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr.trim().split('\n')).toEqual([
    expect.stringContaining('Core Tools'),
    expect.stringContaining('local.settings.json'),
  ]);
});
