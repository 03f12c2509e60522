import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolder } from '../../../cli/folder.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vestibule-folder-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
}

test('every .json file by its relative name; others and hidden ones are left out', async () => {
  await write({
    'settings.json': '{"a":1}',
    'apps/woodgrove.json': '{}',
    'README.md': '# ours',
    'apps/notes.txt': 'x',
    '.vscode/settings.json': '{}',
    '.hidden.json': '{}',
  });
  expect(await readFolder(dir, {})).toEqual({
    'settings.json': '{"a":1}',
    'apps/woodgrove.json': '{}',
  });
});

test('an ending in capitals is not overlooked: the server refuses the name', async () => {
  await write({ 'settings.json': '{}', 'policies/block.JSON': '{}' });
  expect(Object.keys(await readFolder(dir, {}))).toContain('policies/block.JSON');
});

test('text that is no JSON is the server’s to refuse', async () => {
  await write({ 'settings.json': '{', 'partners/x.json': '[' });
  expect(await readFolder(dir, {})).toEqual({ 'settings.json': '{', 'partners/x.json': '[' });
});

test('a link to a file is read, one to a folder is not followed', async () => {
  await write({ 'settings.json': '{}', 'groups/a.json': '{"id":"a"}' });
  await symlink(join(dir, 'groups/a.json'), join(dir, 'groups/b.json'));
  await symlink(dir, join(dir, 'round'));
  expect(Object.keys(await readFolder(dir, {}))).toEqual([
    'groups/a.json',
    'groups/b.json',
    'settings.json',
  ]);
});

describe('byte order marks', () => {
  const text = '{"displayName":"Grünwald – 合同会社 😀"}';
  const littleEndian = Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE', littleEndian],
    ['UTF-16BE', Buffer.from(littleEndian).swap16()],
  ])('%s', async (_, bytes) => {
    await write({ 'settings.json': bytes });
    expect(await readFolder(dir, {})).toEqual({ 'settings.json': text });
  });

  test.each([
    ['UTF-8', Buffer.from([0x7b, 0xe4, 0x7d])],
    ['UTF-16LE', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ])('what is not %s names its file', async (encoding, bytes) => {
    await write({ 'groups/x.json': bytes });
    await expect(readFolder(dir, {})).rejects.toMatchObject({
      message: `groups/x.json is not ${encoding}`,
      exitCode: 2,
    });
  });
});

describe('secrets of partners', () => {
  const partner = { id: 'contoso', clientSecret: { env: 'CONTOSO_CLIENT_SECRET' }, domains: [] };
  const entry = JSON.stringify(partner);

  test('come from the environment', async () => {
    await write({ 'partners/contoso.json': Buffer.from(`\ufeff${entry}`, 'utf16le') });
    const files = await readFolder(dir, { CONTOSO_CLIENT_SECRET: 'pst "quoted"' });
    expect(JSON.parse(files['partners/contoso.json'] ?? '')).toEqual({
      ...partner,
      clientSecret: 'pst "quoted"',
    });
  });

  test.each([{}, { CONTOSO_CLIENT_SECRET: '' }])(
    'a missing one names file and variable',
    async (env) => {
      await write({ 'partners/contoso.json': entry });
      await expect(readFolder(dir, env)).rejects.toMatchObject({
        message: expect.stringMatching(/partners\/contoso\.json.*CONTOSO_CLIENT_SECRET/),
        fix: expect.stringContaining('set CONTOSO_CLIENT_SECRET'),
        exitCode: 2,
      });
    },
  );

  test.each(['VESTIBULE_CLIENT_SECRET', 'vestibule_token'])(
    'the administrator’s own, %s, goes to no partner',
    async (name) => {
      await write({ 'partners/evil.json': JSON.stringify({ clientSecret: { env: name } }) });
      await expect(readFolder(dir, { [name]: 'mine' })).rejects.toMatchObject({ exitCode: 2 });
    },
  );

  test('elsewhere and in other shapes { "env": … } stays as it is', async () => {
    const more = JSON.stringify({ clientSecret: { env: 'A', more: 1 } });
    await write({ 'apps/x.json': entry, 'partners/y.json': more, 'partners/z.json': '{"a": 1}' });
    const files = await readFolder(dir, { A: 'no', CONTOSO_CLIENT_SECRET: 'no' });
    expect(files).toEqual({
      'apps/x.json': entry,
      'partners/y.json': more,
      'partners/z.json': '{"a": 1}',
    });
  });
});

test.each(['', 'not-there'])('a folder without JSON, or none, is an error: "%s"', async (below) => {
  await expect(readFolder(join(dir, below), {})).rejects.toMatchObject({ exitCode: 2 });
});
