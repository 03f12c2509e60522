// A copy of the tables, and back: npm run copy:tables -- https://stdata….table.core.windows.net backup
import { parseArgs } from 'node:util';
import { AzureCliCredential } from '@azure/identity';
import { openTables } from '../shared/adapters/store/tables.ts';
import { isLoopbackHost } from '../shared/core/loopback.ts';
import { copiedTables, copyTables, isTable, type Place } from './tables/copy.ts';
import { folderOf } from './tables/folder.ts';
import { serviceOf } from './tables/service.ts';

const usage = `npm run copy:tables -- <from> <to> [--without <tables>]
  <from>, <to>: the https endpoint of a table service, read and written as \`az login\` says who you are,
    or a folder; a table that is written to must be empty
  --without: tables to leave out, with commas: ${copiedTables.join(',')}
Stop the app first: rows of one table name rows of another.`;

/** An https endpoint, a folder, or (this machine's table service) a connection string. */
function placeOf(given: string): Place {
  const local = /^DefaultEndpointsProtocol=.*TableEndpoint=(http:[^;]+)/.exec(given)?.[1];
  if (local && isLoopbackHost(new URL(local).hostname))
    return serviceOf(openTables({ connectionString: given }));
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) return folderOf(given);
  const url = URL.parse(given);
  if (url?.protocol !== 'https:' || url.search || url.hash)
    throw new Error('a table service is named by its https endpoint alone');
  return serviceOf(openTables({ url: url.href, credential: new AzureCliCredential() }));
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { without: { type: 'string', default: '' } },
  });
  const [from, to, ...others] = positionals;
  const left = values.without.split(',').filter(Boolean);
  if (from === undefined || to === undefined || others.length > 0 || !left.every(isTable)) {
    console.error(usage);
    process.exitCode = 2;
  } else {
    const tables = copiedTables.filter((name) => !left.includes(name));
    const copied = await copyTables(placeOf(from), placeOf(to), tables);
    for (const [table, rows] of copied) console.log(`${table.padEnd(10)} ${rows} rows`);
  }
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
