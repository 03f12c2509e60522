import type { TableStore } from '../../shared/adapters/store/discipline.ts';
import { randomToken } from '../../shared/core/ids.ts';
import { inParallel } from '../../shared/core/parallel.ts';
import type { TableName } from '../../shared/ports.ts';
import { insert } from '../../shared/rows/row.ts';
import type { Place, Row } from './copy.ts';

const everything = { from: '!', to: '~' };
const pageRows = 1_000;
const commitsAtOnce = 8;
/** What one commit may hold: 100 rows and 4 MiB, in the service's own reckoning. */
const commitRows = 100;
const commitBytes = 3_500_000;

export function serviceOf(store: TableStore): Place {
  async function* read(table: TableName, limit = pageRows) {
    let cursor: string | undefined;
    do {
      const page = await store.scan(table, everything, { limit, cursor });
      yield page.rows.map(({ partition, key, value }) => ({ partition, key, value }));
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async function write(table: TableName, rows: readonly Row[]): Promise<void> {
    const [{ partition: key } = { partition: '' }] = rows;
    const changes = rows.map((row) => insert(row.key, row.value));
    if ((await store.commit({ table, key }, changes, randomToken())) === 'conflict')
      throw new Error(`${table} was written to meanwhile`);
  }

  return {
    async isEmpty(table) {
      await store.ensureTables();
      for await (const rows of read(table, 1)) if (rows.length > 0) return false;
      return true;
    },
    read: (table) => read(table),
    async write(table, pages) {
      for await (const rows of pages)
        await inParallel(commitsOf(rows), commitsAtOnce, (some) => write(table, some));
    },
  };
}

/** Of one partition each. */
function commitsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const commits: Row[][] = [];
  for (const ofOne of Map.groupBy(rows, ({ partition }) => partition).values()) {
    let bytes = Number.POSITIVE_INFINITY;
    for (const row of ofOne) {
      const more = 2 * JSON.stringify(row.value).length + 4_096;
      if (bytes + more > commitBytes || commits.at(-1)?.length === commitRows) {
        commits.push([]);
        bytes = 0;
      }
      commits.at(-1)?.push(row);
      bytes += more;
    }
  }
  return commits;
}
