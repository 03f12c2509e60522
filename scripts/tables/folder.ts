import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableName } from '../../shared/ports.ts';
import type { Place, Row } from './copy.ts';

const pageRows = 1_000;

/** One file a table, one row a line. Names and addresses of guests stand in it: nobody else reads the folder. */
export function folderOf(folder: string): Place {
  const fileOf = (table: TableName) => join(folder, `${table}.jsonl`);
  return {
    isEmpty: async (table) => !existsSync(fileOf(table)),

    async *read(table) {
      const file = await open(fileOf(table));
      let rows: Row[] = [];
      for await (const line of file.readLines()) {
        rows.push(JSON.parse(line) as Row);
        if (rows.length === pageRows) {
          yield rows;
          rows = [];
        }
      }
      yield rows;
    },

    async write(table, pages) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(fileOf(table), 'wx', 0o600);
      try {
        for await (const rows of pages)
          await file.writeFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      } finally {
        await file.close();
      }
    },
  };
}
