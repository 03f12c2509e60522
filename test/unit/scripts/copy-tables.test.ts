import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAzurite } from '../../../dev/azurite.ts';
import { copiedTables, copyTables } from '../../../scripts/tables/copy.ts';
import { folderOf } from '../../../scripts/tables/folder.ts';
import { serviceOf } from '../../../scripts/tables/service.ts';
import { openTables } from '../../../shared/adapters/store/tables.ts';
import { insert } from '../../../shared/rows/row.ts';

type Azurite = Awaited<ReturnType<typeof startAzurite>>;
const run = promisify(execFile);

let from: Azurite;
let to: Azurite;
let folder: string;
beforeAll(async () => {
  [from, to] = await Promise.all([startAzurite(), startAzurite()]);
  folder = mkdtempSync(join(tmpdir(), 'copy-'));
  const store = openTables({ connectionString: from.connectionString });
  await store.ensureTables();
  for (const table of copiedTables)
    for (let n = 0; n < 3; n++)
      await store.commit({ table, key: `p${n}` }, [insert('a', { n, table, text: 'é€😀' })], 'x');
  // more than one commit, and than one page
  for (let n = 0; n < 1_100; n += 100) {
    const rows = Array.from({ length: 100 }, (_, k) => insert(`r${n + k}`, { n: n + k }));
    await store.commit({ table: 'guests', key: 'many' }, rows, `many${n}`);
  }
  const large = Array.from({ length: 4 }, (_, k) => insert(`l${k}`, { text: 'x'.repeat(400_000) }));
  for (const row of large) await store.commit({ table: 'guests', key: 'large' }, [row], row.key);
});
afterAll(async () => {
  await Promise.all([from.close(), to.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function rowsOf({ connectionString }: Azurite) {
  const place = serviceOf(openTables({ connectionString }));
  const all: unknown[] = [];
  for (const table of copiedTables)
    for await (const rows of place.read(table)) all.push(...rows.map((row) => ({ table, ...row })));
  return all;
}

const command = (...args: readonly string[]) =>
  run(process.execPath, ['scripts/copy-tables.ts', ...args]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );

describe('a copy of the tables', () => {
  it('into a folder and from there into an empty service: every row as it was', async () => {
    const backup = join(folder, 'backup');
    const written = await command(from.connectionString, backup);
    expect(written).toMatchObject({ code: 0, said: expect.stringMatching(/^guests +1107 rows$/m) });
    expect(readdirSync(backup).toSorted()).toEqual(
      copiedTables.map((t) => `${t}.jsonl`).toSorted(),
    );
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(statSync(join(backup, 'guests.jsonl')).mode & 0o077).toBe(0);
    expect(await command(backup, to.connectionString)).toMatchObject({ code: 0 });
    const before = await rowsOf(from);
    expect(before).toHaveLength(4 * 3 + 1_107);
    expect(await rowsOf(to)).toEqual(before);
  });

  it('nothing is written where rows are', async () => {
    const backup = join(folder, 'twice');
    expect((await command(from.connectionString, backup, '--without', 'guests')).code).toBe(0);
    const text = readFileSync(join(backup, 'config.jsonl'), 'utf8');
    expect(await command(to.connectionString, backup, '--without', 'expiring')).toEqual({
      code: 1,
      said: expect.stringContaining('directory has rows'),
    });
    expect(readFileSync(join(backup, 'config.jsonl'), 'utf8')).toBe(text);
    expect(readdirSync(backup)).not.toContain('guests.jsonl');
    const place = serviceOf(openTables({ connectionString: to.connectionString }));
    await expect(copyTables(folderOf(backup), place, ['config'])).rejects.toThrow(
      'config has rows',
    );
  });

  it.each([
    [[], 2, 'npm run copy:tables'],
    [['a', 'b', 'c'], 2, 'npm run copy:tables'],
    [['a', 'b', '--without', 'guest'], 2, 'npm run copy:tables'],
    [['http://stdata.example', 'b'], 1, 'https endpoint'],
    [['https://stdata.example/?sig=secret', 'b'], 1, 'https endpoint'],
  ])('%j ends with %i', async (args, code, says) => {
    const ended = await command(...args);
    expect(ended).toEqual({ code, said: expect.stringContaining(says) });
    expect(ended.said).not.toContain('secret');
  });
});
